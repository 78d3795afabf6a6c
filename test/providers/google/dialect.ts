import type { FailureKind, JsonObject, JsonValue } from "../../../src/provider/index.ts";
import {
	type DialectAnswer,
	type ReceivedRequest,
	type ServiceDialect,
	type ServiceJob,
	TINY_VIDEO,
} from "../../../src/testing/index.ts";

/** The project and location that the tests of Vertex are configured with. */
export const PROJECT = "project-1";
export const LOCATION = "europe-west4";

const INTERACTION_STATES: Readonly<Record<string, string>> = { running: "in_progress", succeeded: "completed" };
/** How an interaction words each failure. */
const INTERACTION_FAILURES: Readonly<Record<FailureKind, (reason: string) => JsonObject>> = {
	refused: (reason) => ({
		status: "completed",
		steps: [output({ type: "text", text: `I cannot do that: ${reason}` })],
	}),
	invalid: (reason) => ({ status: "failed", errors: [{ code: "invalid_request", message: reason }] }),
	internal: (reason) => ({ status: "incomplete", errors: [{ code: "internal_error", message: reason }] }),
	expired: (reason) => ({ status: "failed", steps: [{ ...output(), error: { code: 4, message: reason } }] }),
	cancelled: (reason) => ({ status: "cancelled", errors: [{ message: reason }] }),
};
/** How an operation of Veo words each failure. A refusal is no error: it is done, without a video. */
const RPC_CODES: Readonly<Record<Exclude<FailureKind, "refused">, number>> = {
	invalid: 3,
	internal: 13,
	expired: 4,
	cancelled: 1,
};

/** The Interactions API: of the Gemini API (also behind a gateway), or of Vertex. */
export function interactionsDialect(basePath: string, delivery: "uri" | "inline"): ServiceDialect {
	return {
		route({ method, url }) {
			const [found, id, cancel] =
				new RegExp(`^${basePath}/interactions(?:/([^/]+?)(/cancel)?)?$`).exec(url.pathname) ?? [];
			if (found === undefined) return fileCall(url);
			if (id === undefined) return method === "POST" ? { call: "submit" } : undefined;
			if (cancel !== undefined) return method === "POST" ? { call: "cancel", id } : undefined;
			return method === "GET" ? { call: "look", id } : undefined;
		},
		credential,
		submitted: ({ id }) => ({ json: { id, object: "interaction", status: "in_progress" } }),
		looked: (job) => ({ json: interaction(job, delivery) }),
		cancelled: (job) => ({ json: interaction(job, delivery) }),
		refused,
		refusedContent,
		jobId: (number) => `v1_${Buffer.from(`interaction ${number}`).toString("base64url")}`,
	};
}

