// A provider for an HTTP service whose jobs outlive this process: one submission, one look, and nothing else.
// reelay does the waiting, the retries and the download. `test/conformance.test.ts` holds it to the contract.
import {
	accountFingerprint,
	ContentRefusedError,
	type FailureKind,
	given,
	type HttpAnswer,
	handleId,
	imageToDataUrl,
	type JsonValue,
	joinUrl,
	jsonAt,
	lookRequest,
	numberAt,
	type OperationStatus,
	type OptionName,
	type ProviderRequest,
	readable,
	Secret,
	submitRequest,
	submittedId,
	textAt,
	type VideoProvider,
	withOwnFields,
} from "reelay/provider-kit";

/** Where the service is, and what it promises. */
export interface StudioOptions {
	readonly baseUrl: string;
	readonly apiKey: string;
	/** What it does with a repeated `Idempotency-Key`. @default "none" */
	readonly idempotency?: VideoProvider["traits"]["idempotency"];
	/** How a lost job is found: in the whole list, by the id that was sent with it, or not at all. @default "list" */
	readonly lookup?: VideoProvider["traits"]["lookup"];
}

const ID = /^job_[0-9a-z]{8,64}$/;
const FAILURES: readonly FailureKind[] = ["refused", "invalid", "internal", "expired", "cancelled"];

/** One line an option: one that is forgotten does not compile. */
const FIELDS: Record<OptionName, (request: ProviderRequest) => JsonValue | undefined> = {
	image: ({ image }) => image && imageToDataUrl(image),
	negativePrompt: ({ negativePrompt }) => negativePrompt,
	durationSeconds: ({ durationSeconds }) => durationSeconds,
	fps: ({ fps }) => fps,
	aspectRatio: ({ aspectRatio }) => aspectRatio,
	resolution: ({ resolution }) => resolution,
	quality: ({ quality }) => quality,
	seed: ({ seed }) => seed,
	numInferenceSteps: ({ numInferenceSteps }) => numInferenceSteps,
	guidanceScale: ({ guidanceScale }) => guidanceScale,
	generateAudio: ({ generateAudio }) => generateAudio,
	lastFrame: ({ lastFrame }) => lastFrame && imageToDataUrl(lastFrame),
	references: ({ references }) => references?.map(imageToDataUrl),
};

export function createStudioProvider(options: StudioOptions): VideoProvider {
	const { baseUrl, idempotency = "none", lookup = "list" } = options;
	const key = new Secret(options.apiKey);
	const headers = () => ({ authorization: `Bearer ${key.reveal()}` });
	const jobUrl = (handle: JsonValue, ...more: string[]) => joinUrl(baseUrl, "jobs", handleId(handle, ID), ...more);
	const find: VideoProvider["find"] = async ({ jobId }, context) => {
		const url = joinUrl(baseUrl, "jobs");
		if (lookup === "client-id") url.searchParams.set("client_reference", jobId);
		const jobs = jsonAt((await lookRequest(context, { url, headers: headers() })).json, "jobs");
		const found = Array.isArray(jobs) && jobs.find((job) => jsonAt(job, "client_reference") === jobId);
		return found ? handleId(jsonAt(found, "id") ?? null, ID) : undefined;
	};
	return {
		id: "studio",
		traits: { idempotency, lookup, cancel: "remote", billing: "paid", runsIn: "service", modelIds: "open" },
		account: accountFingerprint(key),
		model: () => undefined,
		async start(request, { jobId, idempotencyKey, ...context }) {
			const { task, model, prompt, providerOptions } = request;
			const options = Object.fromEntries(Object.entries(FIELDS).map(([name, read]) => [name, read(request)]));
			const fields = { task, model, prompt, client_reference: jobId, ...given(options) };
			const answer = await submitRequest(context, {
				url: joinUrl(baseUrl, "jobs"),
				headers: { ...headers(), ...(idempotency === "none" ? {} : { "idempotency-key": idempotencyKey }) },
				body: withOwnFields(fields, providerOptions, "providerOptions.studio"),
				explain,
			});
			return { handle: submittedId(answer, jsonAt(answer.json, "id"), ID) };
		},
		async status(handle, context) {
			return readStatus(await lookRequest(context, { url: jobUrl(handle), headers: headers() }));
		},
		async cancel(handle, context) {
			const request = { url: jobUrl(handle, "cancel"), method: "POST", headers: headers() };
			const state = textAt((await lookRequest(context, request)).json, "state");
			if (state === "cancelled") return "cancelled";
			return state === "succeeded" || state === "failed" ? "finished" : "requested";
		},
		...(lookup === "none" ? {} : { find }),
	};
}

/** A refusal of content; every other one says enough by its status. */
function explain({ json }: HttpAnswer) {
	if (textAt(json, "error", "code") !== "content") return undefined;
	const reason = readable(textAt(json, "error", "message") ?? "no reason was given");
	return new ContentRefusedError(`the studio refused the content: ${reason}`, { phase: "submit", reasons: [reason] });
}

/** The service's words in reelay's. One that is not known means that it still runs: only a verdict ends a job. */
function readStatus({ json }: HttpAnswer): OperationStatus {
	const [state, url] = [textAt(json, "state"), textAt(json, "video", "url")];
	if (state === "succeeded" && url !== undefined) return { state, assets: [{ kind: "url", url }] };
	if (state === "cancelled") return { state: "failed", kind: "cancelled", reason: "it was cancelled", billed: "no" };
	if (state === "failed") {
		const kind = FAILURES.find((known) => known === textAt(json, "error", "kind")) ?? "internal";
		const reason = readable(textAt(json, "error", "reason") ?? "no reason was given");
		const billed = jsonAt(json, "error", "billed");
		return { state, kind, reason, billed: billed === false ? "no" : billed === true ? "yes" : "unknown" };
	}
	const counts = given({ progress: numberAt(json, "progress"), queuePosition: numberAt(json, "queue_position") });
	return { state: state === "queued" ? "queued" : "running", ...counts };
}
