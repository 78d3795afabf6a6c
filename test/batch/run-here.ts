import { vi } from "vitest";
import { run } from "../../src/cli/program.ts";
import type { Run } from "../support/command-line.ts";

/** Runs the command line in this process, for what needs no process of its own: ten times as fast. */
export async function runHere(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Run> {
	let stdout = "";
	let stderr = "";
	for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
	const out = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
		stdout += chunk;
		return true;
	});
	const problems = vi.spyOn(process.stderr, "write").mockImplementation((chunk) => {
		stderr += chunk;
		return true;
	});
	try {
		const exitCode = await run(args);
		return { exitCode, stdout, stderr };
	} finally {
		out.mockRestore();
		problems.mockRestore();
		vi.unstubAllEnvs();
	}
}
