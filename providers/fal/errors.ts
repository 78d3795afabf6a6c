import {
	type Billed,
	ContentRefusedError,
	type FailureKind,
	type HttpAnswer,
	type JsonValue,
	jsonAt,
	type OperationStatus,
	ProviderError,
	QuotaError,
	redact,
	type VideoError,
} from "../../src/provider-kit/index.ts";
import type { FalStatus } from "./wire.ts";

/** What the service said about a failure, whatever shape it said it in. */
export interface FalFailure {
	/** Its machine-readable words, such as `content_policy_violation`. */
	readonly types: readonly string[];
	/** Its reason in its own words, without secrets. */
	readonly reason: string;
}

type Failed = Extract<OperationStatus, { state: "failed" }>;

/** Failures of fal's own machines, which it documents as not billed. */
const NOT_BILLED = /^(?:runner_\w+|request_timeout|startup_timeout|internal_error)$/;
const KINDS: readonly (readonly [RegExp, FailureKind])[] = [
	[/content_policy|moderation|nsfw|safety/, "refused"],
	[/^(?:runner_|internal_|downstream_|no_media_generated)/, "internal"],
	[/timeout$/, "expired"],
	[/^client_/, "cancelled"],
	[/^bad_request$/, "invalid"],
];
const STILL_RUNNING = /still in progress/i;
const LONGEST_REASON = 1_000;

/**
 * The failure in an answer. There are three shapes: `{ detail: [{ loc, msg, type }] }`, `{ detail, error_type }`
 * and `{ error: { message, code } }`. `undefined` for any other, which is nobody's verdict.
 */
export function failureIn(json: JsonValue | undefined): FalFailure | undefined {
	const detail = jsonAt(json, "detail");
	if (Array.isArray(detail) && detail.length > 0) {
		return {
			types: detail.flatMap((item) => textAt(item, "type")),
			reason: readable(detail.map(describeItem).join("; ")),
		};
	}
	const error = jsonAt(json, "error");
	const types = [...textAt(json, "error_type"), ...textAt(json, "error", "code"), ...textAt(json, "error", "type")];
	const reasons = [
		...textAt(json, "detail"),
		...textAt(json, "error", "message"),
		...(typeof error === "string" ? [error] : []),
	];
	const [reason] = reasons;
	return reason === undefined ? undefined : { types, reason: readable(reason) };
}

/** The failure that the queue itself reports beside `COMPLETED`, in short. */
export function failureOf({ error, error_type: type }: FalStatus): FalFailure | undefined {
	const isGiven = error !== undefined && error !== null && error !== "";
	if (!isGiven && type === undefined) return undefined;
	const nested = failureIn({ error: error as JsonValue });
	const types = type === undefined ? (nested?.types ?? []) : [type, ...(nested?.types ?? [])];
	return { types, reason: nested?.reason ?? readable(type ?? JSON.stringify(error)) };
}

/** Whether a request for the result came before there was one. */
export function isStillRunning(answer: HttpAnswer): boolean {
	if (answer.status === 202 || answer.json === undefined) return true;
	return answer.status >= 400 && STILL_RUNNING.test(failureIn(answer.json)?.reason ?? "");
}

/**
 * What a result with an error status means for the operation. There is no state of failure: a job that failed
 * is complete, and its result is an error. `announced` is what the queue said with it.
 *
 * Throws a retryable `ProviderError` for an answer that may come from a gateway on the way.
 */
export function readFailure(answer: HttpAnswer, announced: FalFailure | undefined): Failed {
	const { status, headers, json } = answer;
	const told = failureIn(json);
	const headerType = headers.get("x-fal-error-type");
	const types = [...(told?.types ?? []), ...(announced?.types ?? []), ...(headerType === null ? [] : [headerType])];
	const isUserTimeout = status === 504 && headers.get("x-fal-request-timeout-type") === "user";
	const isGateway = status === 502 || status === 503 || status === 504;
	const isVerdict = announced !== undefined || types.length > 0 || isUserTimeout || (told !== undefined && !isGateway);
	if (!isVerdict) {
		throw new ProviderError(`the result could not be read (status ${status}); it is asked for again later`, {
			phase: "poll",
			billed: "unknown",
			retryable: true,
			status,
		});
	}
	return {
		state: "failed",
		kind: kindOf(types, isUserTimeout ? 504 : status),
		reason: told?.reason ?? announced?.reason ?? `status ${status}`,
		billed: billedIn(answer, types),
	};
}

/** What the queue announced, when there is no result that says more. */
export function announcedFailure({ types, reason }: FalFailure): Failed {
	const billed = types.some((type) => NOT_BILLED.test(type)) ? "no" : "unknown";
	return { state: "failed", kind: kindOf(types, 500), reason, billed };
}

/** Whether an answer was charged, as its header says; server errors are documented as free. */
export function billedIn({ headers, status }: HttpAnswer, types: readonly string[] = []): Billed {
	const units = Number.parseFloat(headers.get("x-fal-billable-units") ?? "");
	if (units > 0) return "yes";
	if (units === 0 || status >= 500 || types.some((type) => NOT_BILLED.test(type))) return "no";
	return "unknown";
}

/** A refused submission in better words than its status has; `undefined` when there are none. */
export function explainRefusal({ status, json }: HttpAnswer): VideoError | undefined {
	const failure = failureIn(json);
	if (failure === undefined) return undefined;
	const { types, reason } = failure;
	const details = { phase: "submit", billed: "no" } as const;
	// fal answers 403 for an empty account too, and only the words tell.
	if (status === 403 && /balance|locked/i.test(reason)) {
		return new QuotaError(`fal refused: ${reason}; top the account up`, details);
	}
	if (status !== 400 && status !== 422) return undefined;
	if (kindOf(types, status) === "refused") {
		return new ContentRefusedError(`fal refused the content: ${reason}`, { ...details, reasons: [reason] });
	}
	return new ProviderError(`fal refused the input: ${reason}; correct it, or name its fields in providerOptions.fal`, {
		...details,
		status,
		body: JSON.stringify(json),
	});
}

function kindOf(types: readonly string[], status: number): FailureKind {
	for (const [pattern, kind] of KINDS) if (types.some((type) => pattern.test(type))) return kind;
	if (status === 499) return "cancelled";
	if (status === 504) return "expired";
	return status >= 500 ? "internal" : "invalid";
}

function describeItem(item: JsonValue): string {
	const place = jsonAt(item, "loc");
	const where = Array.isArray(place) ? place.filter((step) => step !== "body").join(".") : "";
	const what = textAt(item, "msg")[0] ?? JSON.stringify(item);
	return where === "" ? what : `${where}: ${what}`;
}

function textAt(json: JsonValue | undefined, ...path: readonly string[]): readonly string[] {
	const value = jsonAt(json, ...path);
	return typeof value === "string" && value !== "" ? [value] : [];
}

/** One line without secrets. */
function readable(text: string): string {
	return redact(text).replace(/\s+/g, " ").trim().slice(0, LONGEST_REASON);
}
