import type { ChainSettings } from "../config/index.ts";
import { ConfigurationError, isVideoError } from "../errors/index.ts";
import { type ModelReference, parseModelReference } from "./model-reference.ts";

/** One place that may name models, with the words to name it in an error. */
export interface ChainSource {
	readonly settings: ChainSettings;
	readonly modelName: string;
	readonly fallbacksName: string;
	/** Whether the names are those of variables, so that a bad one is a matter of configuration. */
	readonly isEnvironment?: boolean;
}

/** A reference, and where it was named. */
export interface NamedReference extends ModelReference {
	/** The option or variable that named it, for messages. */
	readonly source: string;
	/** Whether that is a variable. */
	readonly isEnvironment: boolean;
}

/**
 * The models to try, in order and each once: the model of the first source that names one, then the
 * fallbacks of the first source that names them. `automatic` stands in when no source names a model.
 *
 * Throws for a reference that cannot be read: `ConfigurationError` when a variable holds it, else
 * `ModelNotFoundError`.
 */
export function resolveChain(
	sources: readonly ChainSource[],
	automatic: ModelReference,
	providers: readonly string[],
): readonly NamedReference[] {
	const named = sources.find((source) => source.settings.model !== undefined);
	const model =
		named?.settings.model === undefined
			? { ...automatic, source: "model", isEnvironment: false }
			: read(named.settings.model, named, named.modelName, providers);
	const followed = sources.find((source) => source.settings.fallbacks !== undefined);
	const fallbacks =
		followed?.settings.fallbacks?.map((text) => read(text, followed, followed.fallbacksName, providers)) ?? [];
	const chain = new Map([model, ...fallbacks].map((reference) => [reference.text, reference]));
	return [...chain.values()];
}

function read(text: string, source: ChainSource, name: string, providers: readonly string[]): NamedReference {
	try {
		const reference = parseModelReference(text, name, providers);
		return { ...reference, source: name, isEnvironment: source.isEnvironment === true };
	} catch (error) {
		if (source.isEnvironment !== true || !isVideoError(error)) throw error;
		throw new ConfigurationError(error.message);
	}
}
