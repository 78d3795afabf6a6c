import { type Attempt, AuthenticationError, isVideoError, QuotaError, type VideoError } from "../errors/index.ts";

interface Reason {
	readonly isAuthentication: boolean;
	readonly message: string;
}

/**
 * The providers that would fail every other item too, because they refused the key or their account is
 * empty, as far as the items so far have shown.
 */
export class DeadProviders {
	readonly #reasons = new Map<string, Reason>();

	/** Whether nothing more is to be sent to a provider. */
	has(provider: string): boolean {
		return this.#reasons.has(provider);
	}

	/** Learns from what came of an item. Returns whether a provider is dead that was not before. */
	learn(attempts: readonly Attempt[], error?: unknown): boolean {
		const before = this.#reasons.size;
		for (const { model, outcome, errorCode, reason } of attempts) {
			if (outcome === "rejected") this.#note(model.split(":")[0], errorCode, reason);
		}
		// What a service says at a look or a download counts as much; what reelay itself says beforehand does not.
		if (isVideoError(error) && error.phase !== "input" && error.phase !== "config") {
			this.#note(error.provider, error.code, error.message);
		}
		return this.#reasons.size > before;
	}

	/** Why an item with only these providers need not be tried; `undefined` when one of them is left. */
	verdict(providers: readonly string[]): VideoError | undefined {
		const [first] = providers;
		if (first === undefined || !providers.every((provider) => this.has(provider))) return undefined;
		const reasons = [...new Set(providers)].map((provider) => `${provider}: ${this.#reasons.get(provider)?.message}`);
		const message = `not sent, because it would fail like an item before it. ${reasons.join(" · ")}`;
		const details = { provider: first, phase: "submit", billed: "no" } as const;
		return this.#reasons.get(first)?.isAuthentication === true
			? new AuthenticationError(message, details)
			: new QuotaError(message, details);
	}

	#note(provider: string | undefined, code: string | undefined, reason: string | undefined): void {
		if (provider === undefined || this.has(provider)) return;
		const isAuthentication = code === "authentication";
		if (!isAuthentication && code !== "quota_exceeded") return;
		const usual = isAuthentication ? "it refused the key" : "its account is out of credit";
		this.#reasons.set(provider, { isAuthentication, message: reason ?? usual });
	}
}
