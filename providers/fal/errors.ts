import {
	type Billed,
	ContentRefusedError,
	type FailureKind,
	type HttpAnswer,
	type JsonValue,
	jsonAt,
	kindByWords,
	noVerdict,
	OperationNotFoundError,
	type OperationStatus,
	ProviderError,
	QuotaError,
	readable,
	reasonIn,
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

/** Words of fal's own. Any other may be that of a gateway on the way, which knows nothing of the job. */
const OWN_WORD =
	/^(?:(?:runner|client|downstream)_\w+|(?:request|startup|generation)_timeout|internal_(?:server_)?error|no_media_generated|content_policy\w*)$/;
/** Statuses that a gateway answers with too, when it cannot reach fal or does not know the path. */
const GATEWAY_STATUSES: ReadonlySet<number> = new Set([404, 405, 409]);
/** Failures of fal's own machines, which it documents as not billed. */
const NOT_BILLED = /^(?:runner_\w+|request_timeout|startup_timeout|internal_error)$/;
const KINDS: readonly (readonly [RegExp, FailureKind])[] = [
	[/content_policy|moderation|nsfw|safety/, "refused"],
	[/^(?:runner_|internal_|downstream_|no_media_generated)/, "internal"],
	[/timeout$/, "expired"],
	[/^client_/, "cancelled"],
	[/^bad_request$/, "invalid"],
	// The status, where no type says more.
	[/^499$/, "cancelled"],
	[/^504$/, "expired"],
	[/^5\d\d$/, "internal"],
];
/** There are three shapes: `{ detail: [{ loc, msg, type }] }`, `{ detail, error_type }` and `{ error: { message, code } }`. */
const REASONS = [["detail"], ["error", "message"], ["error"]];
const TYPES = [["error_type"], ["error", "code"], ["error", "type"]];

/** The failure in an answer. One of any other shape is nobody's verdict: `undefined`, unless `otherwise` is its reason. */
export function failureIn(json: JsonValue | undefined, otherwise?: string): FalFailure | undefined {
	const reason = reasonIn(json, REASONS) ?? otherwise;
	if (reason === undefined) return undefined;
	const details = [jsonAt(json, "detail")].flat();
	const types = [...details.map((item) => jsonAt(item, "type")), ...TYPES.map((place) => jsonAt(json, ...place))];
	const words = types.filter((type) => typeof type === "string");
	return { types: words.filter((word) => word !== ""), reason: readable(reason) };
}

/** The failure that the queue itself reports beside `COMPLETED`, in short. */
export function announcedIn({ error = null, error_type: type }: FalStatus): FalFailure | undefined {
	if (type === undefined && (error ?? "") === "") return undefined;
	return failureIn({ error, error_type: type ?? null }, type ?? JSON.stringify(error));
}

/**
 * What a result with an error status means for the operation. There is no state of failure: a job that failed
 * is complete, and its result is an error. `announced` is what the queue said with it.
 *
 * Throws a retryable `ProviderError` for an answer that may come from a gateway on the way, and
 * `OperationNotFoundError` when there is no result at all.
 */
export function readFailure(answer: HttpAnswer, announced: FalFailure | undefined): OperationStatus {
	const { status, headers, json } = answer;
	const told = failureIn(json);
	const types = [told?.types ?? [], announced?.types ?? [], headers.get("x-fal-error-type") ?? []].flat();
	const isUserTimeout = status === 504 && headers.get("x-fal-request-timeout-type") === "user";
	const isOwn = announced !== undefined || headers.has("x-fal-error-type") || isUserTimeout;
	const isPassing = status >= 500 || GATEWAY_STATUSES.has(status);
	const isVerdict = isOwn || types.some((type) => OWN_WORD.test(type)) || (told !== undefined && !isPassing);
	if (!isVerdict) {
		const because = told === undefined ? "" : `: ${told.reason}`;
		// As an endpoint has it that does not exist: its job is queued, and ends with this.
		if (status === 404) throw new OperationNotFoundError(`fal has no result there${because}`, { billed: "unknown" });
		throw noVerdict(`the result could not be read (status ${status}${because}); it is asked for again later`, {
			status,
		});
	}
	const reason = told?.reason ?? announced?.reason ?? `status ${status}`;
	return failed({ types, reason }, status, billedIn(types, answer));
}

/** The verdict on a failure. Its types tell what they can, and the rest is what `status` and `billed` say. */
export function failed({ types, reason }: FalFailure, status = 500, billed = billedIn(types)): OperationStatus {
	return { state: "failed", kind: kindOf(types, status), reason, billed };
}

/** Whether a failure was charged: as a header of its result says, else by its types. */
export function billedIn(types: readonly string[], answer?: HttpAnswer): Billed {
	const units = Number.parseFloat(answer?.headers.get("x-fal-billable-units") ?? "");
	if (units > 0) return "yes";
	return units === 0 || types.some((type) => NOT_BILLED.test(type)) ? "no" : "unknown";
}

/** A refused submission in better words than its status has; `undefined` when there are none. */
export function explainRefusal({ status, json }: HttpAnswer): VideoError | undefined {
	const failure = failureIn(json);
	if (failure === undefined) return undefined;
	const { types, reason } = failure;
	// fal answers 403 for an empty account too, and only the words tell.
	const isEmpty = status === 403 && /balance|locked/i.test(reason);
	if (isEmpty) return new QuotaError(`fal refused: ${reason}; top the account up`);
	if (status !== 400 && status !== 422) return undefined;
	if (kindOf(types, status) === "refused") {
		return new ContentRefusedError(`fal refused the content: ${reason}`, { phase: "submit", reasons: [reason] });
	}
	const remedy = "correct it, or name its fields in providerOptions.fal";
	return new ProviderError(`fal refused the input: ${reason}; ${remedy}`, { status, body: JSON.stringify(json) });
}

function kindOf(types: readonly string[], status: number): FailureKind {
	return kindByWords([...types, String(status)], KINDS) ?? "invalid";
}
