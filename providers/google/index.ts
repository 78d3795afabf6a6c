import {
	accountFingerprint,
	type HttpAnswer,
	type HttpRequest,
	InputError,
	type JsonObject,
	joinUrl,
	lookRequest,
	maxEchoBytes,
	noVerdict,
	OperationNotFoundError,
	PAID_SERVICE,
	type ProviderFactory,
	type ProviderRequest,
	reasonIn,
	submitRequest,
} from "../../src/provider-kit/index.ts";
import { toAsset } from "./assets.ts";
import { explainRefusal, readableReason } from "./errors.ts";
import { withInlineMedia } from "./inline-media.ts";
import { toCancelOutcome, toInteraction, toInteractionStatus } from "./interactions.ts";
import { capabilitiesOf, isVeo, MODEL_IDS } from "./models.ts";
import { createPlaces, type Place } from "./places.ts";
import { writeCancel, writeCreate, writeGet } from "./sdk.ts";
import { toOperationStatus, toPrediction } from "./veo.ts";
import {
	type GoogleHandle,
	INTERACTION_ID,
	OPERATION,
	parseCreated,
	parseGoogleError,
	parseGoogleHandle,
	parseInteraction,
	parseOperation,
	parsePredicted,
	partsOf,
} from "./wire.ts";

/** An interaction that the Gemini API does not know is a bad request to it. */
const UNKNOWN_INTERACTION = /invalid interaction name/i;

/**
 * The provider `google`: Gemini Omni and Veo. `GEMINI_API_KEY` is the key of the Gemini API, or of the gateway that
 * `GOOGLE_BASE_URL` names; `GOOGLE_CLOUD_PROJECT` and `GOOGLE_CLOUD_LOCATION` lead to Vertex, with the
 * application default credentials of this machine or `GOOGLE_VERTEX_API_KEY`.
 *
 * `providerOptions.google` goes into the body of an Omni model, and into the parameters of a Veo model.
 */
export const createGoogleProvider: ProviderFactory = (settings) => {
	const places = createPlaces(settings);
	const placeOf = (handle: GoogleHandle): Place => {
		if (!("operation" in handle)) return places.forHandle(handle.via, "project" in handle ? handle : undefined);
		return places.forHandle(handle.via, handle.via === "vertex" ? partsOf(handle.operation) : undefined);
	};

	return {
		id: "google",
		// Omni stops when it is told to; Veo has no such call.
		traits: { ...PAID_SERVICE, cancel: "best-effort" },
		account: accountFingerprint(places.account),
		model: (id) => capabilitiesOf(id, places.reachOf(id)),
		models: () => MODEL_IDS.flatMap((id) => capabilitiesOf(id, places.reachOf(id)) ?? []),
		async start(request, context) {
			const place = places.forModel(request.model);
			const { written, warnings } = isVeo(request.model)
				? writePrediction(place, request)
				: await writeInteraction(place, request);
			const answer = await submitRequest(context, {
				...written,
				headers: { ...written.headers, ...(await place.signIn.headers(context, "submit")) },
				// The answer may repeat the pictures.
				maxBytes: maxEchoBytes(request),
				explain: (refused) => explainRefusal(refused, request.model, place.reach),
			});
			return { handle: toHandle(answer, place, request.model), warnings };
		},
		async status(given, context) {
			const handle = parseGoogleHandle(given);
			const place = placeOf(handle);
			const { context: lean, media } = withInlineMedia(context);
			const headers = await place.signIn.headers(context, "poll");
			const assetPlace = { base: joinUrl(place.base, place.version).href, storage: place.storage, headers };
			if ("operation" in handle) {
				const answer = await lookRequest(lean, { ...writeOperationLook(place, handle.operation), headers });
				return toOperationStatus(parseOperation(answer), (video) => toAsset(video, media, assetPlace));
			}
			const written = await writeGet(interactionsPlace(place), handle.id);
			const look = { ...written, headers: { ...written.headers, ...headers }, readableStatuses: [400] };
			const interaction = parseInteraction(checkKnown(await lookRequest(lean, look)));
			return toInteractionStatus(interaction, ({ data, uri }) => toAsset({ base64: data, uri }, media, assetPlace));
		},
		async cancel(given, context) {
			const handle = parseGoogleHandle(given);
			if ("operation" in handle) return "unsupported";
			const place = placeOf(handle);
			const written = await writeCancel(interactionsPlace(place), handle.id);
			const headers = { ...written.headers, ...(await place.signIn.headers(context, "poll")) };
			// What had ended before is answered with its video.
			const { context: lean } = withInlineMedia(context);
			return toCancelOutcome(parseInteraction(await lookRequest(lean, { ...written, headers })));
		},
		adopt(operationId, model): JsonObject {
			const place = places.forModel(model);
			if (isVeo(model)) {
				const via = place.reach === "vertex" ? "vertex" : "gateway";
				if (OPERATION[via].test(operationId)) return { via, operation: operationId };
				throw new InputError("operation", `"${operationId}" is not the name of an operation; copy the whole of it`);
			}
			if (INTERACTION_ID.test(operationId)) return interactionHandle(operationId, place);
			throw new InputError("operation", `"${operationId}" is not the id of an interaction; copy the whole of it`);
		},
		async check() {
			return places.check;
		},
	};
};

