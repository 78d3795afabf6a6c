import type { ModelStats, RoutingStrategy } from "./routing-strategy.ts";

/** How much a model with little evidence is taken to be better than it looks. */
const OPTIMISM = 0.3;

/**
 * By the time until a video is there, the shortest first: what a generation takes, divided by the share that
 * succeeds. A model gets the benefit of the doubt while little is known of it, and one that no recent job
 * used goes first, so that a model that has become faster is found. (This is the bandit rule UCB over a
 * sliding window; the window is that of `LearnedStats`.) Equal ones stay as they were written.
 */
export const fastest: RoutingStrategy = (candidates) => {
	const jobs = candidates.reduce((sum, { stats }) => sum + (stats?.samples ?? 0), 0);
	const ranked = candidates.map((candidate) => ({ candidate, ms: hopedForMs(candidate.stats, jobs) }));
	return ranked.toSorted((one, other) => one.ms - other.ms).map(({ candidate }) => candidate);
};

function hopedForMs(stats: ModelStats | undefined, jobs: number): number {
	if (stats === undefined || stats.samples === 0) return 0;
	if (stats.medianMs === undefined || stats.successRate === 0) return Number.MAX_VALUE;
	return stats.medianMs / stats.successRate / (1 + OPTIMISM * Math.sqrt(Math.log(jobs) / stats.samples));
}
