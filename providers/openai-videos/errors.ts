import {
	type Billed,
	ContentRefusedError,
	type FailureKind,
	type HttpAnswer,
	type JsonValue,
	jsonAt,
	kindByWords,
	noVerdict,
	type OperationStatus,
	type ProviderError,
	readable,
	reasonIn,
	type VideoError,
} from "../../src/provider-kit/index.ts";
import { DIALECTS, type Dialect } from "./dialects.ts";
import type { Video } from "./wire.ts";

/** By the service's code, in its own words or as an HTTP status. The first that matches counts. */
const KINDS: readonly (readonly [RegExp, FailureKind])[] = [
	[/content_policy|content_filter|moderation|safety/i, "refused"],
	[/^4(?:00|13|15|22)$|invalid|bad_request|unsupported/i, "invalid"],
	[/cancel/i, "cancelled"],
	[/^(?:408|504)$|expired|timeout/i, "expired"],
];

/** Whether a failure costs: an engine has no bill, and what is behind a gateway may have one. */
export function billedFor(dialect: Dialect): Billed {
	return DIALECTS[dialect].isEngine ? "no" : "unknown";
}

/** The verdict of a job that ended without a video. Its error's code tells the kind, unless its status did. */
export function failedStatus({ error }: Video, kind: FailureKind | undefined, dialect: Dialect): OperationStatus {
	return {
		state: "failed",
		kind: kind ?? kindOf(error) ?? "internal",
		reason: readable(reasonIn(error) ?? "the server gave no reason"),
		billed: billedFor(dialect),
	};
}

/** A refused submission in better words than its status has; `undefined` when there are none. */
export function explainRefusal({ status, json }: HttpAnswer): VideoError | undefined {
	if (status === 401 || status === 429 || kindOf(jsonAt(json, "error")) !== "refused") return undefined;
	const reason = readable(reasonIn(json) ?? "no reason was given");
	const problem = `the server refused the content: ${reason}; change the prompt or the image`;
	return new ContentRefusedError(problem, { phase: "submit", reasons: [reason] });
}

/** The error for a look that was answered with no job, or with trouble: the next look may see one. */
export function noVideoError(address: string, { status, json }: HttpAnswer): ProviderError {
	const reason = reasonIn(json);
	const because = reason === undefined ? "" : `: ${readable(reason)}`;
	return noVerdict(`GET ${address} answered ${status} without a job that it tells of${because}`, { status });
}

function kindOf(error: JsonValue | undefined): FailureKind | undefined {
	return kindByWords([jsonAt(error, "code"), jsonAt(error, "type")].map(String), KINDS);
}
