import { askedWaitMs } from "./asked-wait.ts";
import type { PolicySettings } from "./settings.ts";

const JITTER = 0.1;
/** Without experience the next wait is a tenth of what has passed: the end is noticed so much late at most. */
const SHARE_OF_ELAPSED = 0.1;
const GROWTH_OF_STEP = 1.15;
const EARLY = 0.05;
/** Times the slowest of the latest operations. One that takes longer is unlike them, and they say nothing of its end. */
const LONGEST_LEARNED = 1.5;

/** When a model's operations end. */
export interface LearnedPace {
	/**
	 * The quickest of the latest, in milliseconds. Times end at the look that noticed, and are late: who first
	 * looks at the middle one finds every operation ended, and never learns that they were quicker.
	 */
	readonly firstMs: number;
	/** The slowest of the latest, in milliseconds. */
	readonly lastMs: number;
	/** How far apart the looks after the first one may be, in milliseconds. */
	readonly stepMs: number;
}

/** What is known when the next look is planned. */
export interface PaceInput {
	/** Looks taken so far. */
	readonly looks: number;
	/** Since the operation was accepted, in milliseconds. */
	readonly elapsedMs: number;
	/** When the service wants to be asked again, in milliseconds. */
	readonly askedMs?: number | undefined;
	/** What this model usually takes, in milliseconds; used for the first look. */
	readonly typicalMs?: number | undefined;
	/** What was learned, which counts more. */
	readonly pace?: LearnedPace | undefined;
	/** Operations of the model that are looked at, this one included. @default 1 */
	readonly inFlight?: number;
}

/**
 * How long to wait before the next look at an operation, in milliseconds. The service's own wish comes
 * first, within bounds: a `Retry-After` of years would otherwise hang a job, and one of zero would hammer
 * the service. Jitter keeps many jobs from looking in step.
 */
export function nextLookMs(input: PaceInput, settings: PolicySettings, random: () => number): number {
	const { looks, askedMs, elapsedMs, pace, typicalMs, inFlight = 1 } = input;
	const bound = (ms: number, longestMs: number) => Math.min(Math.max(ms, settings.minPollMs), longestMs);
	if (askedMs !== undefined && Number.isFinite(askedMs)) {
		return Math.max(askedWaitMs(askedMs, settings.maxBackoffMs, random), settings.minPollMs);
	}
	const jitter = 1 + JITTER * (2 * random() - 1);
	const firstMs = pace?.firstMs ?? typicalMs;
	if (looks === 0 && firstMs !== undefined) {
		return bound((firstMs - elapsedMs) * (1 - EARLY * random()), settings.maxBackoffMs);
	}
	const stepMs =
		pace === undefined || elapsedMs > LONGEST_LEARNED * pace.lastMs
			? Math.max(settings.pollMs, SHARE_OF_ELAPSED * elapsedMs)
			: Math.max(pace.stepMs * GROWTH_OF_STEP ** (looks - 1), sharedStepMs(inFlight, settings));
	return bound(stepMs * jitter, settings.maxPollMs);
}

/** What is learned of one operation must not become a storm of looks at a thousand: together they are as far apart. */
function sharedStepMs(inFlight: number, { minPollMs, pollMs }: PolicySettings): number {
	return Math.min(inFlight * minPollMs, pollMs);
}
