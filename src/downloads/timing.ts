import { setTimeout as wait } from "node:timers/promises";

/** Time and chance, so that tests need neither. */
export interface Timing {
	/** Milliseconds from any fixed moment; never goes back. */
	now(): number;
	/** Milliseconds since 1970-01-01 UTC. */
	wallClock(): number;
	/** Waits for so many milliseconds (at most 2³¹−1). Rejects as soon as the signal is aborted. */
	sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
	/** From 0 up to, but not including, 1. */
	random(): number;
}

/** The clock and the chance of this machine. */
export const SYSTEM_TIMING: Timing = {
	now: () => performance.now(),
	wallClock: () => Date.now(),
	sleep: (milliseconds, signal) => wait(milliseconds, undefined, { signal }),
	random: () => Math.random(),
};
