import { createStudioProvider } from "../../examples/http-provider.ts";
import type { OperationStatus, OptionSupport, VideoProvider } from "../../src/provider/index.ts";
import {
	given,
	handleId,
	joinUrl,
	jsonAt,
	lookRequest,
	prepareRequest,
	Secret,
	submitRequest,
	submittedId,
	withOwnFields,
} from "../../src/provider-kit/index.ts";
import { type ServiceDialect, type ServiceTarget, studioDialect, TINY_VIDEO } from "../../src/testing/index.ts";

const OPTIONS: OptionSupport = {
	...{ seed: true, negativePrompt: true, durationSeconds: true, fps: false, aspectRatio: false, resolution: false },
	...{ quality: false, numInferenceSteps: false, guidanceScale: false, generateAudio: false },
	...{ lastFrame: false, references: false },
};

/**
 * A queue: a look takes two requests, pending is 202, a failed job is done and its result answers 422, a
 * route is asked for before the submission, and the key has a header of its own.
 */
export const queueDialect: ServiceDialect = {
	failures: [{ kind: "refused", billed: true }],
	route({ method, url }) {
		const [, id, part] = /^\/queue\/(\w+)(?:\/(status|cancel))?$/.exec(url.pathname) ?? [];
		if (url.pathname === "/routes") return { call: "other", answer: { json: { route: "queue" } } };
		if (url.pathname === "/queue") return method === "POST" ? { call: "submit" } : undefined;
		if (id === undefined) return undefined;
		if (part === "cancel") return method === "PUT" ? { call: "cancel", id } : undefined;
		return { call: "look", id, continues: part === undefined };
	},
	credential: ({ headers }) => headers["x-key"],
	submitted: ({ id }) => ({ json: { status: "IN_QUEUE", request_id: id } }),
	looked({ state, failure, resultUrl, queuePosition = 0 }, call) {
		if (call.call === "look" && call.continues !== true) {
			const isDone = ["succeeded", "failed", "cancelled"].includes(state);
			if (isDone) return { json: { status: "COMPLETED" } };
			const status = { queued: "IN_QUEUE", running: "IN_PROGRESS" }[state] ?? state.toUpperCase();
			return { status: 202, json: { status, queue_position: queuePosition } };
		}
		if (failure !== undefined) return { status: 422, json: { detail: [{ msg: failure.reason, type: failure.kind }] } };
		return { json: resultUrl === undefined ? {} : { video: { url: resultUrl } } };
	},
	cancelled: ({ state }) => ({
		json: { status: state === "cancelled" ? "CANCELLATION_REQUESTED" : "ALREADY_COMPLETED" },
	}),
	refused: (_status, reason) => ({ detail: reason }),
	jobId: (number) => `req${number}`,
};

/** The adapter of the queue. */
export function createQueueProvider({ baseUrl, apiKey }: ServiceTarget): VideoProvider {
	const key = new Secret(apiKey);
	const headers = () => ({ "x-key": key.reveal() });
	const ID = /^req\d+$/;
	return {
		id: "queue",
		traits: {
			...{ idempotency: "none", lookup: "none", cancel: "best-effort" },
			...{ billing: "paid", runsIn: "service", modelIds: "open" },
		},
		model: (id) => ({ id, tasks: ["text-to-video"], options: OPTIONS }),
		async start({ prompt, seed, negativePrompt, durationSeconds, providerOptions }, context) {
			const route = await prepareRequest(context, { url: joinUrl(baseUrl, "routes"), headers: headers() });
			const answer = await submitRequest(context, {
				url: joinUrl(baseUrl, String(jsonAt(route.json, "route"))),
				headers: headers(),
				body: withOwnFields(
					given({ prompt, seed, negative_prompt: negativePrompt, num_frames: durationSeconds && durationSeconds * 24 }),
					providerOptions,
					"providerOptions.queue",
				),
			});
			return { handle: submittedId(answer, jsonAt(answer.json, "request_id"), ID) };
		},
		async status(handle, context): Promise<OperationStatus> {
			const id = handleId(handle, ID);
			const status = await lookRequest(context, { url: joinUrl(baseUrl, "queue", id, "status"), headers: headers() });
			const state = jsonAt(status.json, "status");
			if (state !== "COMPLETED") return { state: state === "IN_QUEUE" ? "queued" : "running" };
			const request = { url: joinUrl(baseUrl, "queue", id), headers: headers(), readableStatuses: [422] };
			const { json } = await lookRequest(context, request);
			const url = jsonAt(json, "video", "url");
			if (typeof url === "string") return { state: "succeeded", assets: [{ kind: "url", url }] };
			const reason = String(jsonAt(json, "detail", 0, "msg") ?? "there is no video");
			return { state: "failed", kind: "refused", reason, billed: "yes" };
		},
		async cancel(handle, context) {
			const url = joinUrl(baseUrl, "queue", handleId(handle, ID), "cancel");
			const { json } = await lookRequest(context, { url, method: "PUT", headers: headers() });
			return jsonAt(json, "status") === "ALREADY_COMPLETED" ? "finished" : "requested";
		},
	};
}

