import { DIALECTS, type Dialect } from "../../../providers/openai-videos/dialects.ts";
import type { FailureKind, JsonObject } from "../../../src/provider/index.ts";
import type { DialectAnswer, ReceivedRequest, ServiceDialect, ServiceJob } from "../../../src/testing/index.ts";

/** The model that every server here serves. */
export const SERVED_MODEL = "Wan-AI/Wan2.2-TI2V-5B-Diffusers";

const OWNERS: Readonly<Record<Dialect, string>> = {
	"vllm-omni": "vllm",
	sglang: "sglang",
	fastvideo: "fastvideo",
	litellm: "openai",
	plain: "somebody",
};
const WORDS: Readonly<Record<string, string>> = { running: "in_progress", succeeded: "completed" };
const CODES: Readonly<Record<FailureKind, string>> = {
	refused: "content_policy_violation",
	invalid: "invalid_request_error",
	internal: "server_error",
	expired: "timeout",
	cancelled: "cancelled",
};
const JOB = /^\/v1\/videos(?:\/([^/]+?)(\/content)?)?$/;

/** A model of which nothing is known beforehand; every server here serves it too. */
export const UNKNOWN_MODEL = "somebody/new-model";

/** A server that speaks `/v1/videos` in one of its dialects, and is as strict as the real one. */
export function videosDialect(name: Dialect, basePath = "/v1"): ServiceDialect {
	const { isEngine } = DIALECTS[name];
	const headers = name === "litellm" ? { "x-litellm-version": "1.90.0" } : {};
	const served = [SERVED_MODEL, UNKNOWN_MODEL];
	const models = { object: "list", data: served.map((id) => ({ id, object: "model", owned_by: OWNERS[name] })) };
	return {
		basePath,
		namesResult: false,
		failures: failuresOf(name),
		route(request) {
			const { method, url } = request;
			if (url.pathname === "/v1/models") return { call: "other", answer: { headers, json: models } };
			const [found, part, content] = JOB.exec(url.pathname) ?? [];
			if (found === undefined) return undefined;
			if (part === undefined) {
				if (method !== "POST") return undefined;
				const problem = problemOf(name, request);
				if (problem === undefined) return { call: "submit" };
				return { call: "other", answer: { status: 422, json: { detail: [{ loc: ["body"], msg: problem }] } } };
			}
			const id = decodeURIComponent(part);
			if (content !== undefined) return { call: "result", id };
			if (method === "DELETE") return { call: "cancel", id };
			return method === "GET" ? { call: "look", id } : undefined;
		},
		credential: ({ headers: { authorization = "" } }) => /^Bearer (.*)$/.exec(authorization)?.[1],
		submitted: (job) => ({ json: videoJson(job, name) }),
		looked: (job) => look(job, name),
		cancelled: ({ id }) => ({ json: { id, object: "video.deleted", deleted: true } }),
		refused: (status, reason) =>
			isEngine ? { detail: reason } : { error: { message: reason, type: "error", param: null, code: String(status) } },
		refusedContent: (message) => ({ status: 400, json: { error: { message, code: "content_policy_violation" } } }),
		...(name === "litellm" ? { jobId: gatewayId } : {}),
	};
}

/** What a server does not take; `undefined` while the body has not arrived, or nothing is wrong. */
function problemOf(name: Dialect, { headers, body, form, json }: ReceivedRequest): string | undefined {
	if (body.length === 0) return undefined;
	const isForm = headers["content-type"]?.startsWith("multipart/form-data") === true;
	const fields = form === undefined ? ((json ?? {}) as JsonObject) : Object.fromEntries(form);
	if (typeof fields["prompt"] !== "string") return "prompt is required";
	if (fields["size"] !== undefined && !/^\d+x\d+$/.test(String(fields["size"]))) return "size is WxH";
	const { seconds } = fields;
	if (name === "vllm-omni") {
		if (!isForm) return "a form is required";
		if (fields["model"] !== SERVED_MODEL && fields["model"] !== UNKNOWN_MODEL) return "the model is not served";
		if (seconds !== undefined && !/^[1-9]\d*$/.test(String(seconds))) return "seconds is a whole number";
	} else if (DIALECTS[name].isEngine) {
		if (isForm) return "the options of diffusion get lost in a form";
		if (seconds !== undefined && !Number.isInteger(seconds)) return "seconds is an integer";
	} else if (seconds !== undefined && typeof seconds !== "string") return "seconds is a string";
	const rates = [fields["fps"], fields["num_frames"]].filter((value) => value !== undefined);
	const areWhole = !DIALECTS[name].isEngine || rates.every((value) => Number.isInteger(Number(value)));
	return areWhole ? undefined : "frames are counted in whole numbers";
}

function failuresOf(name: Dialect): NonNullable<ServiceDialect["failures"]> {
	const kinds: Partial<Record<Dialect, readonly FailureKind[]>> = {
		"vllm-omni": ["invalid", "internal"],
		sglang: ["internal"],
		fastvideo: ["internal"],
	};
	const all = Object.keys(CODES) as FailureKind[];
	return (kinds[name] ?? all).flatMap((kind) => {
		const free = { kind, billed: false };
		return DIALECTS[name].isEngine ? [free] : [free, { kind, billed: true }];
	});
}

function look(job: ServiceJob, name: Dialect): DialectAnswer {
	if (name === "vllm-omni" && job.state === "cancelled") return { status: 404, json: { detail: "Video not found" } };
	const json = videoJson(job, name);
	if (name !== "vllm-omni" || job.failure === undefined) return { json };
	// The status of the answer is that of what broke the job.
	return { status: job.failure.kind === "invalid" ? 400 : 500, json };
}

function videoJson({ id, state, progress, failure, resultUrl, submission }: ServiceJob, name: Dialect): JsonObject {
	const isElsewhere = resultUrl !== undefined && new URL(resultUrl).origin !== submission.url.origin;
	return {
		id,
		object: "video",
		model: SERVED_MODEL,
		status: WORDS[state] ?? state,
		progress: name === "litellm" || name === "plain" ? (progress ?? 0) * 100 : 0,
		created_at: 1_795_000_000,
		seconds: "4",
		...(isElsewhere ? { url: resultUrl } : {}),
		...(failure === undefined ? {} : { error: errorJson(failure.kind, failure.reason, name) }),
	};
}

function errorJson(kind: FailureKind, message: string, name: Dialect): JsonObject {
	if (name === "vllm-omni") return { code: kind === "invalid" ? 400 : 500, message };
	return DIALECTS[name].isEngine ? { message } : { code: CODES[kind], message };
}

/** A gateway's ids hold the way to the job, in Base64. */
function gatewayId(number: number): string {
	const text = `litellm:custom_llm_provider:openai;model_id:0a1b2c3d?;video_id:video_${number}`;
	return `video_${Buffer.from(text).toString("base64")}`;
}
