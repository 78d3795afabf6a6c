import type { RoutingStrategy } from "./routing-strategy.ts";

/** By estimated price, the lowest first; models without a price come last. Equal ones stay as they were written. */
export const cheapest: RoutingStrategy = (candidates) =>
	candidates.toSorted((one, other) => priceOf(one.estimatedCostUsd) - priceOf(other.estimatedCostUsd));

// Not Infinity: the difference of two unknown prices must be 0, not NaN.
function priceOf(estimatedCostUsd: number | undefined): number {
	return estimatedCostUsd ?? Number.MAX_VALUE;
}
