import type { FailureKind, JsonObject } from "../../../src/provider/index.ts";
import type { DialectAnswer, ServiceDialect, ServiceJob } from "../../../src/testing/index.ts";

/** How fal words each failure: the status of the result, and the type of error. */
const FAILURES: Readonly<
	Record<FailureKind, readonly [free: readonly [number, string], billed: readonly [number, string]]>
> = {
	refused: [
		[422, "content_policy_violation"],
		[422, "content_policy_violation"],
	],
	invalid: [
		[422, "image_too_large"],
		[422, "image_too_large"],
	],
	internal: [
		[503, "runner_disconnected"],
		[422, "no_media_generated"],
	],
	expired: [
		[504, "request_timeout"],
		[422, "generation_timeout"],
	],
	cancelled: [
		[499, "client_cancelled"],
		[499, "client_cancelled"],
	],
};
const REQUEST = /^\/(.+)\/requests\/([^/]+?)(\/status|\/cancel)?$/;

/** fal's queue, and the listing of its platform API at the same origin. */
export const falDialect: ServiceDialect = {
	route({ method, url }) {
		if (url.pathname === "/v1/models/requests/by-endpoint") return { call: "list" };
		const [, , id, part] = REQUEST.exec(url.pathname) ?? [];
		if (id === undefined) return method === "POST" ? { call: "submit" } : undefined;
		if (part === "/cancel") return method === "PUT" ? { call: "cancel", id } : undefined;
		return method === "GET" ? { call: "look", id, continues: part === undefined } : undefined;
	},
	credential: ({ headers }) => /^Key (.*)$/.exec(headers["authorization"] ?? "")?.[1],
	submitted({ id, submission: { url } }) {
		// The live service keeps requests below owner and app only.
		const place = `${url.origin}/${url.pathname.split("/").slice(1, 3).join("/")}/requests/${id}`;
		const urls = { response_url: place, status_url: `${place}/status`, cancel_url: `${place}/cancel` };
		return { json: { status: "IN_QUEUE", request_id: id, queue_position: 0, ...urls } };
	},
	looked: (job, call) => (call.call === "look" && call.continues === true ? result(job) : status(job)),
	cancelled: ({ state }) =>
		state === "cancelled"
			? { status: 202, json: { status: "CANCELLATION_REQUESTED" } }
			: { status: 400, json: { status: "ALREADY_COMPLETED" } },
	listed: (jobs) => ({ json: { items: jobs.map(listItem), has_more: false, next_cursor: null } }),
	refused: (code, reason) =>
		code === 422 ? { detail: [{ loc: ["body"], msg: reason, type: "value_error" }] } : { detail: reason },
	refusedContent: (msg) => ({
		status: 422,
		json: { detail: [{ loc: ["body", "prompt"], msg, type: "content_policy_violation" }] },
	}),
};

function status({ state, queuePosition, failure }: ServiceJob): DialectAnswer {
	if (state === "queued") return { status: 202, json: { status: "IN_QUEUE", queue_position: queuePosition ?? 0 } };
	if (state === "running")
		return { status: 202, json: { status: "IN_PROGRESS", logs: [{ message: "50%", level: "INFO" }] } };
	if (state === "succeeded") return { json: { status: "COMPLETED", logs: [], metrics: { inference_time: 1 } } };
	if (state === "cancelled")
		return { json: { status: "COMPLETED", error: "cancelled", error_type: "client_cancelled" } };
	if (state !== "failed") return { status: 202, json: { status: state.toUpperCase() } };
	return { json: { status: "COMPLETED", error: failure?.reason ?? "failed" } };
}

function result({ state, resultUrl, failure }: ServiceJob): DialectAnswer {
	if (state === "cancelled") return { status: 499, json: { detail: "cancelled", error_type: "client_cancelled" } };
	if (failure !== undefined) {
		const [code, type] = FAILURES[failure.kind][failure.billed ? 1 : 0];
		const json: JsonObject =
			code === 422
				? { detail: [{ loc: ["body", "prompt"], msg: failure.reason, type }] }
				: { detail: failure.reason, error_type: type };
		return { status: code, headers: failure.billed ? { "x-fal-billable-units": "1" } : {}, json };
	}
	if (state !== "succeeded") return { status: 400, json: { detail: "Request is still in progress" } };
	if (resultUrl === undefined) return { json: { seed: 7 } };
	return { json: { video: { url: resultUrl, content_type: "application/octet-stream" }, seed: 7 } };
}

function listItem({ id, submission }: ServiceJob): JsonObject {
	return { request_id: id, endpoint_id: submission.url.pathname.slice(1), json_input: submission.json ?? null };
}
