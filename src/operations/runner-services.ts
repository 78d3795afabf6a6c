import type { Clock, PolicySettings } from "../policies/index.ts";
import type { Fetch } from "../provider/index.ts";
import type { EventHub } from "../telemetry/index.ts";
import type { Ledger } from "./ledger.ts";

/** What a job needs of its surroundings. */
export interface RunnerServices {
	readonly ledger: Ledger;
	readonly clock: Clock;
	readonly random: () => number;
	readonly policies: PolicySettings;
	readonly events: EventHub;
	readonly fetch: Fetch;
}