/** `predictLongRunning` as a gateway has it from the Gemini API of old. */
export const gatewayDialect: ServiceDialect = {
	basePath: "/gemini",
	route({ method, url }) {
		const path = url.pathname.replace(/^\/gemini\/v1beta\//, "");
		if (/^models\/[^/]+:predictLongRunning$/.test(path)) return method === "POST" ? { call: "submit" } : undefined;
		if (/^models\/[^/]+\/operations\/[^/]+$/.test(path))
			return method === "GET" ? { call: "look", id: path } : undefined;
		return fileCall(url);
	},
	credential,
	submitted: ({ id }) => ({ json: { name: id, done: false } }),
	looked(job) {
		if (isRunning(job)) return { json: { name: job.id, done: false, metadata: { state: job.state } } };
		if (job.failure?.kind === "refused") {
			const filtered = { raiMediaFilteredCount: 1, raiMediaFilteredReasons: [job.failure.reason] };
			return { json: { name: job.id, done: true, response: { generateVideoResponse: filtered } } };
		}
		if (job.state !== "succeeded") return rpcFailure(job);
		const uri = fileUri(job, "/gemini/v1beta", "https://generativelanguage.googleapis.com/v1beta");
		const generatedSamples = uri === undefined ? [] : [{ video: { uri } }];
		return { json: { name: job.id, done: true, response: { generateVideoResponse: { generatedSamples } } } };
	},
	refused,
	refusedContent,
	jobId: (number) => `models/veo-3.1-generate-preview/operations/op${number}`,
};

/** `predictLongRunning` and `fetchPredictOperation` of Vertex. */
export const vertexDialect: ServiceDialect = {
	route({ method, url, json }) {
		const place = new RegExp(
			`^/v1beta1/projects/${PROJECT}/locations/${LOCATION}/publishers/google/models/[^/:]+:(\\w+)$`,
		);
		const call = place.exec(url.pathname)?.[1];
		if (method !== "POST") return undefined;
		if (call === "predictLongRunning") return { call: "submit" };
		const name = (json as JsonObject | undefined)?.["operationName"];
		return call === "fetchPredictOperation" ? { call: "look", id: String(name) } : undefined;
	},
	credential,
	submitted: ({ id }) => ({ json: { name: id } }),
	looked(job) {
		if (isRunning(job)) return { json: { name: job.id, metadata: { state: job.state } } };
		if (job.failure?.kind === "refused") {
			const response = { raiMediaFilteredCount: 1, raiMediaFilteredReasons: [job.failure.reason] };
			return { json: { name: job.id, done: true, response } };
		}
		if (job.state !== "succeeded") return rpcFailure(job);
		const bytesBase64Encoded = Buffer.from(TINY_VIDEO).toString("base64");
		const videos =
			job.resultUrl === undefined
				? []
				: isElsewhere(job)
					? [{ gcsUri: job.resultUrl, mimeType: "video/mp4" }]
					: [{ bytesBase64Encoded, mimeType: "video/mp4" }];
		return { json: { name: job.id, done: true, response: { "@type": "type", videos, raiMediaFilteredCount: 0 } } };
	},
	refused,
	refusedContent,
	jobId: (number) =>
		`projects/${PROJECT}/locations/${LOCATION}/publishers/google/models/veo-3.1-generate-001/operations/0a-${number}`,
};

function credential({ headers }: ReceivedRequest): string | undefined {
	return headers["x-goog-api-key"] ?? /^Bearer (.*)$/.exec(headers["authorization"] ?? "")?.[1];
}

function refused(code: number, message: string): JsonValue {
	return { error: { code, message, status: code === 400 ? "INVALID_ARGUMENT" : "UNKNOWN" } };
}

function refusedContent(message: string): DialectAnswer {
	return { status: 400, json: { error: { code: "SAFETY", message } } };
}

function interaction(job: ServiceJob, delivery: "uri" | "inline"): JsonObject {
	const { id, state, failure } = job;
	const shared = { id, object: "interaction", status: INTERACTION_STATES[state] ?? state };
	if (failure !== undefined) return { ...shared, ...INTERACTION_FAILURES[failure.kind](failure.reason) };
	if (state !== "succeeded" || job.resultUrl === undefined) return shared;
	const data = Buffer.from(TINY_VIDEO).toString("base64");
	const uri = fileUri(job, "/v1", undefined) ?? "";
	const place: JsonObject = delivery === "inline" && !isElsewhere(job) ? { data } : { uri };
	return { ...shared, steps: [{ type: "thought" }, output({ type: "video", mime_type: "video/mp4", ...place })] };
}

function output(...content: readonly JsonObject[]): JsonObject {
	return { type: "model_output", content };
}

function rpcFailure({ id, failure }: ServiceJob): DialectAnswer {
	const kind = failure === undefined || failure.kind === "refused" ? "cancelled" : failure.kind;
	return { json: { name: id, done: true, error: { code: RPC_CODES[kind], message: failure?.reason ?? "cancelled" } } };
}

function isRunning({ state }: ServiceJob): boolean {
	return state !== "succeeded" && state !== "failed" && state !== "cancelled";
}

function isElsewhere({ resultUrl, submission }: ServiceJob): boolean {
	return resultUrl !== undefined && new URL(resultUrl).origin !== submission.url.origin;
}

/** The address of a job's file, whose id is that of the job in another spelling. `named` is the base in it. */
function fileUri(job: ServiceJob, path: string, named: string | undefined): string | undefined {
	if (job.resultUrl === undefined || isElsewhere(job)) return job.resultUrl;
	const id = Buffer.from(job.id).toString("base64url");
	return `${named ?? `${job.submission.url.origin}${path}`}/files/${id}:download?alt=media`;
}

function fileCall({ pathname, searchParams }: URL): { readonly call: "result"; readonly id: string } | undefined {
	const [, id] = /\/files\/([^/:]+):download$/.exec(pathname) ?? [];
	if (id === undefined || searchParams.get("alt") !== "media") return undefined;
	return { call: "result", id: Buffer.from(id, "base64url").toString() };
}
