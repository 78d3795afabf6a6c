import { didYouMean } from "../config/index.ts";
import { ConfigurationError, ModelNotFoundError } from "../errors/index.ts";
import type { VideoProvider } from "../provider/index.ts";
import type { NamedReference } from "../routing/index.ts";

/**
 * Refuses a model that a provider with a closed list does not have: `ConfigurationError` when a variable
 * named it, else `ModelNotFoundError`.
 */
export function checkKnown(reference: NamedReference, provider: VideoProvider): void {
	if (provider.traits.modelIds === "open" || provider.model(reference.model) !== undefined) return;
	const known = (provider.models?.() ?? []).map(({ id }) => `${provider.id}:${id}`);
	const message =
		`${reference.source}: there is no "${reference.text}".${didYouMean(reference.text, known)} ` +
		`Models of ${provider.id}: ${known.join(", ")}`;
	throw reference.isEnvironment ? new ConfigurationError(message) : new ModelNotFoundError(message, { phase: "input" });
}
