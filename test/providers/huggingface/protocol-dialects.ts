import type { InferenceProviderId } from "../../../providers/huggingface/inference-providers.ts";
import type { FailureKind, JsonObject, JsonValue } from "../../../src/provider/index.ts";
import type { DialectAnswer, ServiceDialect, ServiceFailure, ServiceJob } from "../../../src/testing/index.ts";

/** The protocol of an inference provider, below its own root. */
type Protocol = Omit<ServiceDialect, "credential">;

/** What a text says beside its reason: none of them has a field for the kind. */
const MARKS: Readonly<Record<FailureKind, string>> = {
	refused: "content policy violation",
	invalid: "validation failed",
	internal: "out of memory",
	expired: "",
	cancelled: "",
};
const FAL_TYPES: Readonly<Record<FailureKind, readonly [status: number, type: string]>> = {
	refused: [422, "content_policy_violation"],
	invalid: [422, "image_too_large"],
	internal: [503, "runner_disconnected"],
	expired: [504, "request_timeout"],
	cancelled: [499, "client_cancelled"],
};

const falAi: Protocol = {
	route({ method, url }) {
		const [, , id, part] = /^\/(.+)\/requests\/([^/]+?)(\/status)?$/.exec(url.pathname) ?? [];
		if (url.searchParams.get("_subdomain") !== "queue") return undefined;
		if (id === undefined) return method === "POST" ? { call: "submit" } : undefined;
		return method === "GET" ? { call: "look", id, continues: part === undefined } : undefined;
	},
	submitted({ id, submission: { url } }) {
		// fal's own host, which the token must never see; and requests below owner and app only.
		const place = `https://queue.fal.run/${url.pathname.split("/").slice(1, 3).join("/")}/requests/${id}`;
		const urls = { response_url: place, status_url: `${place}/status`, cancel_url: `${place}/cancel` };
		return { json: { status: "IN_QUEUE", request_id: id, ...urls } };
	},
	looked({ state, queuePosition, failure, resultUrl }, call) {
		if (call.call === "look" && call.continues === true) return falResult(state, failure, resultUrl);
		if (state === "queued") return { status: 202, json: { status: "IN_QUEUE", queue_position: queuePosition ?? 0 } };
		if (state === "running") return { status: 202, json: { status: "IN_PROGRESS" } };
		const hasEnded = state === "succeeded" || state === "failed";
		return { json: { status: hasEnded ? "COMPLETED" : state.toUpperCase() } };
	},
	refused: (status, reason) =>
		status === 422 ? { detail: [{ loc: ["body"], msg: reason, type: "value_error" }] } : { detail: reason },
};

function falResult(state: string, failure: ServiceFailure | undefined, resultUrl: string | undefined): DialectAnswer {
	if (failure !== undefined) {
		const [status, type] = FAL_TYPES[failure.kind];
		if (status !== 422) return { status, json: { detail: failure.reason, error_type: type } };
		return { status, json: { detail: [{ loc: ["body", "prompt"], msg: failure.reason, type }] } };
	}
	if (state !== "succeeded") return { status: 400, json: { detail: "Request is still in progress" } };
	return { json: resultUrl === undefined ? { seed: 7 } : { video: { url: resultUrl }, seed: 7 } };
}

const replicate: Protocol = {
	failures: [
		...each("refused", "invalid", "internal", "cancelled"),
		// Dropped before it ran, which is not charged.
		{ kind: "expired", billed: false },
	],
	route({ method, url }) {
		if (/^\/v1\/(?:models\/[^/]+\/[^/]+\/)?predictions$/.test(url.pathname)) {
			return method === "POST" ? { call: "submit" } : undefined;
		}
		const [, id] = /^\/v1\/predictions\/([^/]+)$/.exec(url.pathname) ?? [];
		return id === undefined || method !== "GET" ? undefined : { call: "look", id };
	},
	submitted: (job) => ({ status: 201, json: prediction(job) }),
	looked: (job) => ({ json: prediction(job) }),
	refused: (status, detail) => ({ title: "Refused", detail, status }),
};

