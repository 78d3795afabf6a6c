import { ConfigurationError, RateLimitError } from "../errors/index.ts";
import { accountKey, type CallTarget } from "./call-stage.ts";
import type { Clock } from "./clock.ts";
import { Gate } from "./gate.ts";
import { policiesFor, type ResolvedPolicies } from "./resolve-policies.ts";
import type { FlowLimits } from "./settings.ts";
import { type Release, SubmissionQueue } from "./submission-queue.ts";

interface ProviderFlow {
	readonly gate: Gate;
	readonly queue: SubmissionQueue;
	readonly models: Map<string, Gate>;
}

/**
 * Bounds how many operations are in flight, and how fast they are submitted, by provider and by model.
 * Whoever has no place waits his turn.
 */
export class SubmissionLimiter {
	readonly #policies: ResolvedPolicies;
	readonly #clock: Clock;
	readonly #flows = new Map<string, ProviderFlow>();

	constructor(policies: ResolvedPolicies, clock: Clock) {
		this.#policies = policies;
		this.#clock = clock;
	}

	/**
	 * Waits for a place for one operation, and counts its submission. The place is held until it is released.
	 *
	 * Rejects with the signal's reason as soon as it is aborted, with `RateLimitError` when too many wait
	 * already, and with `ConfigurationError` when a limit of 0 lets nothing through.
	 */
	async acquire(target: CallTarget, signal: AbortSignal): Promise<Release> {
		const { provider, model } = target;
		const { limits } = policiesFor(this.#policies, provider, model);
		requireOpening(limits, target);
		const { gate, queue } = this.#flowOf(target);
		const modelGate = this.#gateOf(target);
		const { maxWaiting } = policiesFor(this.#policies, provider).limits;
		const mustWait = gate.waitMs() > 0 || modelGate.waitMs() > 0;
		if (mustWait && maxWaiting !== undefined && queue.length >= maxWaiting) {
			throw new RateLimitError(
				`${provider}: ${queue.length} submissions wait for a place already, as many as policies.limits.maxWaiting ` +
					"allows; submit fewer at once, or raise it",
				{ provider, model: `${provider}:${model}` },
			);
		}
		return queue.wait(modelGate, signal);
	}

	/** Takes a place without waiting, for an operation that runs already: one that is resumed. */
	occupy(target: CallTarget): Release {
		return this.#flowOf(target).queue.occupy(this.#gateOf(target));
	}

	/** Lets no submission to the model through for so many milliseconds, because the service asked for it. */
	hold(target: CallTarget, ms: number): void {
		this.#gateOf(target).hold(ms);
		this.#flowOf(target).queue.admitNext();
	}

	/** Operations of the model in flight, and submissions that wait for a place at its provider. */
	usage(target: CallTarget): { readonly inFlight: number; readonly waiting: number } {
		return { inFlight: this.#gateOf(target).inFlight, waiting: this.#flowOf(target).queue.length };
	}

	#flowOf(target: CallTarget): ProviderFlow {
		const key = accountKey(target);
		const known = this.#flows.get(key);
		if (known !== undefined) return known;
		const { maxInFlight, submissionsPerMinute: perMinute } = policiesFor(this.#policies, target.provider).limits;
		const gate = new Gate({ maxInFlight, perMinute }, this.#clock);
		const flow = { gate, queue: new SubmissionQueue(gate, this.#clock), models: new Map<string, Gate>() };
		this.#flows.set(key, flow);
		return flow;
	}

	#gateOf(target: CallTarget): Gate {
		const { models } = this.#flowOf(target);
		const known = models.get(target.model);
		if (known !== undefined) return known;
		const { limits } = policiesFor(this.#policies, target.provider, target.model);
		const { maxInFlightPerModel: maxInFlight, submissionsPerMinutePerModel: perMinute } = limits;
		const gate = new Gate({ maxInFlight, perMinute }, this.#clock);
		models.set(target.model, gate);
		return gate;
	}
}

function requireOpening(limits: FlowLimits, { provider, model }: CallTarget): void {
	const { maxWaiting: _maxWaiting, ...gates } = limits;
	const shut = Object.entries(gates).find(([, limit]) => limit === 0);
	if (shut === undefined) return;
	throw new ConfigurationError(
		`policies.limits.${shut[0]}: 0 lets nothing through to ${provider}:${model}; raise it, or use another model`,
	);
}
