import type { Attempt } from "../errors/index.ts";
import type { VideoMetadata } from "../media/index.ts";
import type { CancelOutcome } from "../provider/index.ts";
import type { JobEventRecord } from "../telemetry/index.ts";
import type { JobState } from "./job-state.ts";

/** What a video cost. */
export interface VideoCost {
	/** In US dollars; absent when it is not known. */
	readonly usd?: number;
	/**
	 * `service`: it said so. `estimate`: the list price times the length. `free`: nothing is charged. `cache`:
	 * it was made before, so nothing was charged this time.
	 */
	readonly source: "service" | "estimate" | "free" | "cache" | "unknown";
	/** What it cost when it was made, in US dollars; only when it came from the cache and that is known. */
	readonly originalUsd?: number;
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
	/** Whether it was made for an earlier or a simultaneous call, and cost nothing this time. */
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

/** Where to put a video that is downloaded. */
export interface DownloadOptions extends WaitOptions {
	/** A file or a folder, as in `GenerateOptions`. @default where the job was told to put it */
	readonly output?: string | undefined;
	/** Whether an existing file may be replaced. @default false */
	readonly overwrite?: boolean | undefined;
}

/** What one look at a job shows. */
export interface JobStatus {
	/** Where it stands. `generated` also when the service has the video and nobody has fetched it yet. */
	readonly state: JobState;
	/** Share of the generation done, 0 to 1, when the service measures it. */
	readonly progress?: number | undefined;
	/** Operations ahead of this one at the service. */
	readonly queuePosition?: number | undefined;
	/** Why it failed, in the service's words. */
	readonly reason?: string | undefined;
	/** Where its video is, once it has succeeded. */
	readonly path?: string | undefined;
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
	/**
	 * The job's events from the first turn of the loop on, until it has ended or the signal is aborted. There are none
	 * while nobody waits for the job: see `wait`.
	 */
	events(options?: { readonly signal?: AbortSignal | undefined }): AsyncIterable<JobEventRecord>;
	/**
	 * Waits for the video, downloads it, and tells what it is. Calls share one download. While another
	 * process works on the job, this one waits for its result.
	 */
	wait(options?: WaitOptions): Promise<VideoResult>;
	/**
	 * The same, with another place for the file. A video that is here already is copied; one whose file is
	 * gone is fetched again, while the service keeps it. Costs nothing.
	 */
	download(options?: DownloadOptions): Promise<VideoResult>;
	/** Takes one look at the service, without waiting for an end. Throws when the service cannot be asked. */
	look(options?: { readonly signal?: AbortSignal | undefined }): Promise<JobStatus>;
	/**
	 * Asks the service to stop. Never needed to stop waiting: abort the signal of `wait` for that. Throws `InputError`
	 * while no service is known to have the job.
	 */
	cancel(): Promise<CancelOutcome>;
}
