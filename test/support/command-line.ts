import { spawn } from "node:child_process";
import { resolve } from "node:path";

/** How a run of the command line ended. */
export interface Run {
	readonly exitCode: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

/** Where a run takes place. */
export interface RunOptions {
	readonly cwd: string;
	readonly env?: Readonly<Record<string, string>>;
	/** Called with everything that was written to stderr so far. */
	readonly onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
	/** Kills it, without a chance to clean up, as soon as this holds. */
	readonly killWhen?: () => boolean;
}

const MAIN = resolve("src/cli/main.ts");

/** The command line from the sources, with an environment that has nothing but a path and a cache folder, and no ledger on disk. */
export function commandLine(
	args: readonly string[],
	{ cwd, env }: Pick<RunOptions, "cwd" | "env">,
): { readonly command: readonly string[]; readonly env: NodeJS.ProcessEnv } {
	return {
		command: [process.execPath, MAIN, ...args],
		env: { PATH: process.env["PATH"], HOME: cwd, REELAY_CACHE_DIRECTORY: cwd, REELAY_LEDGER: "memory", ...env },
	};
}

/** Runs the command line. */
export function runReelay(args: readonly string[], options: RunOptions): Promise<Run> {
	const { command, env } = commandLine(args, options);
	const [program = "", ...rest] = command;
	const child = spawn(program, rest, { cwd: options.cwd, env, stdio: ["ignore", "pipe", "pipe"] });
	let stdout = "";
	let stderr = "";
	child.stdout.on("data", (chunk) => {
		stdout += chunk;
	});
	child.stderr.on("data", (chunk) => {
		stderr += chunk;
		options.onStderr?.(stderr, (signal) => child.kill(signal));
	});
	const watch = setInterval(() => options.killWhen?.() === true && child.kill("SIGKILL"), 1);
	return new Promise((done) =>
		child.on("close", (exitCode) => {
			clearInterval(watch);
			done({ exitCode, stdout, stderr });
		}),
	);
}