async function writeInteraction(place: Place, request: ProviderRequest) {
	// On Vertex a video can be left in a bucket only, which must be named; then `delivery` is the user's too.
	const { body, warnings } = toInteraction(request, place.reach === "vertex" ? "inline" : "uri");
	return { written: await writeCreate(interactionsPlace(place), body), warnings };
}

/**
 * Veo's requests are written here, for Vertex too: the SDK has them for Vertex only, drops parameters that it
 * does not know, and its errors do not say how long to wait.
 */
function writePrediction(place: Place, request: ProviderRequest) {
	const { body, warnings } = toPrediction(request);
	const url = joinUrl(place.base, place.version, ...modelPath(place), `${request.model}:predictLongRunning`);
	const written: HttpRequest = { url, body };
	return { written, warnings };
}

function writeOperationLook({ reach, base, version }: Place, operation: string): HttpRequest {
	if (reach === "gateway") return { url: joinUrl(base, version, ...operation.split("/")) };
	const [resource = ""] = operation.split("/operations/");
	const url = joinUrl(base, version, ...`${resource}:fetchPredictOperation`.split("/"));
	return { url, method: "POST", body: { operationName: operation } };
}

function modelPath({ reach, project, location }: Place): readonly string[] {
	if (reach !== "vertex") return ["models"];
	const place = project === undefined || location === undefined ? [] : ["projects", project, "locations", location];
	return [...place, "publishers", "google", "models"];
}

function interactionsPlace({ reach, ...place }: Place) {
	return { ...place, isVertex: reach === "vertex" };
}

function toHandle(answer: HttpAnswer, place: Place, model: string): JsonObject {
	if (!isVeo(model)) return interactionHandle(parseCreated(answer), place);
	const via = place.reach === "vertex" ? "vertex" : "gateway";
	return { via, operation: parsePredicted(answer, via) };
}

function interactionHandle(id: string, { reach, project, location }: Place): JsonObject {
	if (reach !== "vertex") return { via: "gemini", id };
	return project === undefined || location === undefined
		? { via: "vertex", id }
		: { via: "vertex", id, project, location };
}

/** Throws what a bad request at a look means. None of it ends the operation, unless it is not known. */
function checkKnown(answer: HttpAnswer): HttpAnswer {
	if (answer.status !== 400) return answer;
	const reason = readableReason(parseGoogleError(answer.json)?.message ?? reasonIn(answer.json, [["message"]]));
	if (UNKNOWN_INTERACTION.test(reason)) {
		const problem = `Google does not know the interaction any more: ${reason}`;
		throw new OperationNotFoundError(problem, { billed: "unknown" });
	}
	throw noVerdict(`Google did not show the interaction: ${reason}; it is asked again later`, { status: 400 });
}
