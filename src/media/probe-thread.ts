import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { CancelledError, MediaError } from "../errors/index.ts";
import type { ProbeAnswer } from "./probe-worker.ts";
import type { TrackMetadata } from "./video-metadata.ts";

/** What one look at a file may take. */
export interface ProbeBounds {
	readonly signal: AbortSignal | undefined;
	readonly timeoutMs: number;
	readonly maxMemoryMb: number;
}

interface ProbeThread {
	readonly worker: Worker;
	readonly maxMemoryMb: number;
}

/** A thread costs about 70 ms of processor time to start and a file about 1, so a batch shares one. */
const IDLE_MS = 1000;

let idle: { readonly thread: ProbeThread; readonly timer: NodeJS.Timeout } | undefined;
/** Ends when the last probe in line ends. One at a time: a thousand finished videos must not start a thousand threads. */
let line: Promise<void> = Promise.resolve();

/**
 * Asks the probe thread about a file, after everybody who asked before. The time limit starts when it is
 * this file's turn.
 */
export async function probeInThread(path: string, bounds: ProbeBounds): Promise<TrackMetadata> {
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
	const thread = takeThread(bounds.maxMemoryMb);
	const outcome = Promise.withResolvers<ProbeAnswer>();
	const onMessage = (answer: ProbeAnswer) => outcome.resolve(answer);
	const onError = (error: unknown) => outcome.reject(brokenThread(error, bounds.maxMemoryMb));
	const onExit = () => outcome.reject(new MediaError("the video could not be read: the reader ended without a word"));
	const timer = setTimeout(() => {
		outcome.reject(new MediaError(`the video could not be read within ${bounds.timeoutMs} ms`));
	}, bounds.timeoutMs);
	const { worker } = thread;
	worker.on("message", onMessage).on("error", onError).on("exit", onExit);
	let isReusable = false;
	try {
		worker.postMessage(path);
		const answer = await untilAborted(outcome.promise, bounds.signal);
		isReusable = true;
		if ("metadata" in answer) return answer.metadata;
		if ("problem" in answer) throw new MediaError(`the video could not be read: ${answer.problem}`);
		throw new MediaError("the video could not be read: its index may be damaged", { cause: answer.failure });
	} finally {
		clearTimeout(timer);
		worker.off("message", onMessage).off("error", onError).off("exit", onExit);
		if (isReusable) keepIdle(thread);
		else await worker.terminate();
	}
}

function takeThread(maxMemoryMb: number): ProbeThread {
	if (idle !== undefined) {
		const { thread, timer } = idle;
		clearTimeout(timer);
		idle = undefined;
		thread.worker.ref();
		if (thread.maxMemoryMb === maxMemoryMb) return thread;
		void thread.worker.terminate();
	}
	return startThread(maxMemoryMb);
}

function startThread(maxMemoryMb: number): ProbeThread {
	// The source runs as .ts and the package as .js.
	const file = new URL(`./probe-worker${extname(import.meta.url)}`, import.meta.url);
	try {
		const worker = new Worker(file, {
			resourceLimits: { maxOldGenerationSizeMb: maxMemoryMb },
			env: {},
			execArgv: [],
			// Kept away from ours, and unread: reading them would keep the process alive.
			stdout: true,
			stderr: true,
		});
		const thread = { worker, maxMemoryMb };
		// Also while nobody listens: an error without a listener would end the process.
		worker.on("error", () => forget(thread)).on("exit", () => forget(thread));
		return thread;
	} catch (error) {
		throw new MediaError("the video could not be read: no thread may be started here", { cause: error });
	}
}

/** Keeps the thread for a moment, without keeping the process. */
function keepIdle(thread: ProbeThread): void {
	thread.worker.unref();
	const timer = setTimeout(() => {
		forget(thread);
		void thread.worker.terminate();
	}, IDLE_MS);
	timer.unref();
	idle = { thread, timer };
}

function forget(thread: ProbeThread): void {
	if (idle?.thread !== thread) return;
	clearTimeout(idle.timer);
	idle = undefined;
}

function brokenThread(error: unknown, maxMemoryMb: number): MediaError {
	const isOutOfMemory = error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
	const reason = isOutOfMemory ? `reading it takes more than ${maxMemoryMb} MB of memory` : "the reader broke";
	return new MediaError(`the video could not be read: ${reason}`, { cause: error });
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
