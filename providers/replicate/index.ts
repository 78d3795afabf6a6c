import {
	accountFingerprint,
	checkKey,
	createSentLog,
	handleId,
	InputError,
	type JsonValue,
	joinUrl,
	lookRequest,
	maxEchoBytes,
	type ProviderFactory,
	requireKey,
	submitRequest,
} from "../../src/provider-kit/index.ts";
import { explainRefusal } from "./errors.ts";
import { toInput, toOutcome, toStatus } from "./map.ts";
import { CATALOGUE } from "./models.ts";
import {
	type ModelParts,
	PREDICTION_ID,
	parseModelId,
	parsePrediction,
	parsePredictions,
	parseSubmission,
} from "./wire.ts";

const API_URL = "https://api.replicate.com";
const KEY = { name: "REPLICATE_API_TOKEN", remedy: "create a token at replicate.com/account/api-tokens" };
/** Every prediction repeats its input, pictures included, so that answers can be as large as the request was. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
/** The clocks of two machines differ. */
const CLOCK_SKEW_MS = 120_000;

/**
 * The provider `replicate`: official models by `owner/name`, all others by `owner/name:version`.
 * `REPLICATE_API_TOKEN` is its key, `REPLICATE_BASE_URL` moves it.
 *
 * `providerOptions.replicate` goes into the model's input as it is; `inputNames` in it renames what reelay
 * sends, for example `{ inputNames: { image: "input_image" } }`.
 */
export const createReplicateProvider: ProviderFactory = (settings) => {
	// A base may be given with the version that every path begins with, or without.
	const base = (settings.baseUrl ?? API_URL).replace(/\/v1\/?$/, "");
	const sent = createSentLog();

	const headers = () => ({ authorization: `Bearer ${requireKey(settings, KEY).reveal()}` });
	const predictionUrl = (handle: JsonValue, ...more: string[]) =>
		joinUrl(base, "v1", "predictions", handleId(handle, PREDICTION_ID), ...more);

	return {
		id: "replicate",
		traits: {
			idempotency: "none",
			lookup: "list",
			cancel: "remote",
			billing: "paid",
			runsIn: "service",
			modelIds: "open",
		},
		account: accountFingerprint(settings.credentials[KEY.name]),
		...CATALOGUE,
		async start(request, context) {
			const { owner, name, version } = partsOf(request.model);
			const { input, warnings } = toInput(request);
			const recorded = await sent.record(context, request.model, input);
			const answer = await submitRequest(context, {
				url: joinUrl(base, "v1", ...(version === undefined ? ["models", owner, name] : []), "predictions"),
				headers: headers(),
				body: { version, input },
				maxBytes: maxEchoBytes(request),
				explain: (refused) => explainRefusal(refused, request.model),
			});
			const prediction = parseSubmission(answer);
			recorded.accepted(prediction.id);
			return { handle: prediction.id, status: toStatus(prediction), warnings };
		},
		async status(handle, context) {
			const look = { url: predictionUrl(handle), headers: headers(), maxBytes: MAX_ANSWER_BYTES };
			return toStatus(parsePrediction(await lookRequest(context, look)));
		},
		async cancel(handle, context) {
			const url = predictionUrl(handle, "cancel");
			const request = { url, method: "POST", headers: headers(), maxBytes: MAX_ANSWER_BYTES };
			return toOutcome(parsePrediction(await lookRequest(context, request)));
		},
		async find(intent, context) {
			const { model, submittedAtMs } = intent;
			const submission = sent.find(intent);
			const url = joinUrl(base, "v1", "predictions");
			const listed = parsePredictions(
				await lookRequest(context, { url, headers: headers(), maxBytes: MAX_ANSWER_BYTES }),
				(submission?.model ?? model).replace(/:.*$/s, ""),
				submittedAtMs - CLOCK_SKEW_MS,
			);
			return listed && submission?.among(listed);
		},
		adopt(operationId) {
			if (PREDICTION_ID.test(operationId)) return operationId;
			throw new InputError("operation", `"${operationId}" is not an id of a prediction; copy it from replicate.com`);
		},
		check: async () => checkKey(settings, KEY, base),
	};
};

/** Refuses what cannot be a model before a URL is made of it. */
function partsOf(model: string): ModelParts {
	const parts = parseModelId(model);
	if (parts !== undefined) return parts;
	throw new InputError("model", `"${model}" is not one of Replicate; write "owner/name" or "owner/name:version"`);
}
