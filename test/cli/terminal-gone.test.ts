import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { faults } from "../../src/testing/index.ts";
import { commandLine } from "../support/command-line.ts";
import { studio } from "./studio.ts";

function signalTwice(child: ReturnType<typeof spawn>): void {
	child.kill("SIGTERM");
	// At the same moment they would arrive as one.
	setTimeout(() => child.kill("SIGTERM"), 20);
}

describe("a terminal that goes away while a submission waits for its answer", () => {
	it.each([
		["passes a signal on twice, as timeout does", signalTwice, 130, "accepted"],
		["is closed", (child: ReturnType<typeof spawn>) => child.kill("SIGHUP"), 130, "accepted"],
		["reads no more", (child: ReturnType<typeof spawn>) => child.stderr?.destroy(), 0, "succeeded"],
	] as const)("loses no job when it %s", async (_, leave, expectedCode, state) => {
		const { service, cwd, env, run } = await studio();
		service.next("submit", faults.drip(5));
		const { command, env: environment } = commandLine(["generate", "a kite", "--model", "studio:one"], { cwd, env });
		const [program = "", ...args] = command;
		const child = spawn(program, args, { cwd, env: environment, stdio: ["ignore", "ignore", "pipe"] });
		const exit = once(child, "exit");
		await expect.poll(() => service.jobs.length, { timeout: 10_000 }).toBe(1);
		leave(child);
		const [exitCode] = await exit;
		expect(exitCode).toBe(expectedCode);
		const { stdout } = await run(["jobs", "--json"]);
		expect(JSON.parse(stdout)).toMatchObject([{ state, token: expect.stringMatching(/^rl1\./) }]);
		expect(service.jobs).toHaveLength(1);
	});
});
