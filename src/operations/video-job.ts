import type { Attempt } from "../errors/index.ts";
import type { VideoMetadata } from "../media/index.ts";
import type { CancelOutcome } from "../provider/index.ts";
import type { JobState } from "./job-state.ts";

/** What a video cost. */
export interface VideoCost {
	/** In US dollars; absent when it is not known. */
	readonly usd?: number;
	/** `service`: it said so. `estimate`: the list price times the length. `free`: nothing is charged. */
	readonly source: "service" | "estimate" | "free" | "unknown";
}

/** A finished video on this machine. */
export interface VideoResult {
	/** The job's id. */
	readonly id: string;
	/** Finds the job again; see `VideoService.resume`. */
	readonly token: string;
	/** Where the file is, absolute. */
	readonly path: string;
	/** Its size in bytes. */
	readonly sizeBytes: number;
	/** Its SHA-256, 64 hexadecimal digits. */
	readonly sha256: string;
	/** What the file is, read from the file. */
	readonly metadata: VideoMetadata;
	/** The model that made it, `provider:model`. */
	readonly model: string;
	/** Every model that was looked at, in order. */
	readonly attempts: readonly Attempt[];
	/** What was adjusted, left out, or is worth knowing. */
	readonly warnings: readonly string[];
	/** How long it took. */
	readonly timings: {
		/** When the accepted submission was sent, ISO 8601 in UTC. */
		readonly submittedAt: string;
		/** From acceptance until it was noticed that the video is done, in milliseconds. */
		readonly generationMs: number;
		/** From there until the file was in place, in milliseconds. */
		readonly downloadMs: number;
		/** From the call until the file was in place, in milliseconds. */
		readonly totalMs: number;
	};
	/** What it cost. */
	readonly cost: VideoCost;
	/** Whether it was made before, and taken from the cache. */
	readonly fromCache: boolean;
	/** Reads the whole file. */
	bytes(): Promise<Uint8Array>;
	/** Streams the file. */
	stream(): ReadableStream<Uint8Array>;
}

/** How to wait for a job. */
export interface WaitOptions {
	/** Ends the wait; the operation goes on at the service, unless it lives in this process. */
	readonly signal?: AbortSignal | undefined;
	/** How long to wait before `StillRunningError`, in milliseconds. @default 1800000 */
	readonly timeoutMs?: number | undefined;
}

/** A job that a provider has accepted. */
export interface VideoJob {
	/** The job's id. */
	readonly id: string;
	/** Resumes the job, also in another process when the service outlives this one. */
	readonly token: string;
	/** Where it stands. */
	readonly state: JobState;
	/** The model that has it, `provider:model`. */
	readonly model: string;
	/** Every model that was looked at, in order. */
	readonly attempts: readonly Attempt[];
	/** Share of the generation done, 0 to 1, when the service measures it. */
	readonly progress: number | undefined;
	/** Waits for the video, downloads it, and tells what it is. Calls share one download. */
	wait(options?: WaitOptions): Promise<VideoResult>;
	/** Asks the service to stop. Never needed to stop waiting: abort the signal of `wait` for that. */
	cancel(): Promise<CancelOutcome>;
}
