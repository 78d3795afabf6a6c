import type { ProviderHttp } from "../http/index.ts";
import type { Clock, Resilience, ResolvedPolicies } from "../policies/index.ts";
import type { EventHub } from "../telemetry/index.ts";
import type { Experience } from "./experience.ts";
import type { Ledger } from "./ledger.ts";

/** What a job needs of its surroundings. */
export interface RunnerServices {
	readonly ledger: Ledger;
	readonly clock: Clock;
	readonly random: () => number;
	readonly policies: ResolvedPolicies;
	/** Whether a call is made, and what follows from its error. */
	readonly resilience: Resilience;
	readonly events: EventHub;
	readonly http: ProviderHttp;
	/** What recent jobs tell of the models. */
	readonly experience: Experience;
}
