import type { Clock } from "./clock.ts";
import type { BreakerSettings } from "./settings.ts";

/** The window moves in steps of a tenth of its length, so that it takes the same memory at any rate of calls. */
const STEPS = 10;

/** Calls that ended in one step of the window: how long ago it began in milliseconds, and how they ended. */
export type WindowStep = readonly [ageMs: number, successes: number, failures: number];

interface Step {
	readonly startedAtMs: number;
	successes: number;
	failures: number;
}

/**
 * Tells a breaker to open when too large a share of the recent calls failed. cockatiel's `SamplingBreaker`
 * does the same by the wall clock, and by calls a second rather than calls.
 */
export class FailureWindow {
	readonly #settings: BreakerSettings;
	readonly #clock: Clock;
	#steps: Step[] = [];

	constructor(settings: BreakerSettings, clock: Clock) {
		this.#settings = settings;
		this.#clock = clock;
	}

	/** What the window holds, oldest first. */
	get state(): readonly WindowStep[] {
		const nowMs = this.#clock.monotonic();
		return this.#steps.map(({ startedAtMs, successes, failures }) => [nowMs - startedAtMs, successes, failures]);
	}

	set state(steps: readonly WindowStep[]) {
		const nowMs = this.#clock.monotonic();
		this.#steps = steps.map(([ageMs, successes, failures]) => ({ startedAtMs: nowMs - ageMs, successes, failures }));
	}

	success(): void {
		this.#step().successes += 1;
	}

	/** Counts a failure. `true`: the breaker should open. */
	failure(): boolean {
		this.#step().failures += 1;
		const { failureRatio, minimumCalls, windowMs } = this.#settings;
		const failures = this.#steps.reduce((sum, step) => sum + step.failures, 0);
		const calls = this.#steps.reduce((sum, step) => sum + step.successes, failures);
		return windowMs > 0 && calls >= minimumCalls && failures / calls >= failureRatio;
	}

	#step(): Step {
		const nowMs = this.#clock.monotonic();
		const { windowMs } = this.#settings;
		this.#steps = this.#steps.filter(({ startedAtMs }) => nowMs - startedAtMs < windowMs);
		const last = this.#steps.at(-1);
		if (last !== undefined && nowMs - last.startedAtMs < windowMs / STEPS) return last;
		const step: Step = { startedAtMs: nowMs, successes: 0, failures: 0 };
		this.#steps.push(step);
		return step;
	}
}
