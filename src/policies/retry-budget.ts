import type { RetryBudgetSettings } from "./settings.ts";

/**
 * Bounds what repetitions may cost one provider, all jobs together: each takes a token, each successful
 * call puts a part of one back, and at half of the budget there are none to have. So a service that fails
 * every call is asked a few times more than without retries, not several times as often.
 */
export class RetryBudget {
	readonly #settings: RetryBudgetSettings;
	#tokens: number;

	constructor(settings: RetryBudgetSettings) {
		this.#settings = settings;
		this.#tokens = settings.tokens;
	}

	/** Takes a token for one repetition. `false`: there is none, so nothing may be repeated now. */
	tryTake(): boolean {
		if (this.#tokens <= this.#settings.tokens / 2) return false;
		this.#tokens -= 1;
		return true;
	}

	/** A call succeeded. */
	succeed(): void {
		this.#tokens = Math.min(this.#settings.tokens, this.#tokens + this.#settings.perSuccess);
	}
}
