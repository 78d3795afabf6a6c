/** The names that OpenTelemetry's conventions for generative AI give to what reelay does. */
export const GEN_AI = {
	operation: "gen_ai.operation.name",
	provider: "gen_ai.provider.name",
	model: "gen_ai.request.model",
	output: "gen_ai.output.type",
	error: "error.type",
} as const;

/** The one of the conventions' operations that a generation is. */
export const GENERATE_CONTENT = "generate_content";

/** Providers that the conventions have a name of their own for. All others keep theirs. */
const WELL_KNOWN: Readonly<Record<string, string>> = { google: "gcp.gen_ai", xai: "x_ai" };

/** The provider's name in the conventions. */
export function genAiProvider(provider: string): string {
	return WELL_KNOWN[provider] ?? provider;
}

/** The parts of a model reference, `provider:model`. */
export function splitReference(reference: string): { readonly provider: string; readonly model: string } {
	const colon = reference.indexOf(":");
	if (colon < 0) return { provider: "", model: reference };
	return { provider: reference.slice(0, colon), model: reference.slice(colon + 1) };
}