function prediction({ id, state, failure, resultUrl }: ServiceJob): JsonObject {
	const words: Readonly<Record<string, string>> = { queued: "starting", running: "processing" };
	const ends: Partial<Record<FailureKind, string>> = { expired: "aborted", cancelled: "canceled" };
	const status = failure === undefined ? (words[state] ?? state) : (ends[failure.kind] ?? "failed");
	const urls = { get: `https://api.replicate.com/v1/predictions/${id}` };
	return { id, status, output: resultUrl === undefined ? null : [resultUrl], error: worded(failure), logs: "", urls };
}

const novita: Protocol = {
	failures: each("refused", "invalid", "internal"),
	route({ method, url }) {
		const id = url.searchParams.get("task_id");
		if (method === "POST" && url.pathname.startsWith("/v3/async/")) return { call: "submit" };
		return url.pathname === "/v3/async/task-result" && id !== null ? { call: "look", id } : undefined;
	},
	submitted: ({ id }) => ({ json: { task_id: id } }),
	looked({ id, state, failure, resultUrl }) {
		const words: Readonly<Record<string, string>> = { queued: "QUEUED", succeeded: "SUCCEED", running: "PROCESSING" };
		const status = `TASK_STATUS_${words[state] ?? state.toUpperCase()}`;
		const videos = resultUrl === undefined ? [] : [{ video_url: resultUrl, video_type: "mp4" }];
		return { json: { task: { task_id: id, status, reason: worded(failure) ?? "" }, videos } };
	},
	refused: (code, message) => ({ code, reason: "REFUSED", message }),
};

const wavespeed: Protocol = {
	failures: each("refused", "invalid", "internal"),
	route({ method, url }) {
		const [, id] = /^\/api\/v3\/predictions\/([^/]+)\/result$/.exec(url.pathname) ?? [];
		if (id !== undefined) return method === "GET" ? { call: "look", id } : undefined;
		return method === "POST" && url.pathname.startsWith("/api/v3/") ? { call: "submit" } : undefined;
	},
	submitted: (job) => enveloped(job),
	looked: (job) => enveloped(job),
	refused: (code, message) => ({ code, message }),
};

function enveloped({ id, state, failure, resultUrl }: ServiceJob): DialectAnswer {
	const words: Readonly<Record<string, string>> = { queued: "created", running: "processing", succeeded: "completed" };
	const urls = { get: `https://api.wavespeed.ai/api/v3/predictions/${id}/result` };
	const outputs = resultUrl === undefined ? [] : [resultUrl];
	const data = {
		id,
		urls,
		status: words[state] ?? state,
		outputs,
		has_nsfw_contents: [],
		error: worded(failure) ?? "",
	};
	return { json: { code: 200, message: "success", data } };
}

const together: Protocol = {
	failures: each("refused", "invalid", "internal", "cancelled"),
	route({ method, url }) {
		const [, id] = /^\/v2\/videos(?:\/([^/]+))?$/.exec(url.pathname) ?? [];
		if (url.pathname === "/v2/videos") return method === "POST" ? { call: "submit" } : undefined;
		return id === undefined ? undefined : { call: "look", id };
	},
	submitted: (job) => ({ json: togetherJob(job) }),
	looked: (job) => ({ json: togetherJob(job) }),
	refused: (code, message) => ({ error: { message, code: `${code}` } }),
};

function togetherJob({ id, state, failure, resultUrl }: ServiceJob): JsonObject {
	const words: Readonly<Record<string, string>> = { running: "in_progress", succeeded: "completed" };
	const status = failure?.kind === "cancelled" ? "cancelled" : (words[state] ?? state);
	const error: JsonValue = failure === undefined ? null : { message: worded(failure), code: "failed" };
	return { id, object: "video", status, error, outputs: { cost: 0.1, video_url: resultUrl ?? null } };
}

/** The protocols of the five, by id. */
export const PROTOCOLS: Readonly<Record<InferenceProviderId, Protocol>> = {
	"fal-ai": falAi,
	replicate,
	novita,
	wavespeed,
	together,
};

function worded(failure: ServiceFailure | undefined): string | null {
	return failure === undefined ? null : `${failure.reason} ${MARKS[failure.kind]}`.trim();
}

function each(...kinds: readonly FailureKind[]): NonNullable<ServiceDialect["failures"]> {
	return kinds.flatMap((kind) => [false, true].map((billed) => ({ kind, billed })));
}
