import type { Ledger } from "./ledger.ts";

/** Recent enough to follow a service that becomes faster or slower, and enough to outvote one odd job. */
const SAMPLES = 20;
const FEWEST_SAMPLES = 3;

/** What each model usually takes, learned from the jobs that the ledger has seen succeed. */
export class TypicalTimes {
	readonly #ledger: Ledger;
	readonly #times = new Map<string, Promise<number[]>>();

	constructor(ledger: Ledger) {
		this.#ledger = ledger;
	}

	/** The median of the latest generations, in milliseconds; `undefined` until there are three. */
	async typicalMs(model: string): Promise<number | undefined> {
		const times = await this.#timesOf(model);
		if (times.length < FEWEST_SAMPLES) return undefined;
		return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];
	}

	/** Takes note of one more. */
	async add(model: string, generationMs: number): Promise<void> {
		const times = await this.#timesOf(model);
		times.unshift(generationMs);
		times.length = Math.min(times.length, SAMPLES);
	}

	#timesOf(model: string): Promise<number[]> {
		const known = this.#times.get(model) ?? this.#load(model);
		this.#times.set(model, known);
		return known;
	}

	async #load(model: string): Promise<number[]> {
		try {
			const records = await this.#ledger.list({ states: ["succeeded"], model, limit: SAMPLES });
			return records.flatMap(({ generationMs }) => generationMs ?? []);
		} catch {
			// Only a hint: a ledger that cannot be read now says so where it matters.
			return [];
		}
	}
}
