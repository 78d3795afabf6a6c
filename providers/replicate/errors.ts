import {
	type FailureKind,
	type HttpAnswer,
	type JsonValue,
	jsonAt,
	ModelNotFoundError,
	ProviderError,
	redact,
	type VideoError,
} from "../../src/provider-kit/index.ts";

/** There is no state of refusal: only the text of an error, or its code, tells. */
const KINDS: readonly (readonly [RegExp, FailureKind])[] = [
	[/\(E005\)|flagged|sensitive|nsfw|moderation|content[ _]polic|safety/i, "refused"],
	[/\(E006\)|validation error|invalid input/i, "invalid"],
];
const LONGEST_REASON = 1_000;

/** Why a prediction failed, in reelay's words. */
export function kindOf(reason: string): FailureKind {
	return KINDS.find(([pattern]) => pattern.test(reason))?.[1] ?? "internal";
}

/** The text of a prediction's error: mostly a text, at times an object. One line without secrets. */
export function reasonOf(error: unknown): string {
	const inner = [jsonAt(error as JsonValue, "detail"), jsonAt(error as JsonValue, "message")];
	const text = [error, ...inner].find((value) => typeof value === "string" && value !== "");
	if (error === undefined || error === null || error === "") return "no reason was given";
	return readable(typeof text === "string" ? text : JSON.stringify(error));
}

/** A refused submission in better words than its status has; `undefined` when there are none. */
export function explainRefusal({ status, json }: HttpAnswer, model: string): VideoError | undefined {
	const details = { phase: "submit", billed: "no" } as const;
	if (status === 404) {
		const remedy = 'check its id; a model that is not official needs its version, "owner/name:version"';
		return new ModelNotFoundError(`Replicate does not run "${model}" by that id; ${remedy}`, details);
	}
	if (status !== 422) return undefined;
	const fields = jsonAt(json, "invalid_fields");
	const named = Array.isArray(fields) ? fields.map(describeField) : [];
	const reason = named.length > 0 ? named.join("; ") : (jsonAt(json, "detail") ?? jsonAt(json, "title"));
	if (typeof reason !== "string") return undefined;
	return new ProviderError(
		`Replicate refused the input: ${readable(reason)}; correct it, or name its fields in providerOptions.replicate`,
		{ ...details, status, body: JSON.stringify(json) },
	);
}

function describeField(item: JsonValue): string {
	const name = jsonAt(item, "field") ?? jsonAt(item, "name");
	const problem = jsonAt(item, "description") ?? jsonAt(item, "detail") ?? jsonAt(item, "message");
	return typeof name === "string" && typeof problem === "string" ? `${name}: ${problem}` : JSON.stringify(item);
}

function readable(text: string): string {
	return redact(text).replace(/\s+/g, " ").trim().slice(0, LONGEST_REASON);
}
