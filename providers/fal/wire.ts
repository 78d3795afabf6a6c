import { z } from "zod";
import {
	type HttpAnswer,
	InputError,
	type JsonValue,
	type ListedOperation,
	parseHandle,
	parseLook,
	parseSubmitted,
} from "../../src/provider-kit/index.ts";

/** The id of an endpoint: owner, app and perhaps more. No part begins with a dot, and all of it fits into a handle. */
const endpointId = z.string().regex(/^(?=.{3,240}$)\w[\w.-]*(?:\/\w[\w.-]*){1,7}$/);
const requestId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/);

const placeSchema = z.strictObject({ app: endpointId, id: requestId, result: z.literal("response").exactOptional() });

/** What leads back to a request: the app that it is queued at, its id, and what follows that where its result is. */
export type Place = z.infer<typeof placeSchema>;

const submittedSchema = z.looseObject({ request_id: requestId, response_url: z.string().optional().catch(undefined) });

const logSchema = z.looseObject({ message: z.string() });
const statusSchema = z.looseObject({
	status: z.string(),
	queue_position: z.int().nonnegative().optional().catch(undefined),
	logs: z.array(logSchema).optional().catch(undefined),
	error: z.json().optional(),
	error_type: z.string().optional().catch(undefined),
});

/** One look at the queue. */
export type FalStatus = z.infer<typeof statusSchema>;

const listSchema = z.looseObject({
	has_more: z.boolean().optional(),
	items: z.array(z.looseObject({ request_id: requestId, json_input: z.unknown().optional() })),
});

/** A handle that came back. Throws `OperationNotFoundError` when it is not one of ours. */
export function parsePlace(handle: JsonValue): Place {
	return parseHandle(placeSchema, handle);
}

/**
 * The handle in the answer to a submission. The service keeps requests below the app, mostly without the
 * rest of the endpoint's path, and tells where in `response_url`. Only the app's name is taken from there:
 * no URL of the service is ever called.
 */
export function parseSubmission(answer: HttpAnswer, model: string, base: string): Place {
	const { request_id: id, response_url: url } = parseSubmitted(submittedSchema, answer);
	const path = URL.parse(url ?? "")?.pathname ?? "";
	const root = new URL(base).pathname.replace(/\/+$/, "");
	const below = path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path.slice(1);
	const [app = "", rest] = below.split(`/requests/${id}`);
	if (!endpointId.safeParse(app).success || (rest !== "" && rest !== "/response")) return { app: appOf(model), id };
	return rest === "" ? { app, id } : { app, id, result: "response" };
}

/** Refuses what cannot be an endpoint before a URL is made of it. Throws `InputError`. */
export function checkModel(model: string): void {
	if (endpointId.safeParse(model).success) return;
	throw new InputError("model", `"${model}" is not an endpoint of fal; write it as "owner/app/path"`);
}

/** The handle of a request by its id. Throws `InputError` for what cannot be an id, or an endpoint. */
export function adopt(id: string, model: string): Place {
	checkModel(model);
	if (requestId.safeParse(id).success) return { app: appOf(model), id };
	throw new InputError("operation", `"${id}" is not a request id of fal; copy it from fal.ai/dashboard`);
}

/** The app that an endpoint belongs to: its owner and name, after `workflows` or `comfy` if it begins so. */
function appOf(model: string): string {
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
