import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { faults, TINY_VIDEO } from "../../src/testing/index.ts";
import { type Run, runReelay } from "../support/command-line.ts";
import { temporaryFolder } from "../support/service.ts";
import { keepRunning, studio } from "./studio.ts";

function lineAfter(run: Run, start: string): string {
	return (
		run.stderr
			.split("\n")
			.find((line) => line.startsWith(start))
			?.slice(start.length) ?? ""
	);
}

async function expectVideo(path: string): Promise<void> {
	expect((await readFile(path)).equals(Buffer.from(TINY_VIDEO))).toBe(true);
}

describe("a job of the command line", { timeout: 120_000 }, () => {
	it("is in the ledger with its end, its price and its file", async () => {
		const { generate, run, cwd } = await studio();
		expect(await generate("-o", "kite.mp4")).toMatchObject({ exitCode: 0, stdout: `${join(cwd, "kite.mp4")}\n` });
		const listed = await run(["jobs"]);
		expect(listed.stdout).toMatch(/job_\w{25} {2}succeeded {2}yes {5}studio:one .* \/.*kite\.mp4\n$/);
		const [job] = JSON.parse((await run(["jobs", "--json", "--state", "succeeded"])).stdout);
		expect(job).toMatchObject({ state: "succeeded", prompt: "a kite", path: join(cwd, "kite.mp4"), billed: "yes" });
		const status = await run(["status", job.id]);
		expect(status).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("kite.mp4") });
		expect((await run(["jobs", "--state", "failed"])).stderr).toContain("no jobs");
	});

	it("is finished by the line that Ctrl-C prints, where it was to go", async () => {
		const { service, run, cwd } = await studio();
		const finish = keepRunning(service);
		const args = ["generate", "a kite", "--model", "studio:one", "-o", "kite.mp4"];
		let wasKilled = false;
		const interrupted = await run(args, {
			onStderr: (text, kill) => {
				if (wasKilled || !text.includes("running")) return;
				wasKilled = true;
				kill("SIGINT");
			},
		});
		expect(interrupted).toMatchObject({ exitCode: 130, stdout: "" });
		expect(lineAfter(interrupted, "token: ")).toMatch(/^rl1\./);
		const line = lineAfter(interrupted, "go on with: reelay ");
		expect(line).toMatch(/^resume job_/);
		finish();
		const resumed = await run(line.split(" "));
		expect(resumed).toMatchObject({ exitCode: 0, stdout: `${join(cwd, "kite.mp4")}\n` });
		await expectVideo(join(cwd, "kite.mp4"));
		expect([service.posts, service.billed]).toEqual([1, 1]);
		// The same line again hands out the same video, and fetches nothing.
		expect(await run(line.split(" "))).toMatchObject({ exitCode: 0, stdout: resumed.stdout });
		expect(service.downloads).toBe(1);
	});

	it("can be submitted only, and collected by its token in a fresh place", async () => {
		const { service, generate, run, cwd, state } = await studio();
		const detached = await generate("--detach");
		expect(detached).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^rl1\.[\w-]+\n$/) });
		expect(service.looks).toBe(0);
		await rm(state, { recursive: true });
		const resumed = await run(["resume", detached.stdout.trim(), "-o", "got.mp4"]);
		expect(resumed).toMatchObject({ exitCode: 0, stdout: `${join(cwd, "got.mp4")}\n` });
		await expectVideo(join(cwd, "got.mp4"));
		expect(service.posts).toBe(1);
	});

	it("is left behind with a service only, also where another model follows in the chain", async () => {
		const { generate, run } = await studio();
		const detached = await generate("--fallback", "local:animatic", "--detach", "--json");
		expect(detached.exitCode).toBe(0);
		expect(detached.stderr).toContain(
			"warning: --model: local:animatic was skipped: --detach: local:animatic renders in this process",
		);
		expect(JSON.parse(detached.stdout)).toMatchObject({ model: "studio:one" });
		const first = ["generate", "a kite", "--model", "local:animatic", "--fallback", "studio:one", "--detach", "--json"];
		expect(JSON.parse((await run(first)).stdout)).toMatchObject({ model: "studio:one" });
	});

	it("is listed in one line that commands no terminal, whatever its prompt", async () => {
		const { run } = await studio();
		await run(["generate", "a\u001b[2J kite\r\nat\tdawn\u202e", "--model", "studio:one", "--detach"]);
		expect((await run(["jobs"])).stdout).toMatch(/^job .*\njob_.* {2}a \[2J kite at dawn\n$/);
	});

	it("is not taken for a token when its id is wrong", async () => {
		const { run } = await studio();
		expect(await run(["status", "job_nope"])).toEqual({
			exitCode: 2,
			stdout: "",
			stderr: expect.stringMatching(
				/^(warning: .*\n)?reelay: "job_nope" is neither a job's id \(reelay jobs lists them\) nor a token\n(warning: .*\n)?$/,
			),
		});
		// It may be anything that was pasted.
		expect((await run(["status", "canary-1234567890"])).stderr).not.toContain("canary");
	});

	it("says where it stands, and can be cancelled", async () => {
		const { service, generate, run } = await studio();
		keepRunning(service);
		const token = (await generate("--detach")).stdout.trim();
		const running = await run(["status", token]);
		expect(running).toMatchObject({ exitCode: 4, stdout: expect.stringContaining("50 %") });
		const timedOut = await run(["resume", token, "--timeout", "0.1"]);
		expect(timedOut).toMatchObject({ exitCode: 4, stderr: expect.stringContaining("go on with: reelay resume job_") });
		expect(await run(["cancel", token])).toMatchObject({
			exitCode: 0,
			stdout: expect.stringContaining("it was cancelled"),
		});
		expect((await run(["status", token])).exitCode).toBe(130);
		expect(await run(["resume", token])).toMatchObject({ exitCode: 130 });
		expect(service.cancels).toBe(1);
	});

	it("is fetched a second time, to another place, and again when its file is gone", async () => {
		const { service, generate, run, cwd } = await studio();
		await generate("-o", "kite.mp4");
		const [{ id }] = JSON.parse((await run(["jobs", "--json"])).stdout);
		expect((await run(["download", id, "-o", "copy.mp4"])).stdout).toBe(`${join(cwd, "copy.mp4")}\n`);
		expect(service.downloads).toBe(1);
		await rm(join(cwd, "kite.mp4"));
		const gone = await run(["resume", id]);
		expect(gone).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`reelay download ${id}`) });
		expect((await run(["download", id])).exitCode).toBe(0);
		expect([service.posts, service.downloads]).toEqual([1, 2]);
	});
});

