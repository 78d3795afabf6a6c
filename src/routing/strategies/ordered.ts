import type { RoutingStrategy } from "./routing-strategy.ts";

/** As the user wrote them. */
export const ordered: RoutingStrategy = (candidates) => candidates;
