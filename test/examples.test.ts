import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "./support/service.ts";
import { TINY_VIDEO } from "./support/tiny-video.ts";

const run = promisify(execFile);

/** Runs an example as its reader would, with reelay's sources behind the name. */
async function example(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
	const cwd = await temporaryFolder();
	const hook = resolve("test/support/resolve-sources.ts");
	return run(process.execPath, ["--import", hook, resolve("examples", name), ...args], {
		cwd,
		env: { PATH: process.env["PATH"], HOME: cwd, REELAY_CACHE_DIRECTORY: cwd, ...env },
	});
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
});
