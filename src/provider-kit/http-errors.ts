import {
	AuthenticationError,
	ModelNotFoundError,
	OperationNotFoundError,
	ProviderError,
	QuotaError,
	RateLimitError,
	retryAfterMs,
	type VideoError,
	type VideoErrorDetails,
} from "../errors/index.ts";
import type { Exchange, ReadAnswer } from "./http-exchange.ts";
import { reasonIn } from "./service-words.ts";

const LONGEST_REASON = 300;
const REQUEST_ID_NAMES = ["x-request-id", "request-id", "x-fal-request-id", "x-correlation-id", "x-amzn-requestid"];

/** The error for an answer that proves that nothing was accepted: a refused submission, or a call before it. */
export function rejectedError(exchange: Exchange, answer: ReadAnswer): VideoError {
	const { status } = answer;
	const retryable = status === 408 || status === 429 || status >= 500;
	const details = { ...detailsOf(exchange, answer), phase: "submit", billed: "no", retryable } as const;
	const refusal = refusalOf(exchange, answer);
	switch (status) {
		case 401:
		case 403:
			return new AuthenticationError(`${refusal}; check the key, and what its account may use`, details);
		case 402:
			return new QuotaError(`${refusal}; top the account up`, details);
		case 404:
			return new ModelNotFoundError(`${refusal}; check the model's id and the base URL`, details);
		case 429:
			return new RateLimitError(`${refusal}; try later`, details);
		default:
			return new ProviderError(refusal, details);
	}
}

/** The error for an answer to a look that holds no status. None of them ends an operation. */
export function lookError(exchange: Exchange, answer: ReadAnswer): VideoError {
	const { status } = answer;
	const details = { ...detailsOf(exchange, answer), phase: "poll", billed: "unknown" } as const;
	const refusal = refusalOf(exchange, answer);
	switch (status) {
		case 401:
		case 403:
			return new AuthenticationError(`${refusal}; check the key, then resume the job`, details);
		case 404:
		case 410:
			return new OperationNotFoundError(`${refusal}; the service does not know the operation`, details);
		case 429:
			return new RateLimitError(refusal, { ...details, retryable: true });
		default:
			return noVerdict(refusal, details);
	}
}

/** The error for a look that gave no verdict: none ends an operation, and the core looks again later. */
export function noVerdict(
	message: string,
	details: VideoErrorDetails & { readonly status?: number; readonly body?: string } = {},
): ProviderError {
	return new ProviderError(message, { phase: "poll", billed: "unknown", retryable: true, ...details });
}

/** The error for an answer that does not say whether the submission was accepted, or what it made. */
export function unknownError(exchange: Exchange, answer: ReadAnswer, problem: string): ProviderError {
	const details = { ...detailsOf(exchange, answer), phase: "submit", billed: "unknown" } as const;
	return new ProviderError(problem, details);
}

/** What an error keeps of an answer. */
function detailsOf(
	exchange: Exchange,
	answer: ReadAnswer,
): VideoErrorDetails & { readonly status: number; readonly body: string } {
	const { headers, status, json, text, cause } = answer;
	const requestId = requestIdOf(exchange, headers);
	// The server's own clock, where it tells: a date to wait for is one by that clock.
	const dateMs = Date.parse(headers.get("date") ?? "");
	const waitMs = retryAfterMs((name) => headers.get(name), Number.isNaN(dateMs) ? Date.now() : dateMs);
	return {
		status,
		// Written anew: servers escape the same text in different ways, a key or an image too.
		body: exchange.hide(json === undefined ? text : JSON.stringify(json)),
		...(requestId === undefined ? {} : { requestId }),
		...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
		...(cause === undefined ? {} : { cause }),
	};
}

/** The request, the status and the service's own reason in one line. */
export function refusalOf(exchange: Exchange, { status, json, text }: ReadAnswer): string {
	const reason = oneLine(exchange.hide(reasonIn(json) ?? text));
	const redirect = status >= 300 && status < 400 ? ", a redirect, which is never followed" : "";
	return `${exchange.name} answered ${status}${redirect}${reason === "" ? "" : `: ${reason}`}`;
}

/** Text of a service, fit for one line of a message. Secrets must be gone already: a cut one would go unnoticed. */
export function oneLine(text: string): string {
	const line = text.replace(/[\s\p{C}]+/gu, " ").trim();
	return line.length <= LONGEST_REASON ? line : `${line.slice(0, LONGEST_REASON)}…`;
}

function requestIdOf(exchange: Exchange, headers: Headers): string | undefined {
	const found = REQUEST_ID_NAMES.map((name) => headers.get(name)).find((value) => value !== null);
	const isSafe = found !== undefined && /^[\w.:/=+-]{1,128}$/.test(found) && exchange.hide(found) === found;
	return isSafe ? found : undefined;
}
