import {
	AuthenticationError,
	ContentRefusedError,
	type FailureKind,
	type HttpAnswer,
	isVideoError,
	type JsonValue,
	jsonAt,
	ModelNotFoundError,
	type OperationStatus,
	ProviderError,
	QuotaError,
	redact,
	type VideoAsset,
	type VideoError,
} from "../../src/provider-kit/index.ts";
import type { Access } from "./access.ts";
import type { InferenceProviderId } from "./inference-providers.ts";

type Failed = Extract<OperationStatus, { state: "failed" }>;

const KINDS: readonly (readonly [RegExp, FailureKind])[] = [
	[/content[ _]polic|moderat|nsfw|safety|sensitive|flagged|\(E005\)/i, "refused"],
	[/invalid|validation|\(E006\)/i, "invalid"],
];
const REASON_PATHS: readonly (readonly (string | number)[])[] = [
	["error", "message"],
	["error"],
	["detail"],
	["detail", "message"],
	["message"],
	["reason"],
	["title"],
];
const LONGEST_REASON = 1_000;
/** Base64 without a mark, as WaveSpeed wants pictures and may give them back; less of it where a text was cut. */
const MEDIA = /[A-Za-z0-9+/\\]{64,}={0,2}|[A-Za-z0-9+/\\]{20,}(?=…|$)/g;

/** Why a job failed, from a service's words: none has a state for it. */
export function kindOf(...words: readonly string[]): FailureKind {
	return KINDS.find(([pattern]) => words.some((text) => pattern.test(text)))?.[1] ?? "internal";
}

/** A failure in a service's words. Nobody says through Hugging Face what is billed. */
export function failed(reason: string, kind: FailureKind = kindOf(reason)): Failed {
	return { state: "failed", kind, reason, billed: "unknown" };
}

/** The end of a job that names its videos, or should. */
export function succeeded(urls: readonly unknown[], warnings: readonly string[] = []): OperationStatus {
	const [first, ...others] = urls.flatMap((url): VideoAsset[] =>
		typeof url === "string" && /^https?:\/\//.test(url) && URL.canParse(url) ? [{ kind: "url", url }] : [],
	);
	if (first === undefined) return failed("the result has no video in it", "internal");
	return { state: "succeeded", assets: [first, ...others], ...(warnings.length === 0 ? {} : { warnings }) };
}

/** The reason in an error, whatever its shape; one line without secrets and pictures. */
export function reasonOf(error: unknown): string | undefined {
	if (typeof error === "string" && error !== "") return readable(error);
	const json = error as JsonValue | undefined;
	const detail = jsonAt(json, "detail");
	if (Array.isArray(detail) && detail.length > 0) return readable(detail.map(describeItem).join("; "));
	const found = REASON_PATHS.map((path) => jsonAt(json, ...path));
	const text = found.find((value) => typeof value === "string" && value !== "");
	return typeof text === "string" ? readable(text) : undefined;
}

/** A refused submission in better words than its status has; `undefined` when there are none. */
export function explainRefusal(
	{ status, json }: HttpAnswer,
	model: string,
	at: InferenceProviderId,
	{ route, keyName }: Access,
): VideoError | undefined {
	const details = { phase: "submit", billed: "no" } as const;
	const reason = reasonOf(json) ?? `status ${status}`;
	const service = route === "router" ? "Hugging Face" : at;
	switch (status) {
		case 401:
		case 403: {
			const remedy =
				route === "router"
					? 'it must be allowed to "Make calls to Inference Providers", for billTo by that organization too: ' +
						"huggingface.co/settings/tokens"
					: `check that it is a key of ${at}, and what it may use`;
			return new AuthenticationError(`${service} refused ${keyName} (${reason}); ${remedy}`, details);
		}
		case 402: {
			const remedy =
				route === "router" ? "add credits at huggingface.co/settings/billing" : `top the account at ${at} up`;
			return new QuotaError(`${service} wants to be paid first (${reason}); ${remedy}`, details);
		}
		case 404:
			return new ModelNotFoundError(
				`${at} does not know "${model}" (${reason}); it may have left, so name another inference provider`,
				details,
			);
		case 400:
		case 422: {
			const types = [jsonAt(json, "detail", 0, "type"), jsonAt(json, "error", "code")].map(String);
			if (kindOf(reason, ...types) === "refused") {
				return new ContentRefusedError(`${at} refused the content: ${reason}; change the prompt or the picture`, {
					...details,
					reasons: [reason],
				});
			}
			const remedy = "correct it, or name its inputs in providerOptions.huggingface";
			return new ProviderError(`${at} refused the input: ${reason}; ${remedy}`, { ...details, status });
		}
		default:
			return undefined;
	}
}

/** Takes the pictures out of what a call throws: services give back what they refuse. */
export async function withoutMedia<Result>(call: Promise<Result>): Promise<Result> {
	try {
		return await call;
	} catch (error) {
		if (isVideoError(error)) {
			const { body } = error as ProviderError;
			error.message = withoutBase64(error.message);
			if (error.stack !== undefined) error.stack = withoutBase64(error.stack);
			if (body !== undefined) Object.assign(error, { body: withoutBase64(body) });
		}
		throw error;
	}
}

function describeItem(item: JsonValue): string {
	const place = jsonAt(item, "loc");
	const where = Array.isArray(place) ? place.filter((step) => step !== "body").join(".") : "";
	const message = jsonAt(item, "msg");
	const what = typeof message === "string" ? message : JSON.stringify(item);
	return where === "" ? what : `${where}: ${what}`;
}

function readable(text: string): string {
	return withoutBase64(redact(text))
		.replace(/[\s\p{C}]+/gu, " ")
		.trim()
		.slice(0, LONGEST_REASON);
}

function withoutBase64(text: string): string {
	return text.replace(MEDIA, "[media]");
}
