import {
	accountFingerprint,
	checkKey,
	createSentLog,
	InputError,
	joinUrl,
	jsonAt,
	lookRequest,
	noVerdict,
	type ProviderFactory,
	requireKey,
	submitRequest,
} from "../../src/provider-kit/index.ts";
import { announcedIn, explainRefusal, failureIn } from "./errors.ts";
import { toEnded, toInput, toRunning } from "./map.ts";
import { CATALOGUE } from "./models.ts";
import {
	appOf,
	ENDPOINT_ID,
	type FalHandle,
	parseFalHandle,
	parseRequests,
	parseStatus,
	parseSubmission,
	REQUEST_ID,
} from "./wire.ts";

const KEY = { name: "FAL_KEY", remedy: "create a key at fal.ai/dashboard/keys" };
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
export const createFalProvider: ProviderFactory = (settings) => {
	const { baseUrl: base = QUEUE_URL } = settings;
	const sent = createSentLog();

	const headers = () => ({ authorization: `Key ${requireKey(settings, KEY).reveal()}` });
	const requestUrl = ({ app, id }: FalHandle, ...more: string[]) =>
		joinUrl(base, ...app.split("/"), "requests", id, ...more);

	return {
		id: "fal",
		traits: {
			idempotency: "none",
			lookup: "list",
			cancel: "best-effort",
			billing: "paid",
			runsIn: "service",
			modelIds: "open",
		},
		account: accountFingerprint(settings.credentials[KEY.name]),
		...CATALOGUE,
		async start(request, context) {
			const { model } = request;
			checkModel(model);
			const { input, warnings } = toInput(request);
			const recorded = await sent.record(context, model, input);
			const answer = await submitRequest(context, {
				url: joinUrl(base, ...model.split("/")),
				// fal runs a request up to ten times, or at another endpoint. One submission shall be one run.
				headers: { ...headers(), "x-fal-no-retry": "1", "x-app-fal-disable-fallback": "true" },
				body: input,
				explain: explainRefusal,
			});
			const handle = parseSubmission(answer, model, base);
			recorded.accepted(handle.id);
			return { handle, warnings };
		},
		async status(handle, context) {
			const place = parseFalHandle(handle);
			const request = { url: requestUrl(place, "status"), query: { logs: "1" }, headers: headers() };
			const look = await lookRequest(context, { ...request, maxBytes: MAX_LOOK_BYTES });
			// Servers that speak this protocol say "not yet" with nothing at all.
			if (look.json === undefined) return { state: "running" };
			const status = parseStatus(look);
			if (status.status !== "COMPLETED") return toRunning(status);
			const result = await lookRequest(context, {
				url: requestUrl(place, ...(place.result === undefined ? [] : [place.result])),
				headers: headers(),
				readableStatuses: announcedIn(status) === undefined ? VERDICTS : ANNOUNCED_VERDICTS,
			});
			return toEnded(result, status);
		},
		async cancel(handle, context) {
			const url = requestUrl(parseFalHandle(handle), "cancel");
			const answer = await lookRequest(context, { url, method: "PUT", headers: headers(), readableStatuses: [400] });
			if (answer.status !== 400) return "requested";
			if (jsonAt(answer.json, "status") === "ALREADY_COMPLETED") return "finished";
			const reason = failureIn(answer.json)?.reason ?? "status 400";
			throw noVerdict(`fal did not cancel the request: ${reason}`, { status: 400 });
		},
		async find(intent, context) {
			const { model, submittedAtMs } = intent;
			const submission = sent.find(intent);
			const url = joinUrl(settings.baseUrl ?? PLATFORM_URL, "v1", "models", "requests", "by-endpoint");
			const query = {
				endpoint_id: submission?.model ?? model,
				start: new Date(submittedAtMs - CLOCK_SKEW_MS).toISOString(),
				limit: "100",
				expand: "payloads",
			};
			const look = { url, query, headers: headers(), maxBytes: MAX_LOOK_BYTES };
			const listed = parseRequests(await lookRequest(context, look));
			const id = listed && submission?.among(listed);
			return id === undefined ? undefined : { app: appOf(submission?.model ?? model), id };
		},
		adopt(operationId, model) {
			checkModel(model);
			if (REQUEST_ID.test(operationId)) return { app: appOf(model), id: operationId };
			throw new InputError("operation", `"${operationId}" is not a request id of fal; copy it from fal.ai/dashboard`);
		},
		check: async () => checkKey(settings, KEY, base),
	};
};

/** Refuses what cannot be an endpoint before a URL is made of it. */
function checkModel(model: string): void {
	if (ENDPOINT_ID.test(model)) return;
	throw new InputError("model", `"${model}" is not an endpoint of fal; write it as "owner/app/path"`);
}
