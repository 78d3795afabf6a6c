import type { Clock } from "./clock.ts";

const MINUTE_MS = 60_000;

/** What one gate lets through; absent means without limit. */
export interface GateLimits {
	readonly maxInFlight?: number | undefined;
	readonly perMinute?: number | undefined;
}

/** Counts what is in flight, and what went through in the last minute, of one provider or of one model. */
export class Gate {
	readonly #limits: GateLimits;
	readonly #clock: Clock;
	/** When something went through, oldest first; kept only where it is limited. */
	readonly #passedAtMs: number[] = [];
	#heldUntilMs = Number.NEGATIVE_INFINITY;
	#inFlight = 0;

	constructor(limits: GateLimits, clock: Clock) {
		this.#limits = limits;
		this.#clock = clock;
	}

	get inFlight(): number {
		return this.#inFlight;
	}

	/** Milliseconds until it opens by itself: 0 when it is open, `Infinity` when something must leave first. */
	waitMs(): number {
		const { maxInFlight, perMinute } = this.#limits;
		if (maxInFlight !== undefined && this.#inFlight >= maxInFlight) return Number.POSITIVE_INFINITY;
		const nowMs = this.#clock.monotonic();
		const heldMs = Math.max(0, this.#heldUntilMs - nowMs);
		if (perMinute === undefined) return heldMs;
		while (nowMs - (this.#passedAtMs[0] ?? nowMs) >= MINUTE_MS) this.#passedAtMs.shift();
		if (this.#passedAtMs.length < perMinute) return heldMs;
		return Math.max(heldMs, (this.#passedAtMs[0] ?? nowMs) + MINUTE_MS - nowMs);
	}

	/** Lets one through, without asking whether there is room. */
	enter(): void {
		this.#inFlight += 1;
	}

	/** Counts a submission. */
	pass(): void {
		if (this.#limits.perMinute !== undefined) this.#passedAtMs.push(this.#clock.monotonic());
	}

	leave(): void {
		this.#inFlight -= 1;
	}

	/** Stays closed for so many milliseconds, because the service asked for it. */
	hold(ms: number): void {
		this.#heldUntilMs = Math.max(this.#heldUntilMs, this.#clock.monotonic() + ms);
	}
}
