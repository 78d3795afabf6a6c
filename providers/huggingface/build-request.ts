import { isDeepStrictEqual } from "node:util";
import type { InferenceProviderMappingEntry, RequestArgs } from "@huggingface/inference";
import {
	InputError,
	type InputImage,
	imageToBase64,
	imageToDataUrl,
	type JsonObject,
	type JsonValue,
	joinUrl,
	jsonAt,
	ModelNotFoundError,
	ProviderError,
	type ProviderRequest,
} from "../../src/provider-kit/index.ts";
import type { Access, Route } from "./access.ts";
import { INFERENCE_PROVIDERS, type InferenceProviderId } from "./inference-providers.ts";
import type { Chosen } from "./mapping.ts";

const ROUTER_URL = "https://router.huggingface.co";
/** "Range of input length should be [1, 61440]", says Together of a larger one. */
const LARGEST_TOGETHER_IMAGE = 61_440;
/** The SDK's other names for parameters. */
const RENAMED: Partial<Readonly<Record<InferenceProviderId, Readonly<Record<string, string>>>>> = {
	novita: { num_inference_steps: "steps" },
	together: { num_inference_steps: "steps" },
};

/** What goes to an inference provider, made by the SDK and checked. */
export interface BuiltRequest {
	readonly url: URL;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

/** What a request is built from. */
export interface RequestParts extends Chosen {
	readonly request: ProviderRequest;
	/** The model's id at the Hub. */
	readonly model: string;
	/** What goes beside the prompt and the first frame. */
	readonly parameters: JsonObject;
	readonly billTo: string | undefined;
	readonly baseUrl: string | undefined;
}

/** Below which address an inference provider is called. A base URL of the user's own stands for all of them. */
export function rootOf(at: InferenceProviderId, route: Route, baseUrl: string | undefined): string {
	if (baseUrl !== undefined) return joinUrl(baseUrl, at).href;
	return route === "router" ? `${ROUTER_URL}/${at}` : INFERENCE_PROVIDERS[at].origin;
}

/**
 * The request of a submission. It is built by the SDK, which sends nothing.
 *
 * Throws `InputError` for a parameter that the SDK would drop or a picture that is too large, `ModelNotFoundError`
 * for a LoRA that it would leave out, and `ProviderError` if it would lead elsewhere, or fails.
 */
export async function buildRequest(parts: RequestParts): Promise<BuiltRequest> {
	const { request, at, access, baseUrl } = parts;
	const { image } = request;
	if (at === "together" && image !== undefined) checkTogetherImage(image);
	const { url, info } = await askSdk(parts).catch((error: unknown) => {
		// Its errors may hold the request, picture and all: none is kept.
		const name = error instanceof Error ? error.name : "no error";
		throw new ProviderError(`@huggingface/inference made no request for ${at} (${name}); nothing was sent`);
	});
	const body = String(info.body);
	checkBody(parseBody(body), parts);
	if (image !== undefined && !body.includes(imageToBase64(image))) {
		throw new InputError("image", "something in providerOptions.huggingface takes its place; leave that out");
	}
	return { url: rebase(url, at, access, baseUrl), headers: headersOf(info.headers, at, access), body };
}

async function askSdk(parts: RequestParts): Promise<{ readonly url: string; readonly info: RequestInit }> {
	const { request, at, entry, access, model, parameters, billTo } = parts;
	const { task, prompt, image } = request;
	const { getProviderHelper, makeRequestOptionsFromResolvedModel } = await import("@huggingface/inference");
	let args: RequestArgs = { inputs: prompt, parameters };
	if (image !== undefined) {
		// Of all that the SDK takes for a picture, only a Blob works everywhere.
		const inputs = new Blob([image.data as Uint8Array<ArrayBuffer>], { type: image.mediaType });
		const helper = getProviderHelper(at, "image-to-video");
		args = await helper.preparePayloadAsync({ inputs, parameters: { ...parameters, prompt } });
	}
	return makeRequestOptionsFromResolvedModel(
		entry.providerId,
		getProviderHelper(at, task),
		{ ...args, accessToken: access.key.reveal() },
		{ hfModelId: model, ...entry, task } as InferenceProviderMappingEntry,
		{ task, ...(billTo === undefined ? {} : { billTo }) },
	);
}

/** The header that opens an inference provider for looks. */
export async function authorization(at: InferenceProviderId, access: Access): Promise<Record<string, string>> {
	const { getProviderHelper } = await import("@huggingface/inference");
	const authMethod = access.route === "router" ? "hf-token" : "provider-key";
	const headers = getProviderHelper(at, "text-to-video").prepareHeaders(
		{ accessToken: access.key.reveal(), authMethod },
		false,
	);
	const { Authorization: value } = headers as Record<string, string>;
	return value === undefined ? {} : { authorization: value };
}

function headersOf(given: unknown, at: InferenceProviderId, { route }: Access): Record<string, string> {
	const headers = { ...(given as Record<string, string>) };
	// The router documents no other way to a prediction of Replicate than to wait for it, for a minute at most. There
	// the wait stays, so that most clips come with the answer. Replicate itself can be asked later, and nothing is
	// lost with a connection that was cut meanwhile.
	if (route === "direct") delete headers["Prefer"];
	// fal runs a request up to ten times, or at another endpoint. One submission shall be one run.
	if (at === "fal-ai") Object.assign(headers, { "x-fal-no-retry": "1", "x-app-fal-disable-fallback": "true" });
	return headers;
}

/** The SDK's address below the configured one. Nothing of it but the path counts. */
function rebase(given: string, at: InferenceProviderId, { route }: Access, baseUrl: string | undefined): URL {
	const expected = rootOf(at, route, undefined);
	if (!given.startsWith(`${expected}/`)) {
		throw new ProviderError(`@huggingface/inference leads to another service than ${at}; nothing was sent`);
	}
	const { pathname, searchParams } = new URL(given.slice(expected.length), "http://path");
	const url = joinUrl(rootOf(at, route, baseUrl), ...pathname.slice(1).split("/"));
	for (const [name, value] of searchParams) url.searchParams.set(name, value);
	return url;
}

/** Nothing is dropped in silence: what was given must be in what the SDK made of it. */
function checkBody(body: JsonValue, { at, request, parameters, entry, model }: RequestParts): void {
	const input = at === "replicate" ? jsonAt(body, "input") : body;
	for (const [name, value] of Object.entries({ ...parameters, prompt: request.prompt })) {
		if (isDeepStrictEqual(jsonAt(input, RENAMED[at]?.[name] ?? name), value)) continue;
		throw new InputError(
			`providerOptions.huggingface.${name}`,
			`a request to ${at} has no place for it, or says it already; leave it out`,
		);
	}
	if (entry.adapter !== "lora" || jsonAt(input, "loras") !== undefined) return;
	throw new ModelNotFoundError(`"${model}" is a LoRA, and ${at} would run its base model; name another provider`);
}

function parseBody(body: string): JsonValue {
	try {
		return JSON.parse(body) as JsonValue;
	} catch {
		throw new ProviderError("@huggingface/inference made a request that is not JSON; nothing was sent");
	}
}

function checkTogetherImage(image: InputImage): void {
	const { length } = imageToDataUrl(image);
	if (length <= LARGEST_TOGETHER_IMAGE) return;
	throw new InputError(
		"image",
		`it has ${length} characters as a data URL, and together takes ${LARGEST_TOGETHER_IMAGE}; make it smaller`,
	);
}
