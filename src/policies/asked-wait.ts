const JITTER = 0.1;

/**
 * How long to wait when a service asked for a wait, in milliseconds: what it asked for and up to a tenth
 * more, so that a fleet does not come back in step. Never longer than `longestMs`, as a `Retry-After` of
 * years would hang a job; those who wait that long do not come back in step either.
 */
export function askedWaitMs(askedMs: number, longestMs: number, random: () => number): number {
	return Math.min(Math.max(0, askedMs), longestMs / (1 + JITTER)) * (1 + JITTER * random());
}
