import type { FailureKind, JsonObject } from "../../../src/provider/index.ts";
import type { ServiceDialect, ServiceJob } from "../../../src/testing/index.ts";

const WORDS: Readonly<Record<string, string>> = {
	queued: "starting",
	running: "processing",
	cancelled: "canceled",
};
/** What the text of an error says beside its reason. */
const MARKS: Readonly<Record<FailureKind, string>> = {
	refused: "flagged as sensitive (E005)",
	invalid: "invalid input (E006)",
	internal: "GPU out of memory",
	expired: "",
	cancelled: "",
};

/** Replicate's predictions. */
export const replicateDialect: ServiceDialect = {
	// Only what was dropped before it ran is known to be free, and what succeeded to be charged.
	failures: [
		...(["refused", "invalid", "internal", "cancelled"] as const).flatMap((kind) =>
			[false, true].map((billed) => ({ kind, billed })),
		),
		{ kind: "expired", billed: false },
	],
	jobId: (number) => `gm3qorzdhgbfurvjtvhg${String(number).padStart(6, "0")}`,
	route({ method, url }) {
		const submit = /^\/v1\/(?:models\/[^/]+\/[^/]+\/)?predictions$/;
		if (submit.test(url.pathname)) return { call: method === "POST" ? "submit" : "list" };
		const [, id, cancel] = /^\/v1\/predictions\/([^/]+)(\/cancel)?$/.exec(url.pathname) ?? [];
		if (id === undefined) return undefined;
		if (cancel !== undefined) return method === "POST" ? { call: "cancel", id } : undefined;
		return method === "GET" ? { call: "look", id } : undefined;
	},
	credential: ({ headers }) => /^Bearer (.*)$/.exec(headers["authorization"] ?? "")?.[1],
	submitted: (job) => ({ status: 201, json: prediction(job) }),
	looked: (job) => ({ json: prediction(job) }),
	cancelled: (job) => ({ json: prediction(job) }),
	listed: (jobs) => ({ json: { next: null, previous: null, results: jobs.map(prediction) } }),
	refused: (status, detail) => ({ title: "Refused", detail, status }),
	refusedContent: (reason) => ({ status: 422, json: { title: "Refused", detail: `${reason} (E005)`, status: 422 } }),
};

function prediction({ id, state, failure, resultUrl, submission }: ServiceJob): JsonObject {
	const { pathname } = submission.url;
	const body = (submission.json ?? {}) as JsonObject;
	const isDropped = failure?.kind === "expired";
	const status = isDropped ? "aborted" : failure?.kind === "cancelled" ? "canceled" : (WORDS[state] ?? state);
	return {
		id,
		model: pathname.startsWith("/v1/models/") ? pathname.split("/").slice(3, 5).join("/") : "somebody/model",
		version: body["version"] ?? "hidden",
		status,
		input: body["input"] ?? {},
		output: resultUrl ?? null,
		error: failure === undefined ? null : `${failure.reason} ${MARKS[failure.kind]}`,
		logs: "",
		created_at: new Date().toISOString(),
		urls: { get: `${submission.url.origin}/v1/predictions/${id}` },
	};
}
