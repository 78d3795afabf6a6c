// A provider for an HTTP service whose jobs outlive this process: one submission, one look, and nothing else.
// reelay does the waiting, the retries and the download. `test/conformance.test.ts` holds it to the contract.
import {
	accountFingerprint,
	type FailureKind,
	type GenerationOptions,
	type HttpAnswer,
	handleId,
	imageToDataUrl,
	type JsonValue,
	joinUrl,
	jsonAt,
	lookRequest,
	type OperationStatus,
	ProviderError,
	type ProviderRequest,
	type ProviderTraits,
	Secret,
	submitRequest,
	submittedId,
	type VideoProvider,
} from "reelay/provider-kit";

/** Where the service is, and what it promises. */
export interface StudioOptions {
	readonly baseUrl: string;
	readonly apiKey: string;
	/** What it does with a repeated `Idempotency-Key`. @default "none" */
	readonly idempotency?: ProviderTraits["idempotency"];
	/** How a lost job is found: in the whole list, by the id that was sent with it, or not at all. @default "list" */
	readonly lookup?: ProviderTraits["lookup"];
}

const ID = /^job_[0-9a-z]{8,64}$/;
const FAILURES: readonly string[] = ["refused", "invalid", "internal", "expired", "cancelled"] satisfies FailureKind[];

type Field = (request: ProviderRequest) => JsonValue | undefined;

/** One line an option: one that is forgotten does not compile. */
const FIELDS: { readonly [Name in keyof GenerationOptions | "image"]-?: Field } = {
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
			const given = Object.entries(FIELDS).map(([name, read]) => [name, read(request)] as const);
			const answer = await submitRequest(context, {
				url: joinUrl(baseUrl, "jobs"),
				headers: { ...headers(), ...(idempotency === "none" ? {} : { "idempotency-key": idempotencyKey }) },
				body: { task, model, prompt, extra: providerOptions, client_reference: jobId, ...Object.fromEntries(given) },
			});
			return { handle: submittedId(answer, jsonAt(answer.json, "id"), ID) };
		},
		async status(handle, context) {
			return readStatus(await lookRequest(context, { url: jobUrl(handle), headers: headers() }));
		},
		async cancel(handle, context) {
			const request = { url: jobUrl(handle, "cancel"), method: "POST", headers: headers() };
			const { json } = await lookRequest(context, request);
			const state = jsonAt(json, "state");
			if (state === "cancelled") return "cancelled";
			return state === "succeeded" || state === "failed" ? "finished" : "requested";
		},
		...(lookup === "none" ? {} : { find }),
	};
}

/** The service's words in reelay's. One that is not known means that it still runs: only a verdict ends a job. */
function readStatus({ json }: HttpAnswer): OperationStatus {
	const [state, progress, queuePosition] = ["state", "progress", "queue_position"].map((name) => jsonAt(json, name));
	const url = jsonAt(json, "video", "url");
	if (state === "succeeded" && typeof url === "string") return { state, assets: [{ kind: "url", url }] };
	if (state === "succeeded")
		throw new ProviderError("the job is done, and its video is not there", { phase: "poll", retryable: true });
	if (state === "cancelled") return { state: "failed", kind: "cancelled", reason: "it was cancelled", billed: "no" };
	if (state === "failed") {
		const [kind, reason, billed] = ["kind", "reason", "billed"].map((name) => jsonAt(json, "error", name));
		return {
			state,
			kind: FAILURES.includes(String(kind)) ? (kind as FailureKind) : "internal",
			reason: String(reason ?? "no reason was given"),
			billed: billed === false ? "no" : billed === true ? "yes" : "unknown",
		};
	}
	return {
		state: state === "queued" ? "queued" : "running",
		...(typeof progress === "number" ? { progress } : {}),
		...(typeof queuePosition === "number" ? { queuePosition } : {}),
	};
}
