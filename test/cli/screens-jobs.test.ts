import { expect, it } from "vitest";
import { faults } from "../../src/testing/index.ts";
import { describeOnTerminal } from "../support/pseudo-terminal.ts";
import { studio } from "./studio.ts";

describeOnTerminal("jobs at 80 columns", () => {
	it("are taken up again with a bar, and listed in rows that fit", async () => {
		const { service, generate, onTerminal } = await studio();
		service.script({ state: "running", progress: 0.75 }, { state: "succeeded" });
		const detached = await generate("--detach");
		expect(detached).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^rl1/) });
		const token = detached.stdout.trim();
		const status = await onTerminal(["status", token, "--quiet"]);
		expect(status.exitCode).toBe(4);
		const resumed = await onTerminal(["resume", token, "-o", "kite.mp4"]);
		expect(resumed.exitCode).toBe(0);
		expect(resumed.screen).toMatchInlineSnapshot(`
			"studio:one: 32x32, 10 fps, 0.5 s, 1.1 kB, made in 1.2 s
			/home/you/kite.mp4"
		`);
		const { screen } = await onTerminal(["jobs"]);
		expect(screen).toMatchInlineSnapshot(`
			"job_0000000000000000000000000  succeeded  2026-11-21 08:00
			  studio:one  billed: yes
			  /home/you/kite.mp4"
		`);
		expect((await onTerminal(["jobs"], { columns: 200 })).screen).toMatchInlineSnapshot(`
			"job                            state      billed  model       created           video or prompt
			job_0000000000000000000000000  succeeded  yes     studio:one  2026-11-21 08:00  /home/you/kite.mp4"
		`);
	});

	it("show the same bar as generate while they run", async () => {
		const { service, generate, onTerminal } = await studio();
		const detached = await generate("--detach");
		expect(detached).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^rl1/) });
		const token = detached.stdout.trim();
		service.every("look", faults.show({ state: "running", progress: 0.75 }));
		const run = await onTerminal(["resume", token, "--timeout", "3"], { columns: 200 });
		expect(run.exitCode).toBe(4);
		expect(run.screenWith(/75 %/)).toMatchInlineSnapshot(`
			"running      ██████████████████████████████░░░░░░░░░░   75 %   0:01  ~0:01 left  studio:one"
		`);
	});
});
