/** In which order the models that can serve a request are tried. */
export { arrange, chooseStrategy, type StrategyName } from "./choose-strategy.ts";
export { LearnedStats } from "./learned-stats.ts";
export type { ModelStats, RoutingCandidate, RoutingStrategy } from "./routing-strategy.ts";
