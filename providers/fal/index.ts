import {
	createSentLog,
	joinUrl,
	jsonAt,
	keyedService,
	noVerdict,
	PAID_SERVICE,
	type ProviderFactory,
} from "../../src/provider-kit/index.ts";
import { announcedIn, explainRefusal, failureIn } from "./errors.ts";
import { toEnded, toInput, toRunning } from "./map.ts";
import { CATALOGUE } from "./models.ts";
import { adopt, checkModel, type Place, parsePlace, parseRequests, parseStatus, parseSubmission } from "./wire.ts";

const KEY = { name: "FAL_KEY", remedy: "create a key at fal.ai/dashboard/keys", scheme: "Key" };
const QUEUE_URL = "https://queue.fal.run";
/** Where fal lists requests. A base URL of the user's own stands for both. */
const PLATFORM_URL = "https://api.fal.ai";
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
	const service = keyedService(settings, KEY, base);
	const sent = createSentLog();
	const requestUrl = ({ app, id }: Place, ...more: string[]) =>
		joinUrl(base, ...app.split("/"), "requests", id, ...more);

	return {
		id: "fal",
		traits: { ...PAID_SERVICE, lookup: "list", cancel: "best-effort" },
		account: service.account,
		...CATALOGUE,
		async start(request, context) {
			const { model } = request;
			checkModel(model);
			const { input, warnings } = toInput(request);
			const recorded = await sent.record(context, model, input);
			const answer = await service.submit(context, {
				url: joinUrl(base, ...model.split("/")),
				// fal runs a request up to ten times, or at another endpoint. One submission shall be one run.
				headers: { "x-fal-no-retry": "1", "x-app-fal-disable-fallback": "true" },
				body: input,
				explain: explainRefusal,
			});
			const handle = parseSubmission(answer, model, base);
			recorded.accepted(handle.id);
			return { handle, warnings };
		},
		async status(handle, context) {
			const place = parsePlace(handle);
			const look = await service.look(context, { url: requestUrl(place, "status"), query: { logs: "1" } });
			// Servers that speak this protocol say "not yet" with nothing at all.
			if (look.json === undefined) return { state: "running" };
			const status = parseStatus(look);
			if (status.status !== "COMPLETED") return toRunning(status);
			const url = requestUrl(place, ...(place.result === undefined ? [] : [place.result]));
			const readableStatuses = announcedIn(status) === undefined ? VERDICTS : ANNOUNCED_VERDICTS;
			return toEnded(await service.look(context, { url, readableStatuses }), status);
		},
		async cancel(handle, context) {
			const url = requestUrl(parsePlace(handle), "cancel");
			const answer = await service.look(context, { url, method: "PUT", readableStatuses: [400] });
			if (answer.status !== 400) return "requested";
			if (jsonAt(answer.json, "status") === "ALREADY_COMPLETED") return "finished";
			const reason = failureIn(answer.json)?.reason ?? "status 400";
			throw noVerdict(`fal did not cancel the request: ${reason}`, { status: 400 });
		},
		async find(intent, context) {
			const lost = sent.find(intent);
			const url = joinUrl(settings.baseUrl ?? PLATFORM_URL, "v1", "models", "requests", "by-endpoint");
			const start = new Date(lost.sinceMs).toISOString();
			const query = { endpoint_id: lost.model, start, limit: "100", expand: "payloads" };
			const id = lost.among(parseRequests(await service.look(context, { url, query })));
			return id === undefined ? undefined : adopt(id, lost.model);
		},
		adopt,
		check: service.check,
	};
};
