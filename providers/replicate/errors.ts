import {
	ContentRefusedError,
	type FailureKind,
	type HttpAnswer,
	kindByWords,
	ModelNotFoundError,
	ProviderError,
	readable,
	reasonIn,
	type VideoError,
} from "../../src/provider-kit/index.ts";

/** There is no state of refusal: only the text of an error, or its code, tells. */
const KINDS: readonly (readonly [RegExp, FailureKind])[] = [
	[/\(E005\)|flagged|sensitive|nsfw|moderation|content[ _]polic|safety/i, "refused"],
	[/\(E006\)|validation error|invalid input/i, "invalid"],
];

/** Why a prediction failed, in reelay's words. */
export function kindOf(reason: string): FailureKind {
	return kindByWords([reason], KINDS) ?? "internal";
}

/** The text of a prediction's error: mostly a text, at times an object. One line without secrets. */
export function reasonOf(error: unknown): string | undefined {
	const reason = reasonIn(error, [[], ["detail"], ["message"]]);
	if (reason !== undefined) return readable(reason);
	return (error ?? "") === "" ? undefined : readable(JSON.stringify(error));
}

/** A refused submission in better words than its status has; `undefined` when there are none. */
export function explainRefusal({ status, json }: HttpAnswer, model: string): VideoError | undefined {
	if (status === 404) {
		const remedy = 'check its id; a model that is not official needs its version, "owner/name:version"';
		return new ModelNotFoundError(`Replicate does not run "${model}" by that id; ${remedy}`);
	}
	const reason = reasonIn(json, [["invalid_fields"], ["detail"], ["title"]]);
	if (status !== 422 || reason === undefined) return undefined;
	const told = readable(reason);
	if (kindOf(told) === "refused") {
		return new ContentRefusedError(`Replicate refused the content: ${told}`, { phase: "submit", reasons: [told] });
	}
	const remedy = "correct it, or name its fields in providerOptions.replicate";
	const problem = `Replicate refused the input: ${told}; ${remedy}`;
	return new ProviderError(problem, { status, body: JSON.stringify(json) });
}
