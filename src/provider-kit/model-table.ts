import type { ModelCapabilities, OptionSupport, VideoProvider, VideoTask } from "../provider/index.ts";

/** What is known of a model beside its id, its tasks and its options. */
export type ModelFacts = Omit<ModelCapabilities, "id" | "tasks" | "options">;

/** An answer for every option: the same, but for those that are known. */
export function optionSupport(others: boolean | null, known: Partial<OptionSupport> = {}): OptionSupport {
	return {
		...{ negativePrompt: others, durationSeconds: others, fps: others, aspectRatio: others, resolution: others },
		...{ quality: others, seed: others, numInferenceSteps: others, guidanceScale: others },
		...{ generateAudio: others, lastFrame: others, references: others },
		...known,
	} satisfies { [Name in keyof OptionSupport]: boolean | null };
}

/**
 * A model by its facts. It takes the options that have limits among the facts, sound as `audio` says, and of the
 * others those in `takes`, which counts more than the facts.
 */
export function modelOf(
	id: string,
	tasks: readonly VideoTask[],
	facts: ModelFacts,
	takes: Partial<OptionSupport> = {},
): ModelCapabilities {
	const { durationSeconds, fps, resolutions, aspectRatios, audio } = facts;
	const limited = {
		durationSeconds: durationSeconds !== undefined,
		fps: fps !== undefined,
		resolution: resolutions !== undefined,
		aspectRatio: aspectRatios !== undefined,
		generateAudio: audio === undefined ? null : audio !== "none",
	};
	return { ...facts, id, tasks, options: optionSupport(false, { ...limited, ...takes }) };
}

/** Facts of a model whose clips last `min` to `max` whole seconds, and `usual` where no length is asked for. */
export function wholeSeconds(min: number, max: number, usual?: number): ModelFacts {
	const durationSeconds = { min, max, step: 1 };
	return usual === undefined ? { durationSeconds } : { durationSeconds, defaultDurationSeconds: usual };
}

/** Facts of a model whose clips have one of these lengths in seconds, and `usual` where none is asked for. */
export function oneOfSeconds(values: readonly number[], usual: number): ModelFacts {
	return { durationSeconds: { values }, defaultDurationSeconds: usual };
}

/**
 * Facts of a model by its resolutions, as the service spells them, and their prices in US dollars per second:
 * `{ "720p": 0.1, "1080p": 0.2 }`.
 */
export function pricedBySize(prices: Readonly<Record<string, number>>): ModelFacts {
	const byClass = Object.entries(prices).map(([resolution, price]) => [resolution.toLowerCase(), price]);
	return { resolutions: Object.keys(prices), priceUsdPerSecond: Object.fromEntries(byClass) };
}

/** `model` and `models` of a provider whose models are in a list. `name:version` is known as `name` is. */
export function modelTable(models: readonly ModelCapabilities[]): Required<Pick<VideoProvider, "model" | "models">> {
	const byId = new Map(models.map((model) => [model.id, model]));
	return {
		model(id) {
			const known = byId.get(id) ?? byId.get(id.replace(/:.*$/s, ""));
			return known === undefined ? undefined : { ...known, id };
		},
		models: () => models,
	};
}
