import type { VideoError } from "../errors/index.ts";
import type { VideoResult } from "../operations/index.ts";

/** An item that has its video. */
export interface BatchSuccess {
	/** The item's place in the input, from 0. */
	readonly index: number;
	readonly status: "fulfilled";
	readonly video: VideoResult;
}

/** An item without a video. */
export interface BatchFailure {
	/** The item's place in the input, from 0. */
	readonly index: number;
	readonly status: "rejected";
	/** Why. Its `token`, where it has one, takes the job up again; its `billed` says what it cost. */
	readonly error: VideoError;
}

/** What came of one item. */
export type BatchEntry = BatchSuccess | BatchFailure;

/** What came of a batch. */
export interface BatchResult {
	/** How many items there were. */
	readonly total: number;
	/** How many have a video. */
	readonly successful: number;
	/** How many have none. */
	readonly failed: number;
	/** The share that has a video, 0 to 1; 1 when there were no items. */
	readonly successRate: number;
	/** From the call until the last item had ended, in milliseconds. */
	readonly totalMs: number;
	/** Every item, in the order of the input. */
	readonly results: readonly BatchEntry[];
	/** The items that have a video, in the order of the input. */
	successes(): readonly BatchSuccess[];
	/** The items that have none, in the order of the input. */
	failures(): readonly BatchFailure[];
}

/** Sums up what came of every item. */
export function batchResult(results: readonly BatchEntry[], totalMs: number): BatchResult {
	const successes = results.filter((entry) => entry.status === "fulfilled");
	const failures = results.filter((entry) => entry.status === "rejected");
	return {
		total: results.length,
		successful: successes.length,
		failed: failures.length,
		successRate: results.length === 0 ? 1 : successes.length / results.length,
		totalMs,
		results,
		successes: () => successes,
		failures: () => failures,
	};
}
