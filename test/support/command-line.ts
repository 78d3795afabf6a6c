import { spawn } from "node:child_process";
import { resolve } from "node:path";

/** How a run of the command line ended. */
export interface Run {
	readonly exitCode: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

const MAIN = resolve("src/cli/main.ts");

/** Runs the command line from the sources, with an environment that has nothing but a path and a cache folder, and no ledger on disk. */
export function runReelay(
	args: readonly string[],
	options: {
		readonly cwd: string;
		readonly env?: Readonly<Record<string, string>>;
		/** Called with everything that was written to stderr so far. */
		readonly onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
	},
): Promise<Run> {
	const env = {
		PATH: process.env["PATH"],
		HOME: options.cwd,
		REELAY_CACHE_DIRECTORY: options.cwd,
		REELAY_LEDGER: "memory",
		...options.env,
	};
	const child = spawn(process.execPath, [MAIN, ...args], { cwd: options.cwd, env, stdio: ["ignore", "pipe", "pipe"] });
	let stdout = "";
	let stderr = "";
	child.stdout.on("data", (chunk) => {
		stdout += chunk;
	});
	child.stderr.on("data", (chunk) => {
		stderr += chunk;
		options.onStderr?.(stderr, (signal) => child.kill(signal));
	});
	return new Promise((done) => child.on("close", (exitCode) => done({ exitCode, stdout, stderr })));
}
