import { z } from "zod";
import {
	type HttpAnswer,
	type JsonObject,
	type JsonValue,
	jsonAt,
	parseHandle,
	parseLook,
	parseSubmitted,
} from "../../src/provider-kit/index.ts";

/** Owner, app and perhaps more, as in `fal-ai/kling-video/v3/pro/text-to-video`. No part begins with a dot. */
const ENDPOINT_ID = /^\w[\w.-]*(?:\/\w[\w.-]*){1,7}$/;
const REQUEST_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;
const LONGEST_ENDPOINT_ID = 240;

const requestId = z.string().regex(REQUEST_ID);
const endpointId = z.string().regex(ENDPOINT_ID).max(LONGEST_ENDPOINT_ID);

const handleSchema = z.union([
	z.strictObject({ app: endpointId, id: requestId }),
	z.strictObject({ app: endpointId, id: requestId, result: z.literal("response") }),
]);

/** What leads back to a request: the app that it is queued at, and its id. */
export type FalHandle = z.infer<typeof handleSchema>;

const submittedSchema = z.looseObject({ request_id: requestId, response_url: z.string().optional().catch(undefined) });

const statusSchema = z.looseObject({
	status: z.string(),
	queue_position: z.int().nonnegative().optional().catch(undefined),
	logs: z
		.array(z.looseObject({ message: z.string() }))
		.optional()
		.catch(undefined),
	error: z.unknown().optional(),
	error_type: z.string().optional().catch(undefined),
});

/** One look at the queue. */
export type FalStatus = z.infer<typeof statusSchema>;

const listSchema = z.looseObject({
	has_more: z.boolean().optional(),
	items: z.array(z.looseObject({ request_id: z.string(), json_input: z.unknown().optional() })),
});

const providerOptionsSchema = z.looseObject({
	inputNames: z.record(z.string(), z.string().min(1)).optional(),
});

/** A handle that came back. Throws `OperationNotFoundError` when it is not one of ours. */
export function parseFalHandle(handle: JsonValue): FalHandle {
	return parseHandle(handleSchema, handle);
}

/** Whether a text is what the ids of requests look like. */
export function isRequestId(id: string): boolean {
	return REQUEST_ID.test(id);
}

/** Whether a text can be the id of an endpoint, and fits into a handle. */
export function isEndpointId(id: string): boolean {
	return ENDPOINT_ID.test(id) && id.length <= LONGEST_ENDPOINT_ID;
}

/**
 * The handle in the answer to a submission. The service keeps requests below the app, mostly without the
 * rest of the endpoint's path, and tells where in `response_url`. Only the app's name is taken from there:
 * no URL of the service is ever called.
 */
export function parseSubmission(answer: HttpAnswer, model: string, base: string): FalHandle {
	const { request_id: id, response_url: url } = parseSubmitted(submittedSchema, answer);
	const path = url !== undefined && URL.canParse(url) ? new URL(url).pathname : "";
	const root = new URL(base).pathname.replace(/\/+$/, "");
	const below = path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path.slice(1);
	const [app = "", rest] = below.split(`/requests/${id}`);
	if (!isEndpointId(app) || (rest !== "" && rest !== "/response")) return { app: appOf(model), id };
	return rest === "" ? { app, id } : { app, id, result: "response" };
}

/** The app that an endpoint belongs to: its owner and name, after `workflows` or `comfy` if it begins so. */
export function appOf(model: string): string {
	return model
		.split("/")
		.slice(0, /^(?:workflows|comfy)\//.test(model) ? 3 : 2)
		.join("/");
}

/** What the queue says. Throws a retryable `ProviderError` when it says nothing. */
export function parseStatus(answer: HttpAnswer): FalStatus {
	return parseLook(statusSchema, answer);
}

/** The requests in a listing, each with the input that was sent; `undefined` when there are more than it shows. */
export function parseRequests(
	answer: HttpAnswer,
): readonly { readonly id: string; readonly input: unknown }[] | undefined {
	const { items, has_more: hasMore = false } = parseLook(listSchema, answer);
	return hasMore ? undefined : items.map(({ request_id: id, json_input: input }) => ({ id, input }));
}

/** The user's own names for options, and everything else that goes into the input as it is. */
export function parseProviderOptions(options: JsonObject): {
	readonly inputNames: Readonly<Record<string, string>> | undefined;
	readonly input: JsonObject;
} {
	const parsed = providerOptionsSchema.safeParse(options);
	const { inputNames: _own, ...input } = options;
	return { inputNames: parsed.success ? (parsed.data.inputNames ?? {}) : undefined, input };
}

const VIDEO_PLACES: readonly (readonly (string | number)[])[] = [
	["video"],
	["videos", 0],
	["output"],
	["outputs", 0],
	["data", "video"],
	["video_url"],
	["url"],
];

/** The video in a result: most models name it `video`; a few have a list, or the URL alone. */
export function videoIn(
	json: JsonValue | undefined,
): { readonly url: string; readonly sizeBytes?: number } | undefined {
	for (const path of VIDEO_PLACES) {
		const found = jsonAt(json, ...path);
		const url = typeof found === "string" ? found : jsonAt(found, "url");
		if (typeof url !== "string" || !/^https?:/.test(url) || !URL.canParse(url)) continue;
		const size = jsonAt(found, "file_size");
		return typeof size === "number" && Number.isSafeInteger(size) && size > 0 ? { url, sizeBytes: size } : { url };
	}
	return undefined;
}
