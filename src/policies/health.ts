import type { BreakerState } from "./breaker.ts";
import type { CallStage } from "./call-stage.ts";
import type { Quarantine } from "./quarantine.ts";

/** A change in whether a service is called. */
export interface HealthChange {
	/** The provider's id. */
	readonly provider: string;
	/** The model reference, `provider:model`; absent when the whole provider is meant. */
	readonly model?: string;
	/** The stage whose breaker changed; absent for a quarantine. */
	readonly stage?: CallStage;
	/** What holds from now on. */
	readonly state: BreakerState | "quarantined";
	/** The code of the error behind it, or the reason of the quarantine. */
	readonly reason?: string;
}

/** An error of a call, without its words. */
export interface LastError {
	/** Its `code`, or its name when it is not one of reelay's. */
	readonly code: string;
	/** When, in milliseconds since 1970-01-01 UTC. */
	readonly atMs: number;
}

/** How one stage of one model is. */
export interface StageHealth {
	/** Whether calls are made. */
	readonly state: BreakerState;
	/** What went wrong last. It stays when calls succeed again. */
	readonly lastError?: LastError;
	/** When an open breaker lets a call through, in milliseconds since 1970-01-01 UTC. */
	readonly nextProbeAtMs?: number;
}

/** How one model is. */
export interface ModelHealth {
	/** The provider's id. */
	readonly provider: string;
	/** The model reference, `provider:model`. */
	readonly model: string;
	/** The account, where one was told. */
	readonly account?: string;
	/** The breakers, and what went wrong last. */
	readonly stages: Readonly<Record<CallStage, StageHealth>>;
	/** Why the provider is left alone; absent when it is not. */
	readonly quarantine?: Quarantine;
	/** Operations in flight. */
	readonly inFlight: number;
	/** Submissions that wait for a place at the provider. */
	readonly waiting: number;
}
