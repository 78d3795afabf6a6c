import type { Clock } from "./clock.ts";

const MINUTE_MS = 60_000;
/** After a hold, the next ones follow each other at this part of its length. */
const SPACING = 1 / 100;

/** What one gate lets through; absent means without limit. */
export interface GateLimits {
	readonly maxInFlight?: number | undefined;
	readonly perMinute?: number | undefined;
}

/** Counts what is in flight, and what went through in the last minute, of one provider or of one model. */
export class Gate {
	readonly #limits: GateLimits;
	readonly #clock: Clock;
	/** When something went through in the last minute, oldest first; kept only where that is limited. */
	readonly #passedAtMs: number[] = [];
	#inFlight = 0;
	/** When the next one may pass after a hold, and what must lie between two from then on. */
	#nextAtMs = Number.NEGATIVE_INFINITY;
	#spacingMs = 0;

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
		const heldMs = Math.max(0, this.#nextAtMs - nowMs);
		if (perMinute === undefined) return heldMs;
		while (nowMs - (this.#passedAtMs[0] ?? nowMs) >= MINUTE_MS) this.#passedAtMs.shift();
		if (this.#passedAtMs.length < perMinute) return heldMs;
		return Math.max(heldMs, (this.#passedAtMs[0] ?? nowMs) + MINUTE_MS - nowMs);
	}

	/** Lets one operation in, without asking whether there is room. */
	enter(): void {
		this.#inFlight += 1;
	}

	/** Counts the submission of one. */
	pass(): void {
		const nowMs = this.#clock.monotonic();
		if (this.#limits.perMinute !== undefined) this.#passedAtMs.push(nowMs);
		if (nowMs - this.#nextAtMs > MINUTE_MS) this.#spacingMs = 0;
		if (this.#spacingMs > 0) this.#nextAtMs = nowMs + this.#spacingMs;
	}

	/** One operation has ended. */
	leave(): void {
		this.#inFlight -= 1;
	}

	/**
	 * Stays closed for so many milliseconds, because the service asked for it, and then lets those who wait
	 * through one by one rather than all at once. It forgets that when nobody came for a minute.
	 */
	hold(ms: number): void {
		this.#nextAtMs = Math.max(this.#nextAtMs, this.#clock.monotonic() + ms);
		this.#spacingMs = ms * SPACING;
	}
}
