import { askedWaitMs } from "./asked-wait.ts";
import type { PolicySettings } from "./settings.ts";

const GROWTH = 1.5;
const JITTER = 0.1;

/** What is known when the next look is planned. */
export interface PaceInput {
	/** Looks taken so far. */
	readonly looks: number;
	/** When the service wants to be asked again, in milliseconds. */
	readonly askedMs?: number | undefined;
	/** What this model usually takes, in milliseconds; used for the first look. */
	readonly typicalMs?: number | undefined;
}

/**
 * How long to wait before the next look at an operation, in milliseconds. The service's own wish comes
 * first, within bounds: a `Retry-After` of years would otherwise hang a job, and one of zero would hammer
 * the service. Jitter keeps many jobs from looking in step.
 */
export function nextLookMs(input: PaceInput, settings: PolicySettings, random: () => number): number {
	const { looks, askedMs, typicalMs } = input;
	const bound = (ms: number, longestMs: number) => Math.min(Math.max(ms, settings.minPollMs), longestMs);
	if (askedMs !== undefined && Number.isFinite(askedMs)) {
		return Math.max(askedWaitMs(askedMs, settings.maxBackoffMs, random), settings.minPollMs);
	}
	const jitter = 1 + JITTER * (2 * random() - 1);
	if (looks === 0 && typicalMs !== undefined) return bound(typicalMs * jitter, settings.maxBackoffMs);
	return bound(settings.pollMs * GROWTH ** looks * jitter, settings.maxPollMs);
}