/**
 * Long-running operations: the id is a path, a look is a POST, the video comes inside the answer, a form is
 * submitted, and what failed says neither why nor whether it was billed.
 */
export const operationsDialect: ServiceDialect = {
	basePath: "/v1beta",
	failures: [{ kind: "internal", billed: true }],
	route({ method, url, json }) {
		if (method !== "POST") return undefined;
		if (url.pathname === "/v1beta/models/veo:predict") return { call: "submit" };
		if (url.pathname !== "/v1beta/models/veo:fetch") return undefined;
		return { call: "look", id: String((json as { readonly name?: string } | undefined)?.name) };
	},
	credential: ({ headers }) => headers["x-goog-api-key"],
	submitted: ({ id }) => ({ json: { name: id, done: false } }),
	looked({ id, state, failure, resultUrl }) {
		if (state === "failed")
			return { json: { name: id, done: true, error: { code: 13, message: failure?.reason ?? "" } } };
		if (state !== "succeeded") return { json: { name: id, done: false } };
		const videos = resultUrl === undefined ? [] : [{ bytes: Buffer.from(TINY_VIDEO).toString("base64") }];
		return { json: { name: id, done: true, response: { videos } } };
	},
	refused: (status, reason) => ({ error: { code: status, message: reason, status: "X" } }),
	jobId: (number) => `models/veo/operations/op${number}`,
};

/** The adapter of the operations. */
export function createOperationsProvider({ baseUrl, apiKey }: ServiceTarget): VideoProvider {
	const key = new Secret(apiKey);
	const headers = () => ({ "x-goog-api-key": key.reveal() });
	const NAME = /^models\/veo\/operations\/op\d+$/;
	return {
		id: "operations",
		traits: {
			...{ idempotency: "none", lookup: "none", cancel: "none" },
			...{ billing: "paid", runsIn: "service", modelIds: "open" },
		},
		model: (id) => ({ id, tasks: ["text-to-video"], options: OPTIONS }),
		async start({ prompt, seed, negativePrompt, durationSeconds, providerOptions }, context) {
			const body = new FormData();
			const asked = given({ prompt, seed, negativePrompt, durationSeconds });
			const fields = withOwnFields(asked, providerOptions, "providerOptions.operations");
			for (const [name, value] of Object.entries(fields)) body.append(name, String(value));
			const url = joinUrl(baseUrl, "models", "veo:predict");
			const answer = await submitRequest(context, { url, headers: headers(), body });
			return { handle: { name: submittedId(answer, jsonAt(answer.json, "name"), NAME) } };
		},
		async status(handle, context): Promise<OperationStatus> {
			const name = handleId(jsonAt(handle, "name") ?? null, NAME);
			const url = joinUrl(baseUrl, "models", "veo:fetch");
			const { json } = await lookRequest(context, { url, method: "POST", headers: headers(), body: { name } });
			if (jsonAt(json, "done") !== true) return { state: "running" };
			const data = jsonAt(json, "response", "videos", 0, "bytes");
			if (typeof data === "string") {
				return { state: "succeeded", assets: [{ kind: "bytes", data: Buffer.from(data, "base64") }] };
			}
			const reason = String(jsonAt(json, "error", "message") ?? "there is no video");
			return { state: "failed", kind: "internal", reason, billed: "unknown" };
		},
	};
}

/** The studio with its videos behind the key, at a path that the look names. */
export const behindKeyDialect: ServiceDialect = {
	...studioDialect,
	resultPath: (id) => `/v1/jobs/${id}/video`,
	route(request) {
		const [, id] = /^\/v1\/jobs\/([^/]+)\/video$/.exec(request.url.pathname) ?? [];
		return id === undefined ? studioDialect.route(request) : { call: "result", id };
	},
	// An address at its own origin is given without one.
	looked: ({ resultUrl, submission, ...job }) =>
		studioDialect.looked(
			{ ...job, submission, resultUrl: resultUrl?.replace(submission.url.origin, "") },
			{ call: "look", id: job.id },
		),
};

/** The adapter of the studio whose videos are behind the key. */
export function createBehindKeyProvider(target: ServiceTarget): VideoProvider {
	const provider = createStudioProvider(target);
	const key = new Secret(target.apiKey);
	return {
		...provider,
		async status(handle, context) {
			const status = await provider.status(handle, context);
			const [asset] = status.state === "succeeded" ? status.assets : [];
			const url = asset?.kind === "url" ? URL.parse(asset.url, target.baseUrl)?.href : undefined;
			if (url === undefined) return status;
			const headers = { authorization: `Bearer ${key.reveal()}` };
			const credentialOrigins = [new URL(target.baseUrl).origin];
			return { state: "succeeded", assets: [{ kind: "url", url, headers, credentialOrigins }] };
		},
	};
}
