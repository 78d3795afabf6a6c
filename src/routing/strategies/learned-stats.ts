import { z } from "zod";
import type { ModelStats } from "./routing-strategy.ts";

/** One job that ended: its model, what the generation took in milliseconds, and whether there was a video. */
type Outcome = readonly [model: string, ms: number, succeeded: boolean];

const OUTCOMES = z.lazy(() => z.array(z.tuple([z.string(), z.number().min(0), z.boolean()]).readonly()));

/** Jobs that are remembered. */
const WINDOW = 40;
/** Of these, the jobs of one model that its speed and its successes are taken from: few, so that a change shows soon. */
const RECENT = 7;

/** What the latest jobs tell about each model. Older ones are forgotten. */
export class LearnedStats {
	#outcomes: readonly Outcome[];

	/** Goes on from what `toJSON` returned; from the start when that cannot be read. */
	constructor(stored?: unknown) {
		this.#outcomes = (OUTCOMES.safeParse(stored).data ?? []).slice(-WINDOW);
	}

	/** Adds a job that ended: `model` is the reference, `ms` what the generation took. */
	add(model: string, ms: number, succeeded: boolean): void {
		this.#outcomes = [...this.#outcomes, [model, ms, succeeded] as const].slice(-WINDOW);
	}

	/** What is known of a model; `undefined` when no recent job used it. */
	of(model: string): ModelStats | undefined {
		const own = this.#outcomes.filter(([used]) => used === model);
		if (own.length === 0) return undefined;
		const recent = own.slice(-RECENT);
		const times = recent.filter(([, , succeeded]) => succeeded).map(([, ms]) => ms);
		return {
			medianMs: median(times),
			successRate: times.length / recent.length,
			samples: own.length,
			recentSamples: recent.length,
		};
	}

	/** Plain JSON, for `new LearnedStats(…)` in another process. */
	toJSON(): readonly Outcome[] {
		return this.#outcomes;
	}
}

function median(values: readonly number[]): number | undefined {
	const sorted = values.toSorted((one, other) => one - other);
	const upper = sorted[Math.floor(sorted.length / 2)];
	const lower = sorted[Math.ceil(sorted.length / 2) - 1];
	return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2;
}
