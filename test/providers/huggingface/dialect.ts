import type { InferenceProviderId } from "../../../providers/huggingface/inference-providers.ts";
import type { JsonObject, JsonValue, VideoTask } from "../../../src/provider/index.ts";
import type { DialectAnswer, ReceivedRequest, ServiceDialect, ServiceJob } from "../../../src/testing/index.ts";
import { PROTOCOLS } from "./protocol-dialects.ts";

/** The id of every model at an inference provider. */
export const PROVIDER_IDS: Readonly<Record<InferenceProviderId, string>> = {
	"fal-ai": "fal-ai/wan/v2.2-5b/text-to-video",
	replicate: "wan-video/wan-2.2-5b-fast",
	novita: "wan-t2v",
	wavespeed: "wavespeed-ai/wan-2.2/t2v-5b-720p",
	together: "Wan-AI/Wan2.2-T2V-A14B",
};

/** Who serves a model, as the Hub lists it. */
export function mapping(at: string, task: string, more: JsonObject = {}): JsonObject {
	const providerId = PROVIDER_IDS[at as InferenceProviderId] ?? "some/model";
	return { provider: at, providerId, hfModelId: "somebody/new-model", status: "live", task, ...more };
}

/** The Hub, and one inference provider behind the router: all that a base URL stands for. */
export function huggingfaceDialect(
	at: InferenceProviderId,
	task: VideoTask,
	mappings: () => JsonValue = () => [mapping(at, task)],
): ServiceDialect {
	const protocol = PROTOCOLS[at];
	const prefix = `/${at}`;
	return {
		...protocol,
		route(request) {
			const { pathname } = request.url;
			if (pathname.startsWith("/api/models/")) {
				const answer: DialectAnswer = { json: { id: "somebody/new-model", inferenceProviderMapping: mappings() } };
				return { call: "other", answer };
			}
			return pathname.startsWith(`${prefix}/`) ? protocol.route(inside(request, prefix)) : undefined;
		},
		credential: ({ headers }) => /^(?:Bearer|Key) (.*)$/.exec(headers["authorization"] ?? "")?.[1],
		submitted: (job) => protocol.submitted(jobInside(job, prefix)),
		refused: (status, reason) => protocol.refused(status, reason),
		refusedContent: (reason) => ({ status: 422, json: protocol.refused(422, `content policy violation: ${reason}`) }),
	};
}

/** The request as the inference provider sees it. */
function inside(request: ReceivedRequest, prefix: string): ReceivedRequest {
	const url = new URL(request.url);
	url.pathname = url.pathname.slice(prefix.length);
	return { ...request, url };
}

function jobInside(job: ServiceJob, prefix: string): ServiceJob {
	return { ...job, submission: inside(job.submission, prefix) };
}
