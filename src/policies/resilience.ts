import { isVideoError } from "../errors/index.ts";
import type { Permit } from "./breaker.ts";
import { type AccountTarget, accountKey, type CallStage, type CallTarget } from "./call-stage.ts";
import type { Clock } from "./clock.ts";
import { withDeadline } from "./deadline.ts";
import { type CallVerdict, decide, type ErrorDecision } from "./error-table.ts";
import type { HealthChange, ModelHealth } from "./health.ts";
import { ModelBreakers } from "./model-breakers.ts";
import { type Admission, NotAdmittedError, type Refusal } from "./not-admitted-error.ts";
import { type QuarantineReason, Quarantines } from "./quarantine.ts";
import { policiesFor, type ResolvedPolicies } from "./resolve-policies.ts";
import { RetryBudget } from "./retry-budget.ts";
import { parseSavedHealth, type SavedHealth } from "./saved-health.ts";
import type { PolicySettings } from "./settings.ts";
import { SubmissionLimiter } from "./submission-limiter.ts";
import type { RetryAdvice } from "./submit-retry.ts";

/** What the resilience layer is made of. */
export interface ResilienceOptions {
	readonly policies: ResolvedPolicies;
	readonly clock: Clock;
	/** Told of every change. What it throws is dropped: a listener never harms a call. */
	readonly onChange?: ((change: HealthChange) => void) | undefined;
}

/** Decides, for every call to every service, whether it is made, and learns from how it ended. */
export class Resilience {
	/** Bounds what is in flight and how fast it is submitted. */
	readonly limiter: SubmissionLimiter;
	readonly #policies: ResolvedPolicies;
	readonly #clock: Clock;
	readonly #onChange: (change: HealthChange) => void;
	readonly #quarantines: Quarantines;
	readonly #budgets = new Map<string, RetryBudget>();
	readonly #models = new Map<string, ModelBreakers>();

	constructor({ policies, clock, onChange = () => undefined }: ResilienceOptions) {
		this.#policies = policies;
		this.#clock = clock;
		this.#onChange = onChange;
		this.#quarantines = new Quarantines(clock);
		this.limiter = new SubmissionLimiter(policies, clock);
	}

	/** Whether a submission to the model would be sent now. Looks only: it takes no probe's place. */
	admit(target: CallTarget): Admission {
		const isShut = this.pausedForMs(target, "submit") > 0;
		const refusal = this.#quarantineRefusal(target) ?? (isShut ? this.#breakerRefusal("submit", target) : undefined);
		return refusal ?? { admitted: true };
	}

