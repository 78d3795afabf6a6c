import { didYouMean } from "../config/index.ts";
import { ModelNotFoundError } from "../errors/index.ts";

/** A model reference, taken apart. */
export interface ModelReference {
	/** The provider's id. */
	readonly provider: string;
	/** The model's id at that provider, exactly as written. */
	readonly model: string;
	/** The whole, `provider:model`. */
	readonly text: string;
}

/** Ids that begin like these are Google's. */
const FAMILIES_OF_GOOGLE = ["gemini", "veo"];
const PREFIXED = /^([a-z][a-z0-9-]*):(.+)$/s;

/**
 * Reads a model reference. Without a prefix an id with a `/` is Hugging Face's, `gemini-*` and `veo-*`
 * are Google's.
 *
 * @param text what the user wrote
 * @param source where it was written, for the message: `model`, or the name of a variable
 * @param providers the ids that are registered
 *
 * Throws `ModelNotFoundError` that names the source and the nearest names.
 */
export function parseModelReference(text: string, source: string, providers: readonly string[]): ModelReference {
	const trimmed = text.trim();
	const prefixed = PREFIXED.exec(trimmed);
	const [provider, model] =
		prefixed === null ? [impliedProvider(trimmed), trimmed] : [prefixed[1] ?? "", (prefixed[2] ?? "").trim()];
	const bare = trimmed.replace(/:$/, "");
	if (provider === undefined && providers.includes(bare)) {
		throw new ModelNotFoundError(
			`${source}: "${trimmed}" names no model; write ${bare}:model. reelay models lists those that are known`,
			{ phase: "input" },
		);
	}
	if (provider === undefined) {
		throw new ModelNotFoundError(
			`${source}: "${trimmed}" names no provider; write provider:model.${nearest(trimmed, providers)} ` +
				`Providers: ${providers.join(", ")}`,
			{ phase: "input" },
		);
	}
	if (!providers.includes(provider)) {
		throw new ModelNotFoundError(
			`${source}: there is no provider "${provider}" for "${trimmed}".${didYouMean(provider, providers)} ` +
				`Providers: ${providers.join(", ")}; others are added with register()`,
			{ phase: "input" },
		);
	}
	return { provider, model, text: `${provider}:${model}` };
}

function impliedProvider(id: string): string | undefined {
	if (FAMILIES_OF_GOOGLE.some((family) => id.startsWith(`${family}-`))) return "google";
	return id.includes("/") ? "huggingface" : undefined;
}

/** `veo9` and `Veo-3` are meant for Google; anything else may be a provider without its model. */
function nearest(id: string, providers: readonly string[]): string {
	const lower = id.toLowerCase();
	const family = FAMILIES_OF_GOOGLE.find((name) => lower.startsWith(name));
	if (family === undefined || !providers.includes("google")) return didYouMean(id, providers);
	return ` Did you mean "google:${lower.startsWith(`${family}-`) ? lower : `${family}-…`}"?`;
}
