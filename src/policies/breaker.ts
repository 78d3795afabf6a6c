import { ConsecutiveBreaker } from "cockatiel";
import type { Clock } from "./clock.ts";
import type { CallVerdict } from "./error-table.ts";
import { FailureWindow, type WindowStep } from "./failure-window.ts";
import type { BreakerSettings } from "./settings.ts";

/**
 * `closed`: calls are made. `open`: they are refused until it is time for a probe. `half-open`: one call, the
 * probe, is on its way, and the others are refused.
 */
export type BreakerState = "closed" | "open" | "half-open";

/** Permission for one call. */
export interface Permit {
	/** Says how the call ended. Only the first word counts, and without one the permission is never given back. */
	settle(verdict: CallVerdict): void;
}

/** What survives a restart. */
export interface SavedBreaker {
	/** Milliseconds until a probe; absent while the breaker is closed. */
	readonly probeInMs?: number | undefined;
	/** Failures in a row. */
	readonly consecutive: number;
	/** The window, oldest step first. */
	readonly window: readonly WindowStep[];
}

/** How long those wait who find a probe on its way: it ends at a time that nobody knows. */
const PROBE_WAIT_MS = 1_000;

/**
 * A circuit breaker around single calls. What opens it are cockatiel's `IBreaker`s; the states are our own,
 * as cockatiel's `CircuitBreakerPolicy` tells time by the wall clock, makes every other caller wait for the
 * probe, and takes a probe that was cancelled for a success.
 */
export class Breaker {
	readonly #settings: BreakerSettings;
	readonly #clock: Clock;
	readonly #onChange: (state: BreakerState) => void;
	#window: FailureWindow;
	#consecutive: ConsecutiveBreaker;
	#state: BreakerState = "closed";
	#probeAtMs = 0;
	/** Changes with the state. What a call of an earlier time says about the service is no longer news. */
	#era = 0;

	/** `onChange` must not throw. */
	constructor(settings: BreakerSettings, clock: Clock, onChange: (state: BreakerState) => void) {
		this.#settings = settings;
		this.#clock = clock;
		this.#onChange = onChange;
		this.#window = new FailureWindow(settings, clock);
		this.#consecutive = new ConsecutiveBreaker(settings.consecutiveFailures);
	}

	get state(): BreakerState {
		return this.#state;
	}

	/** How long to wait until a call may be made, in milliseconds; 0 when it may be made now. */
	waitMs(): number {
		if (this.#state === "closed") return 0;
		return this.#state === "half-open" ? PROBE_WAIT_MS : Math.max(0, this.#probeAtMs - this.#clock.monotonic());
	}

	/** Asks to make one call; `undefined` when it must not be made now. Never waits. */
	enter(): Permit | undefined {
		if (this.waitMs() > 0) return undefined;
		if (this.#state === "open") this.#change("half-open");
		const era = this.#era;
		let isSettled = false;
		return {
			settle: (verdict) => {
				if (isSettled || era !== this.#era) return;
				isSettled = true;
				this.#count(verdict);
			},
		};
	}

	/** Closes it and forgets what was counted. */
	reset(): void {
		this.#window = new FailureWindow(this.#settings, this.#clock);
		this.#consecutive = new ConsecutiveBreaker(this.#settings.consecutiveFailures);
		if (this.#state !== "closed") this.#change("closed");
	}

	/** What another process needs to go on from here. A probe on its way is forgotten: another may be sent. */
	save(): SavedBreaker {
		const saved = { consecutive: this.#consecutive.state, window: this.#window.state };
		if (this.#state === "closed") return saved;
		return { ...saved, probeInMs: this.#state === "half-open" ? 0 : this.waitMs() };
	}

	/** Goes on from what was saved `elapsedMs` milliseconds ago. */
	restore({ probeInMs, consecutive, window }: SavedBreaker, elapsedMs: number): void {
		this.#consecutive.state = consecutive;
		this.#window.state = window.map(([ageMs, ...calls]) => [ageMs + elapsedMs, ...calls]);
		if (probeInMs !== undefined) this.#open(Math.min(probeInMs - elapsedMs, this.#settings.halfOpenAfterMs));
	}

	#count(verdict: CallVerdict): void {
		if (this.#state === "half-open") {
			if (verdict === "success") this.reset();
			// A probe that says nothing gives its place to the next one.
			else this.#open(verdict === "failure" ? this.#settings.halfOpenAfterMs : 0);
		} else if (verdict === "success") {
			this.#window.success();
			this.#consecutive.success();
		} else if (verdict === "failure") {
			const isTooMany = this.#consecutive.failure() && this.#settings.consecutiveFailures > 0;
			const isTooLarge = this.#window.failure();
			if (isTooMany || isTooLarge) this.#open(this.#settings.halfOpenAfterMs);
		}
	}

	#open(probeInMs: number): void {
		this.#probeAtMs = this.#clock.monotonic() + probeInMs;
		this.#change("open");
	}

	#change(state: BreakerState): void {
		this.#state = state;
		this.#era += 1;
		this.#onChange(state);
	}
}
