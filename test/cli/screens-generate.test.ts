import { describe, expect, it } from "vitest";
import { faults } from "../../src/testing/index.ts";
import { describeOnTerminal } from "../support/pseudo-terminal.ts";
import { PRIVATE_NETWORK, studio } from "./studio.ts";

const GENERATE = ["generate", "A red kite over the sea at dawn", "--model", "studio:one", "-o", "kite.mp4"];
const CTRL_C = "\x03";

describeOnTerminal("reelay generate at 80 columns", () => {
	it("shows the service's own progress, then what it made", async () => {
		const { service, onTerminal } = await studio();
		service.script({ state: "queued", queuePosition: 3 }, { state: "running", progress: 0.4 }, { state: "succeeded" });
		const run = await onTerminal(GENERATE);
		expect(run.exitCode).toBe(0);
		expect(run.screenWith(/queued/)).toMatchInlineSnapshot(`
			"queued       ░░░░░░░░░░░░          0:01  3 ahead  studio:one"
		`);
		expect(run.screenWith(/40 %/)).toMatchInlineSnapshot(`
			"running      █████░░░░░░░   40 %   0:01  ~0:01 left  studio:one"
		`);
		expect(run.screenWith(/downloading/)).toMatchInlineSnapshot(`
			"downloading  ████████████  100 %   0:01  1.1 kB of 1.1 kB, 3.4 MB/s  studio:one"
		`);
		expect(run.screen).toMatchInlineSnapshot(`
			"warning: --model: studio:one is not in the catalogue; the request is passed on
			without knowing its limits
			studio:one: 32x32, 10 fps, 0.5 s, 1.1 kB, made in 1.2 s
			/home/you/kite.mp4"
		`);
		// The cursor comes back.
		expect(run.written.lastIndexOf("?25h")).toBeGreaterThan(run.written.lastIndexOf("?25l"));
	});

	it("leaves a tidy screen when Ctrl-C is pressed", async () => {
		const { service, onTerminal } = await studio();
		service.every("look", faults.show({ state: "running", progress: 0.5 }));
		let isPressed = false;
		const run = await onTerminal(GENERATE, {
			onWritten: (text, type) => {
				if (isPressed || !text.includes("50 %")) return;
				isPressed = true;
				type(CTRL_C);
			},
		});
		expect(run.exitCode).toBe(130);
		expect(run.screen).toMatchInlineSnapshot(`
			"reelay: stopping, once a submission under way is answered; press Ctrl-C again
			to leave at once
			reelay: stopped waiting; the operation at studio:one goes on, and the token
			resumes it (billed: yes)
			token:
			rl1.token
			go on with: reelay resume job_0000000000000000000000000"
		`);
	});
});

describe("reelay generate in a pipe", { timeout: 60_000 }, () => {
	it("writes lines", async () => {
		const { service, run, normalise } = await studio();
		service.script({ state: "running", progress: 0.4 }, { state: "succeeded" });
		const { stderr, stdout } = await run(GENERATE);
		// In our words, without Node's.
		expect(stderr).toMatch(PRIVATE_NETWORK);
		expect(stderr).not.toContain("(node:");
		expect(normalise(stderr)).toMatchInlineSnapshot(`
			"studio:one: submitting
			studio:one: running 40 % (~0:01 left)
			studio:one: downloading 100 % (1.1 kB of 1.1 kB, 3.4 MB/s)
			warning: --model: studio:one is not in the catalogue; the request is passed on without knowing its limits
			studio:one: 32x32, 10 fps, 0.5 s, 1.1 kB, made in 1.2 s
			"
		`);
		expect(normalise(stdout)).toMatchInlineSnapshot(`
			"/home/you/kite.mp4
			"
		`);
	});

	it("writes JSON lines with --json", async () => {
		const { service, run, normalise } = await studio();
		service.script({ state: "running", progress: 0.4 }, { state: "succeeded" });
		const { stderr, stdout } = await run([...GENERATE, "--json"]);
		expect(normalise(stderr)).toMatchInlineSnapshot(`
			"{"progress":{"jobId":"job_0000000000000000000000000","model":"studio:one","stage":"submitting"}}
			{"progress":{"jobId":"job_0000000000000000000000000","model":"studio:one","progress":0.4,"estimate":{"remainingMs":1000},"stage":"running"}}
			{"progress":{"jobId":"job_0000000000000000000000000","receivedBytes":1130,"bytesPerSecond":3400000,"totalBytes":1130,"remainingMs":1000,"model":"studio:one","stage":"downloading"}}
			warning: --model: studio:one is not in the catalogue; the request is passed on without knowing its limits
			"
		`);
		expect(JSON.parse(stdout)).toMatchObject({ model: "studio:one" });
	});
});
