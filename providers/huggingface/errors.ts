import {
	AuthenticationError,
	ContentRefusedError,
	type FailureKind,
	type HttpAnswer,
	isVideoError,
	jsonAt,
	kindByWords,
	ModelNotFoundError,
	type OperationStatus,
	ProviderError,
	QuotaError,
	readable,
	reasonIn,
	urlsIn,
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
/** Base64 without a mark, as WaveSpeed wants pictures and may give them back; less of it where a text was cut. */
const MEDIA = /[A-Za-z0-9+/\\]{64,}={0,2}|[A-Za-z0-9+/\\]{20,}(?=…|$)/g;

/** Why a job failed, from a service's words: none has a state for it. */
export function kindOf(...words: readonly string[]): FailureKind {
	return kindByWords(words, KINDS) ?? "internal";
}

/** A failure in a service's words. Nobody says through Hugging Face what is billed. */
export function failed(reason: string, kind: FailureKind = kindOf(reason)): Failed {
	return { state: "failed", kind, reason, billed: "unknown" };
}

/** The end of a job that names its videos, or should: by their URLs, in whatever shape. */
export function succeeded(output: unknown, warnings: readonly string[] = []): OperationStatus {
	const [first, ...others] = urlsIn(output).map((url): VideoAsset => ({ kind: "url", url }));
	if (first === undefined) return failed("the result has no video in it", "internal");
	return { state: "succeeded", assets: [first, ...others], ...(warnings.length === 0 ? {} : { warnings }) };
}

/** The reason in an error, whatever its shape; one line without secrets and pictures. */
export function reasonOf(error: unknown): string | undefined {
	const reason = reasonIn(error);
	return reason === undefined ? undefined : readable(withoutBase64(reason));
}

/** A refused submission in better words than its status has; `undefined` when there are none. */
export function explainRefusal(
	{ status, json }: HttpAnswer,
	model: string,
	at: InferenceProviderId,
	{ route, keyName }: Access,
): VideoError | undefined {
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
			return new AuthenticationError(`${service} refused ${keyName} (${reason}); ${remedy}`);
		}
		case 402: {
			const remedy =
				route === "router" ? "add credits at huggingface.co/settings/billing" : `top the account at ${at} up`;
			return new QuotaError(`${service} wants to be paid first (${reason}); ${remedy}`);
		}
		case 404:
			return new ModelNotFoundError(
				`${at} does not know "${model}" (${reason}); it may have left, so name another inference provider`,
			);
		case 400:
		case 422: {
			const types = [jsonAt(json, "detail", 0, "type"), jsonAt(json, "error", "code")].map(String);
			if (kindOf(reason, ...types) === "refused") {
				const problem = `${at} refused the content: ${reason}; change the prompt or the picture`;
				return new ContentRefusedError(problem, { phase: "submit", reasons: [reason] });
			}
			const remedy = "correct it, or name its inputs in providerOptions.huggingface";
			return new ProviderError(`${at} refused the input: ${reason}; ${remedy}`, { status });
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

function withoutBase64(text: string): string {
	return text.replace(MEDIA, "[media]");
}
