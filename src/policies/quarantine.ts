import { type AccountTarget, accountKey } from "./call-stage.ts";
import type { Clock } from "./clock.ts";

/** Why a provider is left alone. `manual`: the program said so. */
export type QuarantineReason = "authentication" | "payment" | "manual";

/** A provider that is left alone. */
export interface Quarantine {
	/** Why, in a form to branch on. */
	readonly reason: QuarantineReason;
	/** What happened and what to do, in one line. */
	readonly message: string;
	/** Milliseconds until it ends by itself; absent when it does not. */
	readonly remainingMs?: number;
}

interface Entry {
	readonly provider: string;
	readonly reason: QuarantineReason;
	readonly endsAtMs: number;
}

const EXPLANATIONS: Readonly<Record<QuarantineReason, string>> = {
	authentication: "it refused the key; replace the key and start again",
	payment: "its account is out of credit; top it up and start again",
	manual: "the program asked for it",
};

/** The accounts that are left alone: waiting helps none of them, and neither does another model of the provider. */
export class Quarantines {
	readonly #clock: Clock;
	readonly #entries = new Map<string, Entry>();

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	/** Leaves an account alone for `durationMs` milliseconds; `Infinity` until it is lifted. */
	add(target: AccountTarget, reason: QuarantineReason, durationMs: number): void {
		const { provider } = target;
		this.#entries.set(accountKey(target), { provider, reason, endsAtMs: this.#clock.monotonic() + durationMs });
	}

	/** The quarantine of an account; `undefined` when there is none now. */
	find(target: AccountTarget): Quarantine | undefined {
		const entry = this.#entries.get(accountKey(target));
		if (entry === undefined) return undefined;
		const { provider, reason, endsAtMs } = entry;
		const remainingMs = endsAtMs - this.#clock.monotonic();
		if (remainingMs <= 0) return undefined;
		const message = `${provider} is left alone: ${EXPLANATIONS[reason]}`;
		return { reason, message, ...(Number.isFinite(remainingMs) ? { remainingMs } : {}) };
	}

	/** Lifts the quarantine of every account of a provider, or of all. */
	lift(provider?: string): void {
		for (const [key, entry] of this.#entries) {
			if (provider === undefined || entry.provider === provider) this.#entries.delete(key);
		}
	}
}
