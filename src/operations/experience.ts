import type { LearnedPace } from "../policies/index.ts";
import { LearnedStats, type ModelStats } from "../routing/index.ts";
import type { JobRecord, Ledger } from "./ledger.ts";

/** Recent enough to follow a service that becomes faster or slower, and enough to outvote one odd job. */
const SAMPLES = 20;
const FEWEST_SAMPLES = 3;
/** Jobs that a strategy learns from. */
const RECENT_JOBS = 40;

/** A fixed interval with as many looks notices later than these, whether times are steady or wild. */
const STEP_OF_SPREAD = 0.25;
const STEP_OF_TYPICAL = 0.02;

/** What the jobs of the ledger tell of the models, and those of this process as they end. */
export class Experience {
	readonly #ledger: Ledger;
	readonly #times = new Map<string, Promise<number[]>>();
	#stats: Promise<LearnedStats> | undefined;

	constructor(ledger: Ledger) {
		this.#ledger = ledger;
	}

	/** The median of a model's latest generations, in milliseconds; `undefined` until there are three. */
	async typicalMs(model: string): Promise<number | undefined> {
		const times = await this.#timesOf(model);
		if (times.length < FEWEST_SAMPLES) return undefined;
		return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];
	}

	/** When to look for the end of a model's operation, by its latest generations; `undefined` until there are three. */
	async pace(model: string): Promise<LearnedPace | undefined> {
		const times = (await this.#timesOf(model)).toSorted((one, other) => one - other);
		if (times.length < FEWEST_SAMPLES) return undefined;
		const at = (share: number) => times[Math.floor(share * (times.length - 1))] ?? 0;
		const stepMs = Math.max(STEP_OF_SPREAD * (at(0.8) - at(0.2)), STEP_OF_TYPICAL * at(0.5));
		return { firstMs: at(0), lastMs: at(1), stepMs };
	}

	/** How fast and how reliable models were, for strategies. */
	async stats(): Promise<(model: string) => ModelStats | undefined> {
		const stats = await this.#loadStats();
		return (model) => stats.of(model);
	}

	/** A model has generated a video. */
	async succeeded(model: string, generationMs: number): Promise<void> {
		const times = await this.#timesOf(model);
		times.unshift(generationMs);
		times.length = Math.min(times.length, SAMPLES);
		(await this.#stats)?.add(model, generationMs, true);
	}

	/** A model has failed, or could not be asked. */
	async failed(model: string): Promise<void> {
		(await this.#stats)?.add(model, 0, false);
	}

	#timesOf(model: string): Promise<number[]> {
		const known = this.#times.get(model) ?? this.#loadTimes(model);
		this.#times.set(model, known);
		return known;
	}

	async #loadTimes(model: string): Promise<number[]> {
		const records = await this.#recall({ states: ["succeeded"], model, limit: SAMPLES });
		return records.flatMap(({ generationMs }) => generationMs ?? []);
	}

	#loadStats(): Promise<LearnedStats> {
		this.#stats ??= this.#recall({ states: ["succeeded", "failed"], limit: RECENT_JOBS }).then((records) => {
			const stats = new LearnedStats();
			for (const record of records.toReversed()) {
				for (const { model, errorCode, outcome } of record.attempts) {
					if (errorCode !== undefined && outcome !== "skipped") stats.add(model, 0, false);
					else if (record.generationMs !== undefined) stats.add(model, record.generationMs, true);
				}
			}
			return stats;
		});
		return this.#stats;
	}

	/** Only hints: a ledger that cannot be read now says so where it matters. */
	async #recall(filter: Parameters<Ledger["list"]>[0]): Promise<readonly JobRecord[]> {
		return this.#ledger.list(filter).catch(() => []);
	}
}
