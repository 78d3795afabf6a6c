import {
	accountFingerprint,
	ConfigurationError,
	createSentLog,
	InputError,
	type JsonObject,
	joinUrl,
	jsonAt,
	lookRequest,
	ProviderError,
	type ProviderFactory,
	type ProviderTraits,
	submitRequest,
} from "../../src/provider-kit/index.ts";
import { explainRefusal, failureIn, failureOf } from "./errors.ts";
import { toEnded, toInput, toRunning } from "./map.ts";
import { MODELS } from "./models.ts";
import {
	appOf,
	type FalHandle,
	isEndpointId,
	isRequestId,
	parseFalHandle,
	parseRequests,
	parseStatus,
	parseSubmission,
} from "./wire.ts";

const TRAITS: ProviderTraits = {
	idempotency: "none",
	lookup: "list",
	cancel: "best-effort",
	billing: "paid",
	runsIn: "service",
	modelIds: "open",
};
const QUEUE_URL = "https://queue.fal.run";
/** Where fal lists requests. A base URL of the user's own stands for both. */
const PLATFORM_URL = "https://api.fal.ai";
/** A look brings all the logs, and a listing the inputs with their pictures. */
const MAX_LOOK_BYTES = 64 * 1024 * 1024;
/** The clocks of two machines differ. */
const CLOCK_SKEW_MS = 120_000;
/** Statuses of a result that may be the end of a failed job. */
const VERDICTS = [400, 404, 405, 409, 413, 415, 422, 499, 500, 502, 503, 504];
/** Those that are one only if the queue has said that the job failed. */
const ANNOUNCED_VERDICTS = [...VERDICTS, 401, 402, 403, 408, 429];

/**
 * The provider `fal`: any endpoint of fal's queue, by its id. `FAL_KEY` is its key, `FAL_BASE_URL` moves it.
 *
 * `providerOptions.fal` goes into the model's input as it is; `inputNames` in it renames what reelay sends,
 * for example `{ inputNames: { image: "first_image_url" } }`.
 */
export const createFalProvider: ProviderFactory = ({ credentials, baseUrl }) => {
	const key = credentials["FAL_KEY"];
	const base = baseUrl ?? QUEUE_URL;
	const sent = createSentLog();

	const headers = () => {
		if (key === undefined) throw new ConfigurationError("FAL_KEY is not set; create a key at fal.ai/dashboard/keys");
		return { authorization: `Key ${key.reveal()}` };
	};
	const requestUrl = ({ app, id }: FalHandle, ...more: string[]) =>
		joinUrl(base, ...app.split("/"), "requests", id, ...more);

	return {
		id: "fal",
		traits: TRAITS,
		...(key === undefined ? {} : { account: accountFingerprint(key) }),
		model: (id) => MODELS.get(id),
		models: () => [...MODELS.values()],
		async start(request, { jobId, fetch, signal }) {
			const { model } = request;
			checkModel(model);
			const { input, warnings } = toInput(request);
			const recorded = sent.record(jobId, model, input);
			const answer = await submitRequest(
				{ fetch, signal },
				{
					url: joinUrl(base, ...model.split("/")),
					// fal runs a request up to ten times, or at another endpoint. One submission shall be one run.
					headers: { ...headers(), "x-fal-no-retry": "1", "x-app-fal-disable-fallback": "true" },
					body: input,
					explain: explainRefusal,
				},
			);
			const handle = parseSubmission(answer, model, base);
			recorded.accepted(handle.id);
			return { handle, warnings };
		},
		async status(handle, context) {
			const place = parseFalHandle(handle);
			const url = requestUrl(place, "status");
			url.searchParams.set("logs", "1");
			const look = await lookRequest(context, { url, headers: headers(), maxBytes: MAX_LOOK_BYTES });
			// Servers that speak this protocol say "not yet" with nothing at all.
			if (look.json === undefined) return { state: "running" };
			const status = parseStatus(look);
			if (status.status !== "COMPLETED") return toRunning(status);
			const result = await lookRequest(context, {
				url: requestUrl(place, ...("result" in place ? [place.result] : [])),
				headers: headers(),
				readableStatuses: failureOf(status) === undefined ? VERDICTS : ANNOUNCED_VERDICTS,
			});
			return toEnded(result, status);
		},
		async cancel(handle, context) {
			const url = requestUrl(parseFalHandle(handle), "cancel");
			const answer = await lookRequest(context, { url, method: "PUT", headers: headers(), readableStatuses: [400] });
			if (answer.status !== 400) return "requested";
			if (jsonAt(answer.json, "status") === "ALREADY_COMPLETED") return "finished";
			throw new ProviderError(`fal did not cancel the request: ${failureIn(answer.json)?.reason ?? "status 400"}`, {
				phase: "poll",
				billed: "unknown",
				retryable: true,
				status: 400,
			});
		},
		async find({ jobId, model, submittedAtMs }, context) {
			const submission = sent.find(jobId);
			const url = joinUrl(baseUrl ?? PLATFORM_URL, "v1", "models", "requests", "by-endpoint");
			url.searchParams.set("endpoint_id", submission?.model ?? model);
			url.searchParams.set("start", new Date(submittedAtMs - CLOCK_SKEW_MS).toISOString());
			url.searchParams.set("limit", "100");
			url.searchParams.set("expand", "payloads");
			const look = { url, headers: headers(), maxBytes: MAX_LOOK_BYTES };
			const listed = parseRequests(await lookRequest(context, look));
			if (submission === undefined || listed === undefined) return undefined;
			const id = submission.among(listed);
			return id !== undefined && isRequestId(id) ? { app: appOf(submission.model), id } : undefined;
		},
		adopt(operationId, model): JsonObject {
			checkModel(model);
			if (isRequestId(operationId)) return { app: appOf(model), id: operationId };
			throw new InputError("operation", `"${operationId}" is not a request id of fal; copy it from fal.ai/dashboard`);
		},
		async check() {
			if (key === undefined) {
				return { usable: false, detail: "FAL_KEY is not set; create a key at fal.ai/dashboard/keys" };
			}
			return { usable: true, detail: `FAL_KEY is set; requests go to ${new URL(base).origin}` };
		},
	};
};

/** Refuses what cannot be an endpoint before a URL is made of it. */
function checkModel(model: string): void {
	if (isEndpointId(model)) return;
	throw new InputError("model", `"${model}" is not an endpoint of fal; write it as "owner/app/path"`);
}