describe("a submission whose answer was lost", { timeout: 120_000 }, () => {
	it("exits with 5, says what is known, and is resolved by what the user found", async () => {
		const { service, generate, run, cwd } = await studio();
		service.next("submit", faults.reset("after-commit"));
		service.every("list", faults.status(500));
		const unknown = await generate("-o", "kite.mp4");
		expect(unknown).toMatchObject({ exitCode: 5, stdout: "" });
		expect(unknown.stderr).toContain("billed: unknown");
		const [, id = ""] = /run: reelay resolve (job_\w+)/.exec(unknown.stderr) ?? [];
		expect(await run(["resume", id])).toMatchObject({ exitCode: 5 });
		expect((await run(["status", id])).exitCode).toBe(5);
		const adopted = await run(["resolve", id, "--adopt", service.jobs[0]?.id ?? ""]);
		expect(adopted).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^rl1\./) });
		expect(await run(["resume", id])).toMatchObject({ exitCode: 0, stdout: `${join(cwd, "kite.mp4")}\n` });
		expect([service.posts, service.billed]).toEqual([1, 1]);
	});

	it("goes on by itself once the service lists it", async () => {
		const { service, generate, run } = await studio();
		service.next("submit", faults.reset("after-commit"));
		service.every("list", faults.status(500));
		const unknown = await generate();
		const [, id = ""] = /run: reelay resolve (job_\w+)/.exec(unknown.stderr) ?? [];
		service.every("list", undefined);
		expect((await run(["resolve", id])).exitCode).toBe(0);
		expect((await run(["resume", id])).exitCode).toBe(0);
		expect(await run(["resolve", id, "--abandon"])).toMatchObject({ exitCode: 2 });
		expect(await run(["resolve", id, "--abandon", "--resubmit"])).toMatchObject({ exitCode: 2 });
		expect(service.posts).toBe(1);
	});
});

describe("a token", { timeout: 120_000 }, () => {
	it("that was changed is refused without a request", async () => {
		const { service, generate, run } = await studio();
		const token = (await generate("--detach")).stdout.trim();
		const before = service.requests.length;
		for (const wrong of [token.slice(0, -2), `${token}A`, "rl1.", "job_1", token.padEnd(65_536, "A")]) {
			expect(await run(["resume", wrong])).toMatchObject({ exitCode: 2, stdout: "" });
		}
		expect(service.requests.length).toBe(before);
	});

	it("of another account is refused without a request, and the key is nowhere", async () => {
		const { service, generate, run } = await studio();
		const token = (await generate("--detach")).stdout.trim();
		const before = service.requests.length;
		const other = await studio("another-key-0123456789");
		const refused = await other.run(["resume", token]);
		expect(refused).toMatchObject({ exitCode: 3, stderr: expect.stringContaining("with another key") });
		expect(refused.stderr).not.toContain("another-key-0123456789");
		expect(service.requests.length).toBe(before);
		expect((await run(["resume", token])).exitCode).toBe(0);
	});
});

describe("the status of a job whose video is ready", () => {
	it("says how to fetch it", async () => {
		const { service, generate, run } = await studio();
		service.script({ state: "succeeded" });
		const token = (await generate("--detach")).stdout.trim();
		const status = await run(["status", token]);
		expect(status).toMatchObject({ exitCode: 4, stdout: expect.stringMatching(/^state +generated$/m) });
		expect(status.stderr).toMatch(/^the video is ready; fetch it with: reelay resume job_\w+$/m);
	});
});

describe("a module with providers", () => {
	it("that cannot be used is an error that names it", async () => {
		const cwd = await temporaryFolder();
		const missing = await runReelay(["models"], { cwd, env: { REELAY_PROVIDERS: "./nothing.ts" } });
		expect(missing).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('REELAY_PROVIDERS: "./nothing.ts"') });
		const empty = await runReelay(["models"], { cwd, env: { REELAY_PROVIDERS: "node:path" } });
		expect(empty.stderr).toContain('"node:path" exports no provider');
	});
});
