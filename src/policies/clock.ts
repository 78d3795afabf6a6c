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
	sleep(ms, signal) {
		const { promise, resolve, reject } = Promise.withResolvers<void>();
		if (signal?.aborted === true) {
			reject(signal.reason);
			return promise;
		}
		const timer = setTimeout(end, Math.min(Math.max(0, ms), LONGEST_TIMER_MS));
		signal?.addEventListener("abort", end, { once: true });
		/** One function for both ends: thousands of operations sleep at the same time. */
		function end(): void {
			clearTimeout(timer);
			signal?.removeEventListener("abort", end);
			if (signal?.aborted === true) reject(signal.reason);
			else resolve();
		}
		return promise;
	},
};
