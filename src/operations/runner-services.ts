import type { ProviderHttp } from "../http/index.ts";
import type { Clock, PolicySettings } from "../policies/index.ts";
import type { EventHub } from "../telemetry/index.ts";
import type { Ledger } from "./ledger.ts";
import type { TypicalTimes } from "./typical-times.ts";

/** What a job needs of its surroundings. */
export interface RunnerServices {
	readonly ledger: Ledger;
	readonly clock: Clock;
	readonly random: () => number;
	readonly policies: PolicySettings;
	readonly events: EventHub;
	readonly http: ProviderHttp;
	/** What models usually take. */
	readonly typicalTimes: TypicalTimes;
}
