/** What recent jobs tell about a model. */
export interface ModelStats {
	/** What a generation that succeeded usually took, in milliseconds; absent when none of the latest did. */
	readonly medianMs?: number | undefined;
	/** Share of the latest jobs that succeeded, 0 to 1. */
	readonly successRate: number;
	/** How many jobs are remembered. */
	readonly samples: number;
	/** How many of these are the latest, which `medianMs` and `successRate` are taken from. */
	readonly recentSamples: number;
}

/** A model that can serve a request, as a strategy sees it. */
export interface RoutingCandidate {
	/** The model reference, `provider:model`. */
	readonly reference: string;
	/** What it should cost, in US dollars; absent when no price is known. */
	readonly estimatedCostUsd?: number | undefined;
	/** What recent jobs tell; absent when there were none. */
	readonly stats?: ModelStats | undefined;
}

/**
 * Puts candidates into the order in which they are tried. It may leave some out, and must not add any.
 * Called for every job, so it should be fast.
 */
export type RoutingStrategy = (candidates: readonly RoutingCandidate[]) => readonly RoutingCandidate[];
