import { CancelledError, isVideoError, ProviderError, type VideoError } from "../errors/index.ts";
import type { CallContext, JsonValue } from "../provider/index.ts";
import { lookError, noVerdict, oneLine, refusalOf, rejectedError, unknownError } from "./http-errors.ts";
import { Exchange, type HttpAnswer, type HttpRequest, type ReadAnswer } from "./http-exchange.ts";
import { hasDuplicateName } from "./parse-json.ts";

/** The one request of a submission. */
export interface SubmitRequest extends HttpRequest {
	/**
	 * Statuses, beside those that always do, with which this service proves that it accepted nothing; for
	 * example `[503]` where its documentation says so. In doubt leave it out: it costs users money.
	 */
	readonly rejectedStatuses?: readonly number[];
	/** Says more of a refusal than its status does, for example `ContentRefusedError`; `undefined` if it cannot. */
	readonly explain?: (answer: HttpAnswer) => VideoError | undefined;
}

/** A request that costs nothing. */
export interface LookRequest extends HttpRequest {
	/** Error statuses whose JSON the adapter reads itself, where a service reports a failed job by one. */
	readonly readableStatuses?: readonly number[];
}

/** The answer to a submission: a status of success, and JSON. */
export interface SubmitAnswer extends HttpAnswer {
	readonly json: JsonValue;
}

/** Answers that mean at every service that nothing was accepted. */
const REJECTED = [400, 401, 402, 403, 404, 405, 413, 415, 422, 429];

/**
 * Sends the one request of a submission that may cost money (`POST` unless told otherwise), and turns
 * whatever comes back into one of the three outcomes of `start`.
 *
 * Returns the answer when it was one of success and complete JSON. Throws an error with `billed: "no"`
 * when the service refused (400, 401, 402, 403, 404, 405, 413, 415, 422, 429 and `rejectedStatuses`):
 * `AuthenticationError`, `QuotaError`, `ModelNotFoundError`, `RateLimitError`, else `ProviderError`; also
 * `CancelledError` when the signal was aborted before, and `ConfigurationError` for a key that no header
 * can carry. Everything else (no answer, any other status, an answer that is cut, too large, no JSON, or
 * says two things at once) is a `ProviderError` with `billed: "unknown"`.
 */
export async function submitRequest(context: CallContext, request: SubmitRequest): Promise<SubmitAnswer> {
	const exchange = new Exchange(request, "POST");
	const { explain, rejectedStatuses = [] } = request;
	throwIfAborted(context.signal);
	const answer = await exchange.send(context, isSuccess).catch((cause: unknown) => {
		throw new ProviderError(noAnswer(exchange, cause), { billed: "unknown", cause });
	});
	const { status, text } = answer;
	if (status >= 400 && [...REJECTED, ...rejectedStatuses].includes(status)) {
		throw explain?.(answer) ?? rejectedError(exchange, answer);
	}
	if (!isSuccess(status)) throw unknownError(exchange, answer, refusalOf(exchange, answer));
	const problem = problemOf(answer) ?? (hasDuplicateName(text) ? "has a name twice" : undefined);
	if (problem !== undefined) throw unknownError(exchange, answer, badAnswer(exchange, answer, problem));
	return answer as SubmitAnswer;
}

/**
 * Sends a request that costs nothing (`GET` unless told otherwise): a look, a cancellation, a search.
 * `json` is `undefined` when the body is empty, with which some services say "not yet".
 *
 * Throws what the core needs to go on: `OperationNotFoundError` (404, 410), `AuthenticationError` (401,
 * 403), `RateLimitError` (429), and for everything else, no answer included, a `ProviderError` that is
 * retryable. None of them ends an operation. Rejects with the signal's reason when it is aborted.
 */
export async function lookRequest(context: CallContext, request: LookRequest): Promise<HttpAnswer> {
	const exchange = new Exchange(request, "GET");
	const { readableStatuses = [] } = request;
	const mayRead = (status: number) => isSuccess(status) || readableStatuses.includes(status);
	const answer = await exchange.send(context, mayRead).catch((cause: unknown) => {
		context.signal.throwIfAborted();
		throw noVerdict(noAnswer(exchange, cause), { cause });
	});
	context.signal.throwIfAborted();
	const problem = problemOf(answer);
	const isEmpty = answer.text === "" && answer.cause === undefined && problem === NOT_JSON;
	if (isSuccess(answer.status)) {
		if (problem === undefined || isEmpty) return answer;
		throw noVerdict(badAnswer(exchange, answer, problem), { cause: answer.cause });
	}
	if (mayRead(answer.status) && problem === undefined) return answer;
	throw lookError(exchange, answer);
}

/**
 * Sends a request that comes before a submission and costs nothing (`GET` unless told otherwise): an
 * upload, a token, the name of a route. Whatever goes wrong is an error with `billed: "no"`, as nothing
 * was submitted yet; a passing trouble is `retryable`.
 */
export async function prepareRequest(context: CallContext, request: HttpRequest): Promise<SubmitAnswer> {
	const exchange = new Exchange(request, "GET");
	throwIfAborted(context.signal);
	const answer = await exchange.send(context, isSuccess).catch((cause: unknown) => {
		throwIfAborted(context.signal);
		throw new ProviderError(noAnswer(exchange, cause), { retryable: true, cause });
	});
	if (!isSuccess(answer.status)) throw rejectedError(exchange, answer);
	const problem = problemOf(answer);
	if (problem === undefined) return answer as SubmitAnswer;
	throw new ProviderError(badAnswer(exchange, answer, problem), { retryable: true, cause: answer.cause });
}

const NOT_JSON = "is not JSON";

function isSuccess(status: number): boolean {
	return status >= 200 && status < 300;
}

function problemOf({ json, problem }: ReadAnswer): string | undefined {
	return problem ?? (json === undefined ? NOT_JSON : undefined);
}

function badAnswer(exchange: Exchange, { status, text }: ReadAnswer, problem: string): string {
	const start = oneLine(exchange.hide(text).slice(0, 80));
	return `${exchange.name} answered ${status}, and the answer ${problem}${start === "" ? "" : ` (${start})`}`;
}

function noAnswer(exchange: Exchange, cause: unknown): string {
	return `${exchange.name} got no answer: ${exchange.hide(describeCause(cause))}`;
}

/** The words of an error and, as "fetch failed" says little, the code of the one underneath. */
function describeCause(cause: unknown): string {
	if (!(cause instanceof Error)) return String(cause);
	const { cause: inner, message } = cause;
	if (!(inner instanceof Error) || isVideoError(cause)) return message;
	return `${message}: ${"code" in inner && typeof inner.code === "string" ? inner.code : inner.message}`;
}

function throwIfAborted(signal: AbortSignal): void {
	if (!signal.aborted) return;
	throw new CancelledError("cancelled before anything was sent", { phase: "submit", cause: signal.reason });
}
