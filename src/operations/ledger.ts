import type { Attempt } from "../errors/index.ts";
import type { VideoMetadata } from "../media/index.ts";
import type { JsonObject, JsonValue, VideoTask } from "../provider/index.ts";
import type { JobState } from "./job-state.ts";
import type { VideoCost } from "./video-job.ts";

/** One attempt as the ledger keeps it: what is shown, and what is needed to go on. */
export interface AttemptRecord extends Attempt {
	/** The provider's reference to the operation; present exactly when the attempt was accepted. */
	readonly handle?: JsonValue;
	/** By what the provider can tell the submission from others. */
	readonly mark?: string;
	/** When the provider accepted, in milliseconds since 1970-01-01 UTC. */
	readonly acceptedAtMs?: number;
	/** The account that it was submitted with, as the provider's `account` tells it. */
	readonly account?: string;
	/** What the model was asked for, as far as the finished file can be held against it. */
	readonly expected?: ExpectedVideo;
	/** What it should cost by the list price, in US dollars. */
	readonly estimatedCostUsd?: number;
	/** Where its video goes in the cache, whoever finishes the job; absent when it is not kept. */
	readonly cacheKey?: string;
}

/** What a finished file is compared with. */
export interface ExpectedVideo {
	/** In seconds. */
	readonly durationSeconds?: number;
	readonly fps?: number;
	/** Width to height. */
	readonly aspectRatio?: string;
	/** Exact pixels, or a class. */
	readonly resolution?: string;
	readonly generateAudio?: boolean;
}

/** Where a job's video goes, as it was asked for. */
export interface OutputRecord {
	/** Absolute; with a separator at its end when it is a folder. May hold placeholders. */
	readonly path: string;
	readonly overwrite: boolean;
}

/** Where a video came from that was not made for its job. */
export interface CacheRecord {
	/** The model that made it, `provider:model`. */
	readonly model: string;
}

/** A job's finished video, as it was when it was written. */
export interface ResultRecord {
	/** Absolute. */
	readonly path: string;
	readonly sizeBytes: number;
	/** In hexadecimal. */
	readonly sha256: string;
	readonly metadata: VideoMetadata;
	readonly warnings: readonly string[];
	readonly cost: VideoCost;
	/** In milliseconds. */
	readonly downloadMs: number;
	/** From the job's creation until the file was in place, in milliseconds. */
	readonly totalMs: number;
	/** Present when the video was made before, and nothing was sent for this job. */
	readonly fromCache?: CacheRecord;
}

/** The process that works on a job. Only it writes, until it lets go or `untilMs` has passed. */
export interface LeaseRecord {
	/** Names one holder among all that ever were. */
	readonly holder: string;
	readonly host: string;
	readonly processId: number;
	/** In milliseconds since 1970-01-01 UTC. */
	readonly untilMs: number;
}

/** The durable record of one request: plain JSON, no secret, no image. */
export interface JobRecord {
	/** The job's id: `job_` and 25 lower-case letters and digits. */
	readonly id: string;
	/** Counts the writes; a writer must name the revision it read. */
	readonly revision: number;
	readonly task: VideoTask;
	readonly state: JobState;
	/** One key for the life of the job, sent with every submission of it. */
	readonly idempotencyKey: string;
	/** SHA-256 of everything that was asked for, in hexadecimal. */
	readonly inputHash: string;
	/** In milliseconds since 1970-01-01 UTC. */
	readonly createdAtMs: number;
	/** In milliseconds since 1970-01-01 UTC. */
	readonly updatedAtMs: number;
	/** Every model that was looked at, in order; the last one is the current. */
	readonly attempts: readonly AttemptRecord[];
	/** The prompt as it was given. */
	readonly prompt: string;
	/**
	 * The request as it was given, to submit it again after an unknown submission; images by their path or
	 * URL. Absent when that cannot be: an image handed over as bytes, or something that looks like a secret.
	 */
	readonly request?: JsonObject;
	/** Absent: in the folder for results that nobody gave a place. */
	readonly output?: OutputRecord;
	/** Who works on it. Absent when nobody does. */
	readonly lease?: LeaseRecord;
	/** The code of the error that ended the job. */
	readonly errorCode?: string;
	/** What that error said. */
	readonly errorMessage?: string;
	/** Present exactly when the job has succeeded. */
	readonly result?: ResultRecord;
	/** From acceptance until the video was noticed to be done, in milliseconds. */
	readonly generationMs?: number;
}

/** Which jobs to list. Everything that is given must hold. */
export interface JobFilter {
	/** Only jobs in one of these states. */
	readonly states?: readonly JobState[] | undefined;
	/** Only jobs whose last attempt went to this model, `provider:model`. */
	readonly model?: string | undefined;
	/** Only jobs with this idempotency key. */
	readonly idempotencyKey?: string | undefined;
	/** Only jobs that asked for the same. */
	readonly inputHash?: string | undefined;
	/** At most so many, the newest first. @default 100 */
	readonly limit?: number | undefined;
}

/**
 * Where jobs are recorded. Written from what a job needs; it names no datastore.
 *
 * A call that rejects has changed nothing; reelay's own reject with `ConfigurationError`.
 *
 * A write must be durable when its promise resolves: the core submits only after the intent is recorded,
 * and announces an acceptance only after the handle is.
 */
export interface Ledger {
	/**
	 * Records a new job. Rejects when the id is taken. `false`, and no change, when a job with the same
	 * idempotency key is there already, unless that one ended without having cost anything.
	 */
	insert(record: JobRecord): Promise<boolean>;
	/** The job with that id. */
	find(id: string): Promise<JobRecord | undefined>;
	/**
	 * Replaces a job's record if the stored one still has `expectedRevision`; `false`, and no change, when
	 * somebody else has written meanwhile.
	 */
	replace(record: JobRecord, expectedRevision: number): Promise<boolean>;
	/** The jobs that a filter lets through, the newest first. */
	list(filter?: JobFilter): Promise<readonly JobRecord[]>;
	/**
	 * Forgets jobs that reached their end before `updatedBeforeMs` (milliseconds since 1970-01-01 UTC), and
	 * says how many. A job that may still give a video is never forgotten.
	 */
	prune(updatedBeforeMs: number): Promise<number>;
	/** Releases what it holds. */
	close(): Promise<void>;
}
