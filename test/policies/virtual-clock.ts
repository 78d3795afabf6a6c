import type { Clock } from "../../src/policies/index.ts";

interface Timer {
	readonly atMs: number;
	readonly ring: () => void;
}

/** A clock that stands still until it is told to move; sleeps then end in the order in which they are due. */
export class VirtualClock implements Clock {
	#elapsedMs = 0;
	#wallMs = Date.UTC(2026, 10, 21);
	readonly #timers = new Set<Timer>();

	now(): number {
		return this.#wallMs + this.#elapsedMs;
	}

	monotonic(): number {
		return this.#elapsedMs;
	}

	/** Somebody sets the wall clock. */
	setWallClock(byMs: number): void {
		this.#wallMs += byMs;
	}

	/** Sleeps that have not ended. */
	get sleeping(): number {
		return this.#timers.size;
	}

	async sleep(ms: number, signal?: AbortSignal): Promise<void> {
		signal?.throwIfAborted();
		const { promise, resolve, reject } = Promise.withResolvers<void>();
		const timer = { atMs: this.#elapsedMs + ms, ring: resolve };
		const onAbort = () => reject(signal?.reason);
		signal?.addEventListener("abort", onAbort, { once: true });
		this.#timers.add(timer);
		try {
			await promise;
		} finally {
			this.#timers.delete(timer);
			signal?.removeEventListener("abort", onAbort);
		}
	}

	/** Moves on by so many milliseconds; whatever wakes up runs as far as it can before the next one. */
	async advance(ms: number): Promise<void> {
		const endMs = this.#elapsedMs + ms;
		await settled();
		for (let next = this.#nextBy(endMs); next !== undefined; next = this.#nextBy(endMs)) {
			this.#timers.delete(next);
			this.#elapsedMs = Math.max(this.#elapsedMs, next.atMs);
			next.ring();
			await settled();
		}
		this.#elapsedMs = endMs;
	}

	#nextBy(endMs: number): Timer | undefined {
		let next: Timer | undefined;
		for (const timer of this.#timers) {
			if (timer.atMs <= endMs && (next === undefined || timer.atMs < next.atMs)) next = timer;
		}
		return next;
	}
}

/** Until everything that needs no timer has run. */
export function settled(): Promise<void> {
	return new Promise((resolve) => setImmediate(resolve));
}

/** Until the timers of no length, of which cockatiel sets one before each retry, have run too. */
export async function retriesStarted(): Promise<void> {
	await settled();
	// Timers of one length end in the order in which they were set.
	await new Promise((resolve) => setTimeout(resolve, 0));
	await settled();
}
