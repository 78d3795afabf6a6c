import type { ChainSettings } from "../config/index.ts";
import { type ModelReference, parseModelReference } from "./model-reference.ts";

/** One place that may name models, with the words to name it in an error. */
export interface ChainSource {
	readonly settings: ChainSettings;
	readonly modelName: string;
	readonly fallbacksName: string;
}

/**
 * The models to try, in order and each once: the model of the first source that names one, then the
 * fallbacks of the first source that names them. `automatic` stands in when no source names a model.
 *
 * Throws `ModelNotFoundError` for a reference that cannot be read.
 */
export function resolveChain(
	sources: readonly ChainSource[],
	automatic: ModelReference,
	providers: readonly string[],
): readonly ModelReference[] {
	const named = sources.find((source) => source.settings.model !== undefined);
	const model =
		named?.settings.model === undefined
			? automatic
			: parseModelReference(named.settings.model, named.modelName, providers);
	const followed = sources.find((source) => source.settings.fallbacks !== undefined);
	const fallbacks = (followed?.settings.fallbacks ?? []).map((text) =>
		parseModelReference(text, followed?.fallbacksName ?? "fallbacks", providers),
	);
	const chain = new Map([model, ...fallbacks].map((reference) => [reference.text, reference]));
	return [...chain.values()];
}
