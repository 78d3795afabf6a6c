import type { Clock } from "./clock.ts";
import type { Gate } from "./gate.ts";

/** Gives a place back. Calling it again does nothing. */
export type Release = () => void;

interface Waiter {
	/** The model's gate; that of the provider is the queue's own. */
	readonly gate: Gate;
	readonly admit: () => void;
}

/**
 * Those who wait for a place at one provider, in the order in which they came. One who waits for his model
 * holds up nobody of another model; who comes later never overtakes one of the same model.
 */
export class SubmissionQueue {
	readonly #gate: Gate;
	readonly #clock: Clock;
	readonly #waiters = new Set<Waiter>();
	#alarm = new AbortController();

	constructor(gate: Gate, clock: Clock) {
		this.#gate = gate;
		this.#clock = clock;
	}

	get length(): number {
		return this.#waiters.size;
	}

	/** Waits for a place. Rejects with the signal's reason as soon as it is aborted, and then holds nothing. */
	async wait(gate: Gate, signal: AbortSignal): Promise<Release> {
		signal.throwIfAborted();
		const admitted = Promise.withResolvers<void>();
		const waiter: Waiter = { gate, admit: admitted.resolve };
		const onAbort = () => {
			this.#waiters.delete(waiter);
			admitted.reject(signal.reason);
			this.admitNext();
		};
		signal.addEventListener("abort", onAbort, { once: true });
		this.#waiters.add(waiter);
		this.admitNext();
		try {
			await admitted.promise;
			return this.#releaseOf(gate);
		} finally {
			signal.removeEventListener("abort", onAbort);
		}
	}

	/** Takes a place without waiting, for an operation that runs already. */
	occupy(gate: Gate): Release {
		this.#gate.enter();
		gate.enter();
		return this.#releaseOf(gate);
	}

	/** Lets in whoever has a place, and sets the alarm for the next time that could be so. */
	admitNext(): void {
		this.#alarm.abort();
		let nextMs = Number.POSITIVE_INFINITY;
		for (const waiter of this.#waiters) {
			const waitMs = Math.max(this.#gate.waitMs(), waiter.gate.waitMs());
			if (waitMs > 0) {
				nextMs = Math.min(nextMs, waitMs);
				if (this.#gate.waitMs() > 0) break;
				continue;
			}
			this.#waiters.delete(waiter);
			for (const gate of [this.#gate, waiter.gate]) {
				gate.enter();
				gate.pass();
			}
			waiter.admit();
		}
		if (nextMs < Number.POSITIVE_INFINITY) this.#setAlarm(nextMs);
	}

	#setAlarm(ms: number): void {
		this.#alarm = new AbortController();
		this.#clock.sleep(ms, this.#alarm.signal).then(
			() => this.admitNext(),
			() => undefined,
		);
	}

	#releaseOf(gate: Gate): Release {
		let isReleased = false;
		return () => {
			if (isReleased) return;
			isReleased = true;
			this.#gate.leave();
			gate.leave();
			this.admitNext();
		};
	}
}
