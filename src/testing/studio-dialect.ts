import type { JsonObject } from "../provider/index.ts";
import type { ServiceDialect, ServiceJob } from "./service-dialect.ts";

/**
 * The protocol of `examples/http-provider.ts`, an invented service like many that exist:
 *
 * - `POST /v1/jobs` with the options in JSON answers 201 and the job;
 * - `GET /v1/jobs/{id}` answers the job, `POST /v1/jobs/{id}/cancel` too;
 * - `GET /v1/jobs`, and `?client_reference=…`, lists jobs, the newest first;
 * - content that its rules refuse is answered with 422 and the code `content`;
 * - the key is a bearer token, and an `Idempotency-Key` may come with a submission.
 */
export const studioDialect: ServiceDialect = {
	basePath: "/v1",
	route({ method, url, headers, json }) {
		const match = /^\/v1\/jobs(?:\/([^/]+)(\/cancel)?)?$/.exec(url.pathname);
		if (match === null) return undefined;
		const [, id, cancel] = match;
		if (id !== undefined && cancel !== undefined) return method === "POST" ? { call: "cancel", id } : undefined;
		if (id !== undefined) return method === "GET" ? { call: "look", id } : undefined;
		if (method === "GET") return { call: "list", clientId: url.searchParams.get("client_reference") ?? undefined };
		if (method !== "POST") return undefined;
		const { client_reference: reference } = (json ?? {}) as JsonObject;
		const clientId = typeof reference === "string" ? reference : undefined;
		return { call: "submit", clientId, idempotencyKey: headers["idempotency-key"] };
	},
	credential: ({ headers }) => /^Bearer (.*)$/.exec(headers["authorization"] ?? "")?.[1],
	submitted: (job) => ({ status: 201, json: jobJson(job) }),
	looked: (job) => ({ json: jobJson(job) }),
	cancelled: (job) => ({ json: jobJson(job) }),
	listed: (jobs) => ({ json: { jobs: jobs.map(jobJson) } }),
	refused: (status, reason) => ({ error: { message: reason, code: status } }),
	refusedContent: (reason) => ({ status: 422, json: { error: { message: reason, code: "content" } } }),
};

function jobJson({ id, state, progress, queuePosition, failure, resultUrl, clientId }: ServiceJob): JsonObject {
	return {
		id,
		state,
		...(clientId === undefined ? {} : { client_reference: clientId }),
		...(progress === undefined ? {} : { progress }),
		...(queuePosition === undefined ? {} : { queue_position: queuePosition }),
		...(resultUrl === undefined ? {} : { video: { url: resultUrl } }),
		...(failure === undefined ? {} : { error: { ...failure } }),
	};
}
