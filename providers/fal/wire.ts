import { z } from "zod";
import {
	type HttpAnswer,
	type JsonObject,
	type JsonPath,
	type JsonValue,
	jsonAt,
	type ListedOperation,
	parseHandle,
	parseLook,
	parseSubmitted,
	urlsIn,
} from "../../src/provider-kit/index.ts";

/** The id of an endpoint: owner, app and perhaps more. No part begins with a dot, and all of it fits into a handle. */
export const ENDPOINT_ID = /^(?=.{3,240}$)\w[\w.-]*(?:\/\w[\w.-]*){1,7}$/;
/** The id of a request. */
export const REQUEST_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

const requestId = z.string().regex(REQUEST_ID);
const handleSchema = z.strictObject({
	app: z.string().regex(ENDPOINT_ID),
	id: requestId,
	result: z.literal("response").optional(),
});

/** What leads back to a request: the app that it is queued at, its id, and what follows that where its result is. */
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
	items: z.array(z.looseObject({ request_id: requestId, json_input: z.unknown().optional() })),
});

/** A handle that came back. Throws `OperationNotFoundError` when it is not one of ours. */
export function parseFalHandle(handle: JsonValue): FalHandle {
	return parseHandle(handleSchema, handle);
}

/**
 * The handle in the answer to a submission. The service keeps requests below the app, mostly without the
 * rest of the endpoint's path, and tells where in `response_url`. Only the app's name is taken from there:
 * no URL of the service is ever called.
 */
export function parseSubmission(answer: HttpAnswer, model: string, base: string): FalHandle & JsonObject {
	const { request_id: id, response_url: url } = parseSubmitted(submittedSchema, answer);
	const path = URL.parse(url ?? "")?.pathname ?? "";
	const root = new URL(base).pathname.replace(/\/+$/, "");
	const below = path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path.slice(1);
	const [app = "", rest] = below.split(`/requests/${id}`);
	if (!ENDPOINT_ID.test(app) || (rest !== "" && rest !== "/response")) return { app: appOf(model), id };
	return rest === "" ? { app, id } : { app, id, result: "response" };
}

/** The app that an endpoint belongs to: its owner and name, after `workflows` or `comfy` if it begins so. */
export function appOf(model: string): string {
	return /^(?:(?:workflows|comfy)\/)?[^/]+\/[^/]+/.exec(model)?.[0] ?? model;
}

/** What the queue says. Throws a retryable `ProviderError` when it says nothing. */
export function parseStatus(answer: HttpAnswer): FalStatus {
	return parseLook(statusSchema, answer);
}

/** The requests in a listing, each with the input that was sent; `undefined` when there are more than it shows. */
export function parseRequests(answer: HttpAnswer): readonly ListedOperation[] | undefined {
	const { items, has_more: hasMore = false } = parseLook(listSchema, answer);
	return hasMore ? undefined : items.map(({ request_id: id, json_input: input }) => ({ id, input }));
}

const VIDEO_PLACES: readonly JsonPath[] = [["video"], ["videos", 0], ["output"], ["outputs", 0], ["video_url"], []];

/** The video in a result: most models name it `video`; a few have a list, or the URL alone. */
export function videoIn(
	json: JsonValue | undefined,
): { readonly url: string; readonly sizeBytes?: number } | undefined {
	for (const place of VIDEO_PLACES) {
		const found = jsonAt(json, ...place);
		const [url] = urlsIn(jsonAt(found, "url") ?? (typeof found === "string" ? found : undefined));
		if (url === undefined) continue;
		const size = jsonAt(found, "file_size");
		return typeof size === "number" && Number.isSafeInteger(size) && size > 0 ? { url, sizeBytes: size } : { url };
	}
	return undefined;
}
