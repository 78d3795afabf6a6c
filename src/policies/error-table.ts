import { isVideoError } from "../errors/index.ts";
import type { Billed, FailureKind } from "../provider/index.ts";
import type { CallStage } from "./call-stage.ts";
import { type ErrorKind, errorKind } from "./error-kind.ts";
import type { FallbackSettings } from "./settings.ts";

/**
 * What follows from an error. `retry`: the same again, here, within the policy. `next`: the next model of
 * the chain. `quarantine`: the provider is left alone, and the next model has its turn. `pause`: the same
 * again when the breaker lets it. `stop`: nothing more; the error goes to the user.
 */
export type ErrorAction = "retry" | "next" | "quarantine" | "pause" | "stop";

/** What a call says about the health of the service: of these the breaker knows. */
export type CallVerdict = "success" | "failure" | "nothing";

/** What follows from one kind of error. */
export interface ErrorRule {
	/** What belongs to this kind, in words. */
	readonly means: string;
	/** How the breaker counts it. `success`: the service is well, only the request was not. */
	readonly counts: CallVerdict;
	/** What follows for a submission. Anything but `stop` needs proof that nothing was accepted. */
	readonly submit: ErrorAction;
	/** What follows for a look at an operation. */
	readonly poll: ErrorAction;
	/** What follows for the download of a result. */
	readonly download: ErrorAction;
}

/** The one place that says what follows from an error. */
export const ERROR_TABLE: Readonly<Record<ErrorKind, ErrorRule>> = {
	transport: {
		means: "no usable answer: connection refused or lost, name not found, timeout, an answer that cannot be read",
		counts: "failure",
		submit: "retry",
		poll: "retry",
		download: "retry",
	},
	server_error: {
		means: "status 408 or 5xx",
		counts: "failure",
		submit: "retry",
		poll: "retry",
		download: "retry",
	},
	unknown_outcome: {
		means: "a submission was sent and its answer was lost, so it may have been accepted",
		counts: "failure",
		submit: "stop",
		poll: "stop",
		download: "stop",
	},
	rate_limited: {
		means: "status 429: new submissions to the model wait as long as `Retry-After` says, and then go one by one",
		counts: "nothing",
		submit: "retry",
		poll: "retry",
		download: "retry",
	},
	not_admitted: {
		means: "not sent: the breaker is open, or the provider is in quarantine",
		counts: "nothing",
		submit: "next",
		poll: "pause",
		download: "pause",
	},
	authentication: {
		means: "status 401 or 403: the key was refused",
		counts: "nothing",
		submit: "quarantine",
		poll: "stop",
		download: "stop",
	},
	payment: {
		means: "status 402: the account is out of credit or of its allowance",
		counts: "nothing",
		submit: "quarantine",
		poll: "retry",
		download: "retry",
	},
	refused: {
		means: "the content rules refused the prompt, an image or the result",
		counts: "success",
		submit: "stop",
		poll: "stop",
		download: "stop",
	},
	invalid: {
		means: "any other status 4xx: the service does not take this request",
		counts: "success",
		submit: "next",
		poll: "retry",
		download: "retry",
	},
	no_model: {
		means: "status 404, 405 or 410, or a model that is not known or retired",
		counts: "success",
		submit: "next",
		poll: "retry",
		download: "retry",
	},
	no_operation: {
		means: "the service does not know the operation, and `notFoundGraceMs` has passed",
		counts: "success",
		submit: "next",
		poll: "stop",
		download: "stop",
	},
	configuration: {
		means: "a key or a setting is missing",
		counts: "nothing",
		submit: "next",
		poll: "stop",
		download: "stop",
	},
	local: {
		means:
			"what no repetition mends, and not the service's trouble: a full disk, an expired URL, a file that is no video",
		counts: "nothing",
		submit: "next",
		poll: "stop",
		download: "stop",
	},
	cancelled: {
		means: "the caller's signal",
		counts: "nothing",
		submit: "stop",
		poll: "stop",
		download: "stop",
	},
};

/** What follows from one error. */
export interface ErrorDecision {
	readonly kind: ErrorKind;
	readonly action: ErrorAction;
	readonly counts: CallVerdict;
}

/**
 * What follows from an error of one stage. A submission without proof that it was rejected (a `VideoError`
 * with `billed: "no"`) is `unknown_outcome`, whatever else is known, and one whose error is not `retryable`
 * is not sent again to the same model.
 */
export function decide(error: unknown, stage: CallStage, fallbackOn: FallbackSettings): ErrorDecision {
	const kind = errorKind(error, stage);
	const { counts, [stage]: action } = ERROR_TABLE[kind];
	if (stage !== "submit") return { kind, action, counts };
	if (kind === "refused" && fallbackOn.refusal) return { kind, action: "next", counts };
	const mayRepeat = isVideoError(error) && error.retryable;
	return { kind, action: action === "retry" && !mayRepeat ? "next" : action, counts };
}

/** What follows when the service's own verdict is that an operation failed, if it was not billed. */
export const VERDICT_TABLE: Readonly<
	Record<FailureKind, { readonly means: string; readonly action: "next" | "stop" }>
> = {
	internal: { means: "the service broke", action: "next" },
	expired: { means: "the service gave up, or forgot the operation", action: "next" },
	refused: { means: "its content rules refused the prompt, an image or the result", action: "stop" },
	invalid: { means: "it cannot do what was asked", action: "stop" },
	cancelled: { means: "somebody stopped it", action: "stop" },
};

/** Whether a failed operation leads to the next model. One that was billed, or may have been, never does. */
export function decideVerdict(kind: FailureKind, billed: Billed, fallbackOn: FallbackSettings): "next" | "stop" {
	if (billed !== "no") return "stop";
	if (kind === "refused" && fallbackOn.refusal) return "next";
	return VERDICT_TABLE[kind].action;
}
