import type { Clock } from "../../src/policies/index.ts";

/** A clock whose sleeps take no time: each one moves it forward, after the event loop had its turn. */
export class FakeClock implements Clock {
	/** Every sleep, in milliseconds, in the order in which they began. */
	readonly sleeps: number[] = [];
	#elapsedMs = 0;
	readonly #startMs = Date.UTC(2026, 10, 21);

	now(): number {
		return this.#startMs + this.#elapsedMs;
	}

	monotonic(): number {
		return this.#elapsedMs;
	}

	/** Sleeps of `never` and more are deadlines: they end only when they are aborted, or `advance` reaches them. */
	async sleep(ms: number, signal?: AbortSignal): Promise<void> {
		signal?.throwIfAborted();
		this.sleeps.push(ms);
		if (ms >= FakeClock.never) return new Promise((_resolve, reject) => rejectOnAbort(reject, signal));
		await new Promise((resolve) => setImmediate(resolve));
		signal?.throwIfAborted();
		this.#elapsedMs += ms;
	}

	static readonly never = 10 * 60_000;
}

function rejectOnAbort(reject: (reason: unknown) => void, signal: AbortSignal | undefined): void {
	signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
}
