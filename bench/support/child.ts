import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** Runs a script of `bench/support` in a process of its own, and returns what it printed, which must be JSON. */
export async function runChild<Result>(script: string, task: object): Promise<Result> {
	const args = ["--expose-gc", `bench/support/${script}`, JSON.stringify(task)];
	const { stdout } = await execute(process.execPath, args, { maxBuffer: 2 ** 24 });
	return JSON.parse(stdout);
}

/** What `runChild` was asked for: to be called in the script. */
export function childTask<Task>(): Task {
	return JSON.parse(process.argv[2] ?? "{}");
}

/** A folder that is there while the work lasts. */
export async function withFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
	const folder = await mkdtemp(join(tmpdir(), "reelay-bench-"));
	try {
		return await work(folder);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
