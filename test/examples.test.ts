import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { runExample } from "./examples/run-example.ts";
import { temporaryFolder } from "./support/service.ts";
import { TINY_VIDEO } from "./support/tiny-video.ts";

/** Runs an example in a folder of its own. */
async function example(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
	return runExample(join("examples", name), await temporaryFolder(), { args, env });
}

describe("the examples", () => {
	it("a custom provider is at most 15 lines, and needs nothing in the core", async () => {
		expect(readFileSync("examples/custom-provider.ts", "utf8").trimEnd().split("\n").length).toBeLessThanOrEqual(15);
		const asked: (string | undefined)[] = [];
		const server = createServer((request, response) => {
			asked.push(request.url);
			response.end(TINY_VIDEO);
		}).listen(0, "127.0.0.1");
		onTestFinished(() => void server.close());
		await new Promise((ready) => server.once("listening", ready));
		const { port } = server.address() as AddressInfo;
		const { stdout } = await example("custom-provider.ts", ["A red kite"], { CLIPS_URL: `http://127.0.0.1:${port}` });
		expect(asked).toEqual(["/clip?prompt=A+red+kite"]);
		expect(stdout).toMatch(/\/videos\/reelay-job_[0-9a-z]{25}\.mp4\n$/);
	});

	it("the basic one makes a video", async () => {
		const { stdout } = await example("basic.ts", []);
		expect(stdout).toMatch(/reelay-job_[0-9a-z]{25}\.mp4 \{/);
		expect(stdout).toContain("width: 1280");
	});

	it("the one of fallback shows what the model before cost, and who made the video", async () => {
		const { stdout } = await example("fallback.ts", []);
		const [broken, local, made] = stdout.split("\n");
		expect(broken).toBe("broken:any provider_error billed: no");
		expect(local).toBe("local:animatic no error billed: no");
		expect(made).toMatch(/^local:animatic .*\/videos\/reelay-job_[0-9a-z]{25}\.mp4$/);
	});

	it("the one of a batch makes all but the request that is refused", async () => {
		const { stdout } = await example("batch.ts", []);
		expect(stdout).toMatch(/^1 .*\/clips\/1-a-red-kite-over-the-sea\.mp4$/m);
		expect(stdout).toMatch(/^2 invalid_input billed: no$/m);
		expect(stdout).toMatch(/^3 of 4$/m);
	});

	it("the one of a container replaces the clock, the ledger and a provider", async () => {
		const { stdout } = await example("container.ts", []);
		expect(stdout).toMatch(new RegExp(`^video .* ${TINY_VIDEO.length} bytes\nledger succeeded 2026\n$`));
	});

	it("the one for production finishes the job of a process that was killed, with one submission", async () => {
		const { stdout, stderr } = await example("production.ts", []);
		const id = /^accepted (job_[0-9a-z]{25})$/m.exec(stdout)?.[1];
		expect(stdout, stderr).toContain("the worker ended by SIGKILL");
		expect(stdout, stderr).toContain(`finished ${id} `);
		expect(stdout).toContain('reelay_jobs_total{model="any",outcome="succeeded",provider="studio"} 1');
		expect(stdout).toContain("submissions: 1, billed: 1");
	});
});
