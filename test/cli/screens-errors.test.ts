import { expect, it } from "vitest";
import { faults } from "../../src/testing/index.ts";
import { describeOnTerminal } from "../support/pseudo-terminal.ts";
import { studio } from "./studio.ts";

const GENERATE = ["generate", "A red kite", "--model", "studio:one", "-o", "kite.mp4"];

describeOnTerminal("an error at 80 columns", () => {
	it("of wrong input", async () => {
		const { onTerminal } = await studio();
		const run = await onTerminal([...GENERATE, "--duration", "31"]);
		expect(run.exitCode).toBe(2);
		expect(run.screen).toMatchInlineSnapshot(`
			"reelay: --duration: must be a number from 1 to 30 seconds (MAX_VIDEO_DURATION
			sets the limit)"
		`);
	});

	it("of a prompt without quotes", async () => {
		const { onTerminal } = await studio();
		const run = await onTerminal(["generate", "A", "red", "kite", "--duration", "5"]);
		expect(run.exitCode).toBe(2);
		expect(run.screen).toMatchInlineSnapshot(`
			"reelay: too many arguments for 'generate'. Expected 1 argument but got 3: A,
			red, kite.
			put the prompt in quotes: reelay generate "A red kite""
		`);
	});

	it("of what is not configured", async () => {
		const { onTerminal, env } = await studio();
		const run = await onTerminal(["generate", "A red kite", "--model", "fal:fal-ai/veo3.1"]);
		expect(run.exitCode).toBe(3);
		expect(run.screen).toMatchInlineSnapshot(`
			"reelay: FAL_KEY is not set; create a key at fal.ai/dashboard/keys"
		`);
		const variable = await onTerminal(GENERATE, { env: { ...env, MAX_VIDEO_DURATION: "long" } });
		expect(variable.exitCode).toBe(3);
		expect(variable.screen).toMatchInlineSnapshot(`
			"reelay: MAX_VIDEO_DURATION: "long" is not a number above 0; write digits only,
			or unset it"
		`);
	});

	it("of a refused key", async () => {
		const { onTerminal } = await studio("wrong-key-0123456789");
		const run = await onTerminal(GENERATE);
		expect(run.exitCode).toBe(3);
		expect(run.screen).toMatchInlineSnapshot(`
			"reelay: POST http://127.0.0.1:8080/v1/jobs answered 401: the key is wrong;
			check the key, and what its account may use"
		`);
	});

	it("of a job that is still running", async () => {
		const { service, onTerminal } = await studio();
		service.every("look", faults.show({ state: "running", progress: 0.5 }));
		const run = await onTerminal([...GENERATE, "--timeout", "1.5"]);
		expect(run.exitCode).toBe(4);
		expect(run.screen).toMatchInlineSnapshot(`
			"reelay: studio:one had not finished when the time was up; the operation goes on
			there, and resuming it with the token costs nothing (billed: yes)
			token:
			rl1.token
			go on with: reelay resume job_0000000000000000000000000"
		`);
	});

	it("of a submission whose answer was lost", async () => {
		const { service, onTerminal } = await studio();
		service.next("submit", faults.reset("after-commit"));
		service.every("list", faults.status(404));
		const run = await onTerminal([...GENERATE, "--verbose"]);
		expect(run.exitCode).toBe(5);
		expect(run.screen).toMatchInlineSnapshot(`
			"reelay: the submission to studio:one may have been accepted and billed: POST
			http://127.0.0.1:8080/v1/jobs got no answer: fetch failed: ECONNRESET; to find
			out and go on, run: reelay resolve job_0000000000000000000000000 (billed:
			unknown)
			if that finds nothing, look at the service, and decide: --adopt <its id>,
			--resubmit or --abandon
			  studio:one was unknown: POST http://127.0.0.1:8080/v1/jobs got no answer:
			  fetch failed: ECONNRESET
			  caused by ProviderError: POST http://127.0.0.1:8080/v1/jobs got no answer:
			  fetch failed: ECONNRESET
			  caused by TypeError: fetch failed
			  caused by Error: read ECONNRESET"
		`);
	});

	it("of a video that is none, with what caused it", async () => {
		const { service, onTerminal } = await studio();
		service.script({ state: "succeeded" });
		service.every("result", faults.html());
		const run = await onTerminal([...GENERATE, "--verbose"]);
		expect(run.exitCode).toBe(1);
		expect(run.screen).toMatchInlineSnapshot(`
			"reelay: the service sent an HTML page instead of a video; getting it again
			costs nothing (billed: yes)
			token:
			rl1.token
			go on with: reelay resume job_0000000000000000000000000
			  studio:one was accepted"
		`);
	});

	it("of refused content", async () => {
		const { service, onTerminal } = await studio();
		service.script({ state: "failed", failure: { kind: "refused", reason: "no birds, please", billed: false } });
		const run = await onTerminal(GENERATE);
		expect(run.exitCode).toBe(1);
		expect(run.screen).toMatchInlineSnapshot(`
			"reelay: studio:one refused the content: no birds, please
			change the prompt, or the image, before you run it again"
		`);
	});
});
