import { spawn, spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";

/** The system calls by which a download only looks at the disk. */
export const READING_CALLS: ReadonlySet<string> = new Set([
	"read",
	"pread64",
	"getdents64",
	"statx",
	"newfstatat",
	"fstat",
	"stat",
	"lstat",
	"readlink",
]);
/** All of them. */
const CALLS = [
	...READING_CALLS,
	"openat",
	"write",
	"writev",
	"pwrite64",
	"pwritev",
	"fsync",
	"fdatasync",
	"ftruncate",
	"fchmod",
	"statfs",
	"mkdir",
	"link",
	"linkat",
	"rename",
	"renameat",
	"renameat2",
	"unlink",
	"unlinkat",
	"close",
];

const STRACE = "strace";

/** What is done to a process at its n-th call of that name. */
export interface Injection {
	readonly call: string;
	readonly number: number;
	/** `"signal=KILL"` before the call is made, or `"error=ENOSPC"` in its place. */
	readonly fault: string;
}

/** How a traced process ended. */
export interface TracedRun {
	/** `null` when it was killed. */
	readonly exitCode: number | null;
	readonly errorText: string;
	/** The names of the calls on the watched paths, in order. */
	readonly calls: readonly string[];
}

/** Whether this machine has strace, and lets it look into processes. */
export function hasStrace(): boolean {
	return spawnSync(STRACE, ["-f", "-e", "trace=close", process.execPath, "--version"]).status === 0;
}

/** Runs a command, watches its calls on those paths, and injects a fault. */
export async function trace(
	command: readonly string[],
	paths: readonly string[],
	logPath: string,
	injection?: Injection,
): Promise<TracedRun> {
	const watched = paths.flatMap((path) => ["-P", path]);
	const inject =
		injection === undefined ? [] : ["-e", `inject=${injection.call}:${injection.fault}:when=${injection.number}`];
	const child = spawn(
		STRACE,
		["-f", "-qq", "-o", logPath, ...watched, "-e", `trace=${CALLS.join(",")}`, ...inject, ...command],
		// With one thread for the disk, the n-th call is the same in every run.
		{ stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, UV_THREADPOOL_SIZE: "1" } },
	);
	let errorText = "";
	child.stderr.on("data", (chunk) => {
		errorText += chunk;
	});
	const exitCode = await new Promise<number | null>((resolve) => child.on("close", resolve));
	const log = await readFile(logPath, "utf8");
	const calls = log.split("\n").flatMap((line) => /^\d+\s+(\w+)\(/.exec(line)?.[1] ?? []);
	return { exitCode, errorText, calls };
}