	/**
	 * Makes one HTTP call, never a whole generation, and counts how it ended. `signal` is passed on to the
	 * call together with the stage's deadline.
	 *
	 * Rejects with `NotAdmittedError` when it must not be made now, with `ProviderError` when the deadline
	 * passed, with the signal's reason when it was aborted before, and with whatever the call throws.
	 */
	async run<Result>(
		stage: CallStage,
		target: CallTarget,
		call: (signal: AbortSignal) => Promise<Result>,
		signal: AbortSignal,
	): Promise<Result> {
		signal.throwIfAborted();
		const permit = this.#enter(stage, target);
		let verdict: CallVerdict = "nothing";
		try {
			const timeoutMs = this.#timeoutMs(stage, target);
			const result = await withDeadline(call, { stage, target, timeoutMs }, this.#clock, signal);
			verdict = "success";
			this.budget(target).succeed();
			return result;
		} catch (error) {
			if (!signal.aborted) verdict = this.#learn(stage, target, error);
			throw error;
		} finally {
			permit.settle(verdict);
		}
	}

	/** What follows from an error. */
	decide(stage: CallStage, target: CallTarget, error: unknown): ErrorDecision {
		return decide(error, stage, this.#policiesOf(target).fallbackOn);
	}

	/** Whether a submission may be sent again to the same model. For `retrySubmission`. */
	adviseSubmission(target: CallTarget, error: unknown): RetryAdvice {
		const isShut = this.pausedForMs(target, "submit") > 0;
		const mayRepeat = this.decide("submit", target, error).action === "retry";
		return { again: mayRepeat && !isShut, afterMs: retryAfterMs(error) };
	}

	/** Whether, and when, to look or to download again after an error. Takes a token of the retry budget. */
	adviseLook(target: CallTarget, error: unknown, stage: "poll" | "download" = "poll"): RetryAdvice {
		const { action } = this.decide(stage, target, error);
		if (action !== "retry" && action !== "pause") return { again: false };
		const pausedMs = this.pausedForMs(target, stage);
		if (pausedMs > 0) return { again: true, afterMs: pausedMs };
		const usualMs = this.budget(target).tryTake() ? undefined : this.#policiesOf(target).maxPollMs;
		return { again: true, afterMs: retryAfterMs(error) ?? usualMs };
	}

	/** How long the stage's breaker makes calls wait, in milliseconds; 0 when they may be made. */
	pausedForMs(target: CallTarget, stage: CallStage): number {
		return this.#breakersOf(target).of(stage).waitMs();
	}

	/** What repetitions may cost the provider. */
	budget(target: AccountTarget): RetryBudget {
		const key = accountKey(target);
		const budget = this.#budgets.get(key) ?? new RetryBudget(policiesFor(this.#policies, target.provider).retryBudget);
		this.#budgets.set(key, budget);
		return budget;
	}

	/** Leaves a provider's account alone: nothing more is submitted to it. Jobs that it has are still looked at. */
	quarantine(target: AccountTarget, reason: QuarantineReason): void {
		const { provider } = target;
		const { quarantineMs = Number.POSITIVE_INFINITY } = policiesFor(this.#policies, provider);
		if (quarantineMs === 0) return;
		this.#quarantines.add(target, reason, quarantineMs);
		this.#announce({ provider, state: "quarantined", reason });
	}

	/** Closes the breakers and lifts the quarantine of one provider, or of all. */
	reset(provider?: string): void {
		this.#quarantines.lift(provider);
		for (const breakers of this.#models.values()) {
			if (provider === undefined || breakers.target.provider === provider) breakers.reset();
		}
	}

	/** How every model is that was used so far. */
	health(): readonly ModelHealth[] {
		return [...this.#models.values()].map((breakers) => {
			const { provider, model, account } = breakers.target;
			const quarantine = this.#quarantines.find(breakers.target);
			return {
				provider,
				model: `${provider}:${model}`,
				...(account === undefined ? {} : { account }),
				stages: breakers.health(),
				...(quarantine === undefined ? {} : { quarantine }),
				...this.limiter.usage(breakers.target),
			};
		});
	}

	/** The breakers as plain JSON, for another process to go on from. A quarantine ends with the process. */
	snapshot(): SavedHealth {
		const models = [...this.#models.values()].map((breakers) => breakers.save());
		return { version: 1, savedAtMs: this.#clock.now(), models };
	}

	/** Goes on from a snapshot. `false`: it could not be read, and nothing has changed. */
	restore(stored: unknown): boolean {
		const saved = parseSavedHealth(stored);
		if (saved === undefined) return false;
		// The wall clock may have been set meanwhile: at worst a probe comes early, or after one more pause.
		const elapsedMs = Math.max(0, this.#clock.now() - saved.savedAtMs);
		for (const model of saved.models) this.#breakersOf(model).restore(model.stages, elapsedMs);
		return true;
	}

	#enter(stage: CallStage, target: CallTarget): Permit {
		const quarantined = stage === "submit" ? this.#quarantineRefusal(target) : undefined;
		const permit = quarantined === undefined ? this.#breakersOf(target).of(stage).enter() : undefined;
		if (permit !== undefined) return permit;
		throw new NotAdmittedError(quarantined ?? this.#breakerRefusal(stage, target), stage, target);
	}

	#quarantineRefusal(target: CallTarget): Refusal | undefined {
		const quarantine = this.#quarantines.find(target);
		return quarantine && this.#refuse("quarantined", quarantine.message, quarantine.remainingMs);
	}

	#breakerRefusal(stage: CallStage, target: CallTarget): Refusal {
		const breakers = this.#breakersOf(target);
		const last = breakers.lastCode(stage);
		const why = `${target.provider}:${target.model} is left alone for a while, as calls kept failing`;
		return this.#refuse("breaker_open", last === undefined ? why : `${why} (${last})`, breakers.of(stage).waitMs());
	}

	#refuse(reason: Refusal["reason"], why: string, retryAfterMs: number | undefined): Refusal {
		if (retryAfterMs === undefined) return { admitted: false, reason, message: why };
		const message = `${why}; the next try is in ${Math.ceil(retryAfterMs / 1_000)} s`;
		return { admitted: false, reason, message, retryAfterMs, retryAtMs: this.#clock.now() + retryAfterMs };
	}

	#learn(stage: CallStage, target: CallTarget, error: unknown): CallVerdict {
		const { action, counts, kind } = this.decide(stage, target, error);
		this.#breakersOf(target).note(stage, error);
		const askedMs = retryAfterMs(error);
		if (stage === "submit" && kind === "rate_limited" && askedMs !== undefined) {
			this.limiter.hold(target, Math.min(askedMs, this.#policiesOf(target).maxBackoffMs));
		}
		if (action === "quarantine") this.quarantine(target, kind === "payment" ? "payment" : "authentication");
		return counts;
	}

	#timeoutMs(stage: CallStage, target: CallTarget): number {
		const { submitTimeoutMs, lookTimeoutMs } = this.#policiesOf(target);
		// A download takes as long as it takes; it has limits of its own for silence, size and total time.
		return { submit: submitTimeoutMs, poll: lookTimeoutMs, download: 0 }[stage];
	}

	#policiesOf({ provider, model }: CallTarget): PolicySettings {
		return policiesFor(this.#policies, provider, model);
	}

	#breakersOf(target: CallTarget): ModelBreakers {
		const key = `${accountKey(target)} ${target.model}`;
		const known = this.#models.get(key);
		if (known !== undefined) return known;
		const { breaker } = this.#policiesOf(target);
		const breakers = new ModelBreakers(target, breaker, this.#clock, (change) => this.#announce(change));
		this.#models.set(key, breakers);
		return breakers;
	}

	#announce(change: HealthChange): void {
		try {
			this.#onChange(change);
		} catch {
			// What a listener throws is its own trouble: the state has changed, and the call goes on.
		}
	}
}

function retryAfterMs(error: unknown): number | undefined {
	return isVideoError(error) ? error.retryAfterMs : undefined;
}
