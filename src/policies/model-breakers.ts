import { isVideoError } from "../errors/index.ts";
import { Breaker, type BreakerState } from "./breaker.ts";
import { byStage, type CallStage, type CallTarget } from "./call-stage.ts";
import type { Clock } from "./clock.ts";
import type { HealthChange, LastError, StageHealth } from "./health.ts";
import type { SavedModel } from "./saved-health.ts";
import type { BreakerSettings } from "./settings.ts";

/** The breakers of one model, one a stage, and what went wrong last. */
export class ModelBreakers {
	readonly target: CallTarget;
	readonly #clock: Clock;
	readonly #breakers: Readonly<Record<CallStage, Breaker>>;
	readonly #lastErrors = new Map<CallStage, LastError>();

	/** `onChange` must not throw. */
	constructor(target: CallTarget, settings: BreakerSettings, clock: Clock, onChange: (change: HealthChange) => void) {
		const { provider, model, account } = target;
		this.target = { provider, model, ...(account === undefined ? {} : { account }) };
		this.#clock = clock;
		const announce = (stage: CallStage, state: BreakerState) => {
			const change = { provider, model: `${provider}:${model}`, stage, state };
			const reason = this.lastCode(stage);
			onChange(reason === undefined ? change : { ...change, reason });
		};
		this.#breakers = byStage((stage) => new Breaker(settings, clock, (state) => announce(stage, state)));
	}

	of(stage: CallStage): Breaker {
		return this.#breakers[stage];
	}

	/** The code of the last error of a stage. */
	lastCode(stage: CallStage): string | undefined {
		return this.#lastErrors.get(stage)?.code;
	}

	/** Remembers what went wrong. */
	note(stage: CallStage, error: unknown): void {
		const code = isVideoError(error) ? error.code : error instanceof Error ? error.name : typeof error;
		this.#lastErrors.set(stage, { code, atMs: this.#clock.now() });
	}

	health(): Readonly<Record<CallStage, StageHealth>> {
		return byStage((stage) => {
			const breaker = this.#breakers[stage];
			const lastError = this.#lastErrors.get(stage);
			return {
				state: breaker.state,
				...(lastError === undefined ? {} : { lastError }),
				...(breaker.state === "open" ? { nextProbeAtMs: this.#clock.now() + breaker.waitMs() } : {}),
			};
		});
	}

	reset(): void {
		byStage((stage) => this.#breakers[stage].reset());
	}

	save(): SavedModel {
		return { ...this.target, stages: byStage((stage) => this.#breakers[stage].save()) };
	}

	/** Goes on from what was saved `elapsedMs` milliseconds ago. */
	restore(stages: SavedModel["stages"], elapsedMs: number): void {
		byStage((stage) => this.#breakers[stage].restore(stages[stage], elapsedMs));
	}
}
