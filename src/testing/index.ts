/** What every provider is held to, and the service to hold it against. */
export { contractCases } from "./contract-cases.ts";
export type {
	CommonContract,
	ContractCase,
	ContractOptions,
	HttpContract,
	InProcessContract,
	ServiceTarget,
} from "./contract-options.ts";
export { type Fault, type FaultMoment, faults, type JobView } from "./faults.ts";
export type { IdempotencyMode } from "./job-store.ts";
export { TINY_IMAGE } from "./option-values.ts";
export {
	createScriptedService,
	type RequestRecord,
	type ScriptedService,
	type ScriptedServiceOptions,
	type ServiceCallName,
} from "./scripted-service.ts";
export type {
	DialectAnswer,
	ReceivedRequest,
	ServiceCall,
	ServiceDialect,
	ServiceFailure,
	ServiceJob,
} from "./service-dialect.ts";
export { studioDialect } from "./studio-dialect.ts";
export { TINY_VIDEO } from "./tiny-video.ts";
