import {
	AuthenticationError,
	ContentRefusedError,
	type FailureKind,
	type HttpAnswer,
	ModelNotFoundError,
	ModelRetiredError,
	ProviderError,
	QuotaError,
	RateLimitError,
	readable,
	redact,
	type VideoError,
} from "../../src/provider-kit/index.ts";
import { OMNI, type Reach } from "./models.ts";
import { parseGoogleError, type RpcError } from "./wire.ts";

/** Words of Google's that stand where a code does. */
const SAFETY_CODE =
	/^(?:IMAGE_|VIDEO_)?(?:SAFETY|PROHIBITED_CONTENT|BLOCKLIST|SPII|RAI)\b|CONTENT_BLOCKED|content_(?:blocked|policy)/i;
/** Its sentences about content; a mere field named `safety_settings` is not one. */
const SAFETY_WORDS =
	/\b(?:blocked|refused|rejected|filtered|violat\w+)\b[^.]*\b(?:safety|polic(?:y|ies)|guidelines|prohibited|responsible ai)|\bsensitive words\b|\busage guidelines\b|\bresponsible ai\b/i;
const EMPTY_ACCOUNT = /current quota|billing|credits?\b.*\b(?:depleted|exhausted)|prepa(?:id|yment)/i;
const NO_LONGER = /no longer available|(?:has been|was|is) (?:retired|discontinued|shut ?down)/i;
const KINDS: readonly (readonly [codes: readonly (number | string)[], kind: FailureKind])[] = [
	[[1, 499, "CANCELLED"], "cancelled"],
	[[4, 408, 504, "DEADLINE_EXCEEDED", "timeout"], "expired"],
	[[3, 5, 7, 9, 11, 12, 400, 403, 404, 422, "INVALID_ARGUMENT", "FAILED_PRECONDITION", "invalid_request"], "invalid"],
];

/** Why a generation failed, in reelay's words. */
export function kindOf(error: RpcError): FailureKind {
	if (isSafety(error)) return "refused";
	const said = [error.status, error.code];
	return KINDS.find(([codes]) => codes.some((code) => said.includes(code)))?.[1] ?? "internal";
}

/** One line without secrets and pictures; never empty. */
export function readableReason(text: string | undefined): string {
	const line = readable(withoutMedia(text ?? ""));
	return line === "" ? "no reason was given" : line;
}

/** A refused submission in better words than its status has; `undefined` when there are none. */
export function explainRefusal(answer: HttpAnswer, model: string, reach: Reach): VideoError | undefined {
	const { status, json } = answer;
	const error = parseGoogleError(json);
	if (error === undefined) return undefined;
	const reason = readableReason(error.message);
	if (isSafety(error)) {
		const problem = `Google refused the content: ${reason}; change the prompt or the images`;
		return new ContentRefusedError(problem, { phase: "submit", reasons: [reason] });
	}
	if (status === 401 || status === 403 || error.reasons.includes("API_KEY_INVALID")) {
		if (status !== 401 && EMPTY_ACCOUNT.test(reason)) return quotaError(reason);
		return new AuthenticationError(`Google refused the credential: ${reason}; ${keyRemedy(reach)}`);
	}
	if (status === 429) {
		const waitMs = error.retryDelayMs;
		// The same sentence is said of a minute and of an account; only the former comes with a wait.
		if (error.isDaily || (EMPTY_ACCOUNT.test(reason) && waitMs === undefined && !answer.headers.has("retry-after"))) {
			return quotaError(reason);
		}
		if (waitMs === undefined) return undefined;
		const problem = `Google is asked too often: ${reason}; try later`;
		return new RateLimitError(problem, { phase: "submit", retryable: true, retryAfterMs: waitMs });
	}
	if (NO_LONGER.test(reason)) {
		return new ModelRetiredError(`model: Google no longer offers ${model}: ${reason}; use ${OMNI}`, {
			phase: "submit",
			replacement: OMNI,
		});
	}
	if (status === 404) {
		return new ModelNotFoundError(`Google does not know ${model} there: ${reason}; ${modelRemedy(reach)}`);
	}
	if (status !== 400 && status !== 422) return undefined;
	return new ProviderError(`Google refused the input: ${reason}; correct it, or choose a model that takes it`, {
		status,
		body: withoutMedia(JSON.stringify(json)),
	});
}

/** Google may repeat what it refuses, pictures included. */
function withoutMedia(text: string): string {
	return redact(text).replace(/[A-Za-z0-9+/_-]{100,}={0,2}/g, "[media]");
}

function isSafety({ code, status, message = "" }: RpcError): boolean {
	return (
		[code, status].some((word) => typeof word === "string" && SAFETY_CODE.test(word)) || SAFETY_WORDS.test(message)
	);
}

function quotaError(reason: string): QuotaError {
	return new QuotaError(`Google's quota is used up: ${reason}; raise it, or see to the account's billing`);
}

function keyRemedy(reach: Reach): string {
	if (reach === "gateway") return "check that GEMINI_API_KEY holds the gateway's key";
	if (reach === "gemini") return "check GEMINI_API_KEY, or create a key at aistudio.google.com/apikey";
	return "check GOOGLE_VERTEX_API_KEY or the account, its role Vertex AI User, and that the project has the API enabled";
}

function modelRemedy(reach: Reach): string {
	if (reach === "vertex") return "check its id, GOOGLE_CLOUD_PROJECT and GOOGLE_CLOUD_LOCATION";
	return "check its id and the base URL; on Vertex some ids differ";
}
