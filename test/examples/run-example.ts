import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Runs a file as its reader would, with reelay's sources behind the name, and everything that it keeps in `cwd`. */
export function runExample(
	file: string,
	cwd: string,
	{ args = [], env = {} }: { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<{ readonly stdout: string; readonly stderr: string }> {
	const hook = resolve("test/support/resolve-sources.ts");
	return run(process.execPath, ["--import", hook, resolve(file), ...args], {
		cwd,
		env: { PATH: process.env["PATH"], HOME: cwd, REELAY_CACHE_DIRECTORY: cwd, ...env },
	});
}
