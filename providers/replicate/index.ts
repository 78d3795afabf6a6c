import {
	accountFingerprint,
	ConfigurationError,
	createSentLog,
	handleId,
	InputError,
	type JsonValue,
	joinUrl,
	lookRequest,
	type ProviderFactory,
	type ProviderRequest,
	type ProviderTraits,
	submitRequest,
} from "../../src/provider-kit/index.ts";
import { explainRefusal } from "./errors.ts";
import { toInput, toOutcome, toStatus } from "./map.ts";
import { capabilitiesOf, MODELS } from "./models.ts";
import {
	type ModelParts,
	PREDICTION_ID,
	parseModelId,
	parsePrediction,
	parsePredictions,
	parseSubmission,
} from "./wire.ts";

const TRAITS: ProviderTraits = {
	idempotency: "none",
	lookup: "list",
	cancel: "remote",
	billing: "paid",
	runsIn: "service",
	modelIds: "open",
};
const API_URL = "https://api.replicate.com";
const NO_KEY = "REPLICATE_API_TOKEN is not set; create a token at replicate.com/account/api-tokens";
/** Every prediction repeats its input, pictures included, so that answers can be as large as the request was. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
/** What an answer has beside that. */
const MAX_OWN_BYTES = 4 * 1024 * 1024;
/** The clocks of two machines differ. */
const CLOCK_SKEW_MS = 120_000;

/**
 * The provider `replicate`: official models by `owner/name`, all others by `owner/name:version`.
 * `REPLICATE_API_TOKEN` is its key, `REPLICATE_BASE_URL` moves it.
 *
 * `providerOptions.replicate` goes into the model's input as it is; `inputNames` in it renames what reelay
 * sends, for example `{ inputNames: { image: "input_image" } }`.
 */
export const createReplicateProvider: ProviderFactory = ({ credentials, baseUrl = API_URL }) => {
	const key = credentials["REPLICATE_API_TOKEN"];
	// A base may be given with the version that every path begins with, or without.
	const base = baseUrl.replace(/\/v1\/?$/, "");
	const sent = createSentLog();

	const headers = () => {
		if (key === undefined) throw new ConfigurationError(NO_KEY);
		return { authorization: `Bearer ${key.reveal()}` };
	};
	const predictionUrl = (handle: JsonValue, ...more: string[]) =>
		joinUrl(base, "v1", "predictions", handleId(handle, PREDICTION_ID), ...more);

	return {
		id: "replicate",
		traits: TRAITS,
		...(key === undefined ? {} : { account: accountFingerprint(key) }),
		model: capabilitiesOf,
		models: () => [...MODELS.values()],
		async start(request, { jobId, fetch, signal }) {
			const { owner, name, version } = partsOf(request.model);
			const { input, warnings } = toInput(request);
			const recorded = sent.record(jobId, request.model, input);
			const answer = await submitRequest(
				{ fetch, signal },
				{
					url:
						version === undefined
							? joinUrl(base, "v1", "models", owner, name, "predictions")
							: joinUrl(base, "v1", "predictions"),
					headers: headers(),
					body: { version, input },
					maxBytes: MAX_OWN_BYTES + pictureBytes(request),
					explain: (refused) => explainRefusal(refused, request.model),
				},
			);
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
		async find({ jobId, model, submittedAtMs }, context) {
			const submission = sent.find(jobId);
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
		async check() {
			if (key === undefined) return { usable: false, detail: NO_KEY };
			return { usable: true, detail: `REPLICATE_API_TOKEN is set; requests go to ${new URL(base).origin}` };
		},
	};
};

/** Refuses what cannot be a model before a URL is made of it. */
function partsOf(model: string): ModelParts {
	const parts = parseModelId(model);
	if (parts !== undefined) return parts;
	throw new InputError("model", `"${model}" is not one of Replicate; write "owner/name" or "owner/name:version"`);
}

/** How many bytes the pictures of a request may have in JSON, at most. */
function pictureBytes({ image, lastFrame, references = [] }: ProviderRequest): number {
	const pictures = [image, lastFrame, ...references];
	return pictures.reduce((sum, picture) => sum + 2 * (picture?.data.byteLength ?? 0), 0);
}
