import { setTimeout as wait } from "node:timers/promises";

/** Where reelay gets its time from. Replace it to test without waiting. */
export interface Clock {
	/** Wall clock: milliseconds since 1970-01-01 UTC. Only for records that people read. */
	now(): number;
	/** Milliseconds from an arbitrary point; never jumps. Every deadline is measured with it. */
	monotonic(): number;
	/** Resolves after `ms` milliseconds. Rejects with the signal's reason as soon as it is aborted. */
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A timer of more milliseconds than this fires at once instead of late. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The system's clock. */
export const systemClock: Clock = {
	now: () => Date.now(),
	monotonic: () => performance.now(),
	async sleep(ms, signal) {
		signal?.throwIfAborted();
		try {
			await wait(Math.min(Math.max(0, ms), LONGEST_TIMER_MS), undefined, signal === undefined ? {} : { signal });
		} catch (error) {
			signal?.throwIfAborted();
			throw error;
		}
	},
};
