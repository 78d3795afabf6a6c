import type { GenerationOptions, ProviderRequest, VideoProvider } from "../provider/index.ts";
import type { ServiceDialect } from "./service-dialect.ts";

/** One requirement of the contract; `run` rejects when the provider breaks it. */
export interface ContractCase {
	readonly name: string;
	readonly run: () => Promise<void>;
}

/** What every provider is tried with. */
export interface CommonContract {
	/** A request that succeeds, as cheap as can be. */
	readonly request: ProviderRequest;
	/** A value for each option that the model takes, to be tried alone. */
	readonly options?: Partial<GenerationOptions>;
	/** How long a generation may take, in milliseconds. @default 30000 */
	readonly timeoutMs?: number;
}

/** A provider without a service behind it. */
export interface InProcessContract extends CommonContract {
	readonly dialect?: undefined;
	/** Makes a fresh instance; called once a case. */
	readonly create: () => VideoProvider;
}

/** Where a provider under test finds its service. */
export interface ServiceTarget {
	readonly baseUrl: string;
	readonly apiKey: string;
}

/** A provider that speaks HTTP. The scripted service speaks its protocol, and goes wrong in every way. */
export interface HttpContract extends CommonContract {
	/** The service's protocol. */
	readonly dialect: ServiceDialect;
	/** Makes an instance that is configured for a service; called several times a case. */
	readonly create: (target: ServiceTarget) => VideoProvider;
	/** Statuses, beside those that always do, that the adapter takes for a refusal. */
	readonly rejectedStatuses?: readonly number[];
	/** The largest answer to a submission that the adapter reads, in bytes. @default 4194304 */
	readonly maxAnswerBytes?: number;
	/** What a key of the service begins with, where the adapter looks at that. */
	readonly keyPrefix?: string;
}

/** The provider under test, and a request that it serves. */
export type ContractOptions = InProcessContract | HttpContract;
