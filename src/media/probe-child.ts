import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { CancelledError, MediaError } from "../errors/index.ts";
import type { ProbeAnswer } from "./probe-process.ts";
import type { TrackMetadata } from "./video-metadata.ts";

/** What one look at a file may take. */
export interface ProbeBounds {
	readonly signal: AbortSignal | undefined;
	readonly timeoutMs: number;
	readonly maxMemoryMb: number;
}

interface ProbeChild {
	readonly process: ChildProcess;
	readonly maxMemoryMb: number;
}

/** A process costs about 70 ms of processor time to start and a file about 1, so a batch shares one. */
const IDLE_MS = 1000;

let idle: { readonly child: ProbeChild; readonly timer: NodeJS.Timeout } | undefined;
/** Ends when the last probe in line ends. One at a time: a thousand finished videos must not start a thousand processes. */
let line: Promise<void> = Promise.resolve();

/**
 * Asks the probe process about a file, after everybody who asked before. The time limit starts when it is
 * this file's turn.
 */
export async function probeInChild(path: string, bounds: ProbeBounds): Promise<TrackMetadata> {
	const turn = line;
	const finished = Promise.withResolvers<void>();
	line = turn.then(() => finished.promise);
	try {
		await untilAborted(turn, bounds.signal);
		return await ask(path, bounds);
	} finally {
		finished.resolve();
	}
}

async function ask(path: string, bounds: ProbeBounds): Promise<TrackMetadata> {
	const child = takeChild(bounds.maxMemoryMb);
	const outcome = Promise.withResolvers<ProbeAnswer>();
	const onMessage = (answer: ProbeAnswer) => outcome.resolve(answer);
	const onError = (cause: unknown) => outcome.reject(notStarted(cause));
	const onExit = (code: number | null, signal: NodeJS.Signals | null) =>
		outcome.reject(brokenOff(code, signal, bounds));
	const timer = setTimeout(() => {
		outcome.reject(new MediaError(`the video could not be read within ${bounds.timeoutMs} ms`));
	}, bounds.timeoutMs);
	child.process.on("message", onMessage).on("error", onError).on("exit", onExit);
	let isReusable = false;
	try {
		// A process that ends before it has read this is told of by its exit.
		child.process.send(path, () => undefined);
		const answer = await untilAborted(outcome.promise, bounds.signal);
		isReusable = true;
		if ("metadata" in answer) return answer.metadata;
		if ("problem" in answer) throw new MediaError(`the video could not be read: ${answer.problem}`);
		throw new MediaError("the video could not be read: its index may be damaged", { cause: answer.failure });
	} finally {
		clearTimeout(timer);
		child.process.off("message", onMessage).off("error", onError).off("exit", onExit);
		if (isReusable) keepIdle(child);
		else if (child.process.kill("SIGKILL")) await once(child.process, "exit");
	}
}

function takeChild(maxMemoryMb: number): ProbeChild {
	if (idle !== undefined) {
		const { child, timer } = idle;
		clearTimeout(timer);
		idle = undefined;
		child.process.ref();
		child.process.channel?.ref();
		if (child.maxMemoryMb === maxMemoryMb) return child;
		child.process.kill("SIGKILL");
	}
	return startChild(maxMemoryMb);
}

function startChild(maxMemoryMb: number): ProbeChild {
	// Beside this file, with its extension: the source runs as .ts and the package as .js.
	const file = fileURLToPath(new URL(`./probe-process${extname(import.meta.url)}`, import.meta.url));
	try {
		const process = fork(file, [String(maxMemoryMb)], {
			env: {},
			execArgv: [`--max-old-space-size=${maxMemoryMb}`],
			stdio: ["ignore", "ignore", "ignore", "ipc"],
		});
		const child = { process, maxMemoryMb };
		// Also while nobody listens: an error without a listener would end this process.
		process.on("error", () => forget(child)).on("exit", () => forget(child));
		return child;
	} catch (cause) {
		throw notStarted(cause);
	}
}

/** Keeps the process for a moment, without keeping this one. */
function keepIdle(child: ProbeChild): void {
	child.process.unref();
	child.process.channel?.unref();
	const timer = setTimeout(() => {
		forget(child);
		child.process.kill("SIGKILL");
	}, IDLE_MS);
	timer.unref();
	idle = { child, timer };
}

function forget(child: ProbeChild): void {
	if (idle?.child !== child) return;
	clearTimeout(idle.timer);
	idle = undefined;
}

function notStarted(cause: unknown): MediaError {
	return new MediaError("the video could not be read: no process may be started here", { cause });
}

/** Node aborts at its limit of memory, which a shell would call 134. */
function brokenOff(code: number | null, signal: NodeJS.Signals | null, { maxMemoryMb }: ProbeBounds): MediaError {
	const isOutOfMemory = signal === "SIGABRT" || code === 134;
	const reason = isOutOfMemory
		? `reading it takes more than ${maxMemoryMb} MB of memory`
		: `the reader ended with ${signal ?? code}`;
	return new MediaError(`the video could not be read: ${reason}`);
}

/** The promise's outcome, or `CancelledError` as soon as the signal is aborted. */
async function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
	if (signal === undefined) return promise;
	const aborted = Promise.withResolvers<never>();
	const onAbort = () => aborted.reject(new CancelledError("cancelled while a video was read", { phase: "media" }));
	if (signal.aborted) onAbort();
	signal.addEventListener("abort", onAbort, { once: true });
	try {
		return await Promise.race([promise, aborted.promise]);
	} finally {
		signal.removeEventListener("abort", onAbort);
	}
}
