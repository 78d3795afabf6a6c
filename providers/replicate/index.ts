import {
	createSentLog,
	handleId,
	InputError,
	type JsonValue,
	joinUrl,
	keyedService,
	maxEchoBytes,
	PAID_SERVICE,
	type ProviderFactory,
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
	const service = keyedService(settings, KEY, base);
	const sent = createSentLog();
	const predictionUrl = (handle: JsonValue, ...more: string[]) =>
		joinUrl(base, "v1", "predictions", handleId(handle, PREDICTION_ID), ...more);

	return {
		id: "replicate",
		traits: { ...PAID_SERVICE, lookup: "list", cancel: "remote" },
		account: service.account,
		...CATALOGUE,
		async start(request, context) {
			const { owner, name, version } = partsOf(request.model);
			const { input, warnings } = toInput(request);
			const recorded = await sent.record(context, request.model, input);
			const answer = await service.submit(context, {
				url: joinUrl(base, "v1", ...(version === undefined ? ["models", owner, name] : []), "predictions"),
				body: { version, input },
				// A prediction repeats its input, pictures included.
				maxBytes: maxEchoBytes(request),
				explain: (refused) => explainRefusal(refused, request.model),
			});
			const prediction = parseSubmission(answer);
			recorded.accepted(prediction.id);
			return { handle: prediction.id, status: toStatus(prediction), warnings };
		},
		async status(handle, context) {
			return toStatus(parsePrediction(await service.look(context, { url: predictionUrl(handle) })));
		},
		async cancel(handle, context) {
			const answer = await service.look(context, { url: predictionUrl(handle, "cancel"), method: "POST" });
			return toOutcome(parsePrediction(answer));
		},
		async find(intent, context) {
			const lost = sent.find(intent);
			const answer = await service.look(context, { url: joinUrl(base, "v1", "predictions") });
			return lost.among(parsePredictions(answer, lost.model.replace(/:.*$/s, ""), lost.sinceMs));
		},
		adopt(operationId) {
			if (PREDICTION_ID.test(operationId)) return operationId;
			throw new InputError("operation", `"${operationId}" is not an id of a prediction; copy it from replicate.com`);
		},
		check: service.check,
	};
};

/** Refuses what cannot be a model before a URL is made of it. */
function partsOf(model: string): ModelParts {
	const parts = parseModelId(model);
	if (parts !== undefined) return parts;
	throw new InputError("model", `"${model}" is not one of Replicate; write "owner/name" or "owner/name:version"`);
}
