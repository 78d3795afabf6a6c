import type { VideoMetadata } from "../media/index.ts";

/** What a video cost when it was made. */
export interface PaidCost {
	/** In US dollars; absent when it is not known. */
	readonly usd?: number;
	/** `service`: it said so. `estimate`: the list price times the length. `free`: nothing was charged. */
	readonly source: "service" | "estimate" | "free" | "unknown";
}

/** A finished video and what is worth keeping of its result. A `VideoResult` is one. */
export interface FinishedVideo {
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
	/** What the service and the file had to tell. */
	readonly warnings: readonly string[];
	/** What it cost when it was made. */
	readonly cost: PaidCost;
}

/**
 * A video from the cache, verified. Its file stays as it is until it is disposed of, whatever is evicted
 * meanwhile, by whatever process. Copy the file; never change or move it.
 */
export interface CachedVideo extends FinishedVideo, AsyncDisposable {
	/** When it was put into the cache, in milliseconds since 1970-01-01 UTC. */
	readonly madeAtMs: number;
}
