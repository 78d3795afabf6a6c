/** From what the user named to the models that can serve a request. */
export { atRate } from "./at-rate.ts";
export { type ChainSource, type NamedReference, resolveChain } from "./chain.ts";
export { type FittedRequest, fitRequest, type OnUnsupported } from "./fit-request.ts";
export { limitDuration } from "./limit-duration.ts";
export { type ModelReference, parseModelReference } from "./model-reference.ts";
export {
	arrange,
	chooseStrategy,
	LearnedStats,
	type ModelStats,
	type RoutingCandidate,
	type RoutingStrategy,
	type StrategyName,
} from "./strategies/index.ts";
