import {
	type Billed,
	ContentRefusedError,
	type FailureKind,
	type HttpAnswer,
	jsonAt,
	OperationNotFoundError,
	type OperationStatus,
	ProviderError,
	redact,
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
const LONGEST_REASON = 500;

/** Whether a failure costs: an engine has no bill, and what is behind a gateway may have one. */
function billedFor(dialect: Dialect): Billed {
	return DIALECTS[dialect].isEngine ? "no" : "unknown";
}

/** The verdict of a job that ended without a video. */
export function failedStatus(
	{ error }: Video,
	kind: FailureKind | undefined,
	dialect: Dialect,
): Extract<OperationStatus, { state: "failed" }> {
	const codes = [error?.code, error?.type].map((code) => String(code ?? ""));
	const reason = readable(error?.message ?? "");
	return {
		state: "failed",
		kind: kind ?? kindOf(codes),
		reason: reason === "" ? "the server gave no reason" : reason,
		billed: billedFor(dialect),
	};
}

/** A refused submission in better words than its status has; `undefined` when there are none. */
export function explainRefusal({ status, json }: HttpAnswer): VideoError | undefined {
	const codes = [jsonAt(json, "error", "code"), jsonAt(json, "error", "type")].map((code) => String(code ?? ""));
	if (status < 400 || status === 401 || status === 429 || kindOf(codes) !== "refused") return undefined;
	const reason = readable(String(jsonAt(json, "error", "message") ?? "no reason was given"));
	const details = { phase: "submit", billed: "no", reasons: [reason] } as const;
	return new ContentRefusedError(`the server refused the content: ${reason}; change the prompt or the image`, details);
}

/** The error for a look whose status says trouble and whose body is no job: the next look may see one. */
export function noVideoError(address: string, { status, json }: HttpAnswer): ProviderError {
	const told = [jsonAt(json, "error", "message"), jsonAt(json, "detail"), jsonAt(json, "message")];
	const reason = readable(String(told.find((text) => typeof text === "string") ?? ""));
	const details = { phase: "poll", billed: "unknown", retryable: true, status } as const;
	return new ProviderError(`GET ${address} answered ${status}${reason === "" ? "" : `: ${reason}`}`, details);
}

/** The error for a job that its server does not know any more, with what can be done. */
export function lostError(server: string, dialect: Dialect, cause: unknown): OperationNotFoundError {
	return new OperationNotFoundError(
		`${server} took the job and does not know it any more: the server was restarted, or several share that address; ` +
			"its video is lost, so submit the request again, and name each server in OPENAI_VIDEOS_BASE_URL by itself",
		{ billed: billedFor(dialect), cause },
	);
}

function kindOf(codes: readonly string[]): FailureKind {
	for (const [pattern, kind] of KINDS) if (codes.some((code) => pattern.test(code))) return kind;
	return "internal";
}

/** One line without secrets. */
function readable(text: string): string {
	return redact(text).replace(/\s+/g, " ").trim().slice(0, LONGEST_REASON);
}
