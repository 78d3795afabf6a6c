import { randomUUID } from "node:crypto";
import {
	ConfigurationError,
	isVideoError,
	OperationNotFoundError,
	ProviderError,
	type VideoError,
} from "../errors/index.ts";
import type {
	CancelOutcome,
	FailureKind,
	JsonValue,
	ModelCapabilities,
	OperationStatus,
	ProviderRequest,
	ProviderTraits,
	StartContext,
	StartResult,
	VideoAsset,
	VideoProvider,
	VideoTask,
} from "../provider/index.ts";
import { describeError } from "./describe-error.ts";
import { optionSupport } from "./model-table.ts";
import { OutboundWatch } from "./outbound-watch.ts";
import { readable } from "./service-words.ts";

/** What a generating function may return: the file itself, its URL, or an asset with headers. */
export type GeneratedVideo = Uint8Array | ArrayBuffer | URL | string | VideoAsset;

/**
 * What a generating function is handed beside the request. An error counts as `billed: "no"` when its `fetch` could
 * not connect and nothing was sent; of a `fetch` of your own nothing is known.
 */
export interface GenerateContext extends StartContext {
	/** Tells how far it is, 0 to 1. */
	reportProgress(progress: number): void;
}

/** Makes one video from start to end. `context.signal` is aborted when nobody wants it any more. */
export type GenerateVideo = (request: ProviderRequest, context: GenerateContext) => Promise<GeneratedVideo>;

/** A provider written as one function, or one for each task. */
export interface ProviderDefinition {
	/** The prefix of its model references: lower-case letters, digits and `-`, starting with a letter. */
	readonly id: string;
	/** Makes a video from a prompt. */
	readonly textToVideo?: GenerateVideo;
	/** Makes a video from `request.image` and a prompt. */
	readonly imageToVideo?: GenerateVideo;
	/** The models it offers. Absent: any id is passed to the function. */
	readonly models?: readonly ModelCapabilities[];
	/**
	 * `"paid"`: an error ends the job, as it may have cost money, unless it says `billed: "no"` or came before
	 * anything was sent.
	 * `"free"`: any error lets the next model of the chain have a try.
	 * @default "paid"
	 */
	readonly billing?: ProviderTraits["billing"];
}

interface Generation {
	readonly controller: AbortController;
	readonly outbound: OutboundWatch;
	status: OperationStatus;
}

const ID_PATTERN = /^[a-z][a-z0-9-]{0,31}$/;
const POLL_AFTER_MS = 250;

/**
 * Makes a provider out of one function. The function runs in this process, so its operations end with
 * it; implement `VideoProvider` itself for a service whose jobs outlive the process.
 *
 * Throws `ConfigurationError` when the id is not usable or there is no function.
 */
export function defineProvider(definition: ProviderDefinition): VideoProvider {
	const { id, models } = definition;
	if (!ID_PATTERN.test(id)) {
		throw new ConfigurationError(`id: "${id}" cannot prefix a model; use lower-case letters, digits and "-"`);
	}
	const functions: Record<VideoTask, GenerateVideo | undefined> = {
		"text-to-video": definition.textToVideo,
		"image-to-video": definition.imageToVideo,
	};
	const tasks = (Object.keys(functions) as VideoTask[]).filter((task) => functions[task] !== undefined);
	if (tasks.length === 0) {
		throw new ConfigurationError(`provider "${id}" can do nothing; give it textToVideo, imageToVideo, or both`);
	}
	const billing = definition.billing ?? "paid";
	const generations = new Map<string, Generation>();

	function find(handle: JsonValue): Generation {
		const generation = typeof handle === "string" ? generations.get(handle) : undefined;
		if (generation !== undefined) return generation;
		throw new OperationNotFoundError(
			`${id} does not know this operation; it lived in the process that started it, so generate again`,
			{ provider: id, billed: billing === "free" ? "no" : "unknown" },
		);
	}

	return {
		id,
		traits: {
			idempotency: "none",
			lookup: "none",
			cancel: "best-effort",
			billing,
			runsIn: "process",
			modelIds: models === undefined ? "open" : "closed",
		},
		model: (modelId) =>
			models === undefined
				? { id: modelId, tasks, options: optionSupport(null) }
				: models.find((candidate) => candidate.id === modelId),
		models: () => models ?? [],
		async start(request: ProviderRequest, context: StartContext): Promise<StartResult> {
			const generate = functions[request.task];
			if (generate === undefined) throw new ConfigurationError(`provider "${id}" has no function for ${request.task}`);
			const handle = randomUUID();
			const generation: Generation = {
				controller: new AbortController(),
				outbound: new OutboundWatch(),
				status: { state: "running", pollAfterMs: POLL_AFTER_MS },
			};
			generations.set(handle, generation);
			void run(generation, () =>
				generate(request, {
					...context,
					fetch: generation.outbound.watch(context.fetch),
					signal: generation.controller.signal,
					reportProgress: (progress) => {
						if (generation.status.state !== "running") return;
						generation.status = { state: "running", progress, pollAfterMs: POLL_AFTER_MS };
					},
				}),
			);
			return { handle };
		},
		async status(handle: JsonValue): Promise<OperationStatus> {
			return find(handle).status;
		},
		async cancel(handle: JsonValue): Promise<CancelOutcome> {
			const generation = find(handle);
			if (generation.status.state !== "running") return "finished";
			generation.controller.abort();
			return billing === "free" ? "cancelled" : "requested";
		},
		release(handle: JsonValue): void {
			if (typeof handle === "string") generations.delete(handle);
		},
		async close(): Promise<void> {
			for (const generation of generations.values()) generation.controller.abort();
			generations.clear();
		},
	};

	async function run(generation: Generation, generate: () => Promise<GeneratedVideo>): Promise<void> {
		const { controller, outbound } = generation;
		try {
			generation.status = { state: "succeeded", assets: [toAsset(await outbound.run(generate), id)] };
		} catch (error) {
			const known = isVideoError(error) ? error : undefined;
			const isUnsent = (known?.billed ?? "unknown") === "unknown" && outbound.hasSentNothing;
			const reason = readable(describeError(error));
			generation.status = {
				state: "failed",
				kind: controller.signal.aborted ? "cancelled" : failureKind(known),
				reason: isUnsent ? `${reason}; nothing was sent, nothing was billed` : reason,
				billed: isUnsent ? "no" : (known?.billed ?? (billing === "free" ? "no" : "unknown")),
				cause: error,
			};
		}
	}
}

function toAsset(video: GeneratedVideo, id: string): VideoAsset {
	if (video instanceof Uint8Array) return { kind: "bytes", data: video };
	if (video instanceof ArrayBuffer) return { kind: "bytes", data: new Uint8Array(video) };
	if (video instanceof URL) return { kind: "url", url: video.href };
	if (typeof video === "string") return { kind: "url", url: video };
	if (typeof video === "object" && video !== null && "kind" in video) return video;
	const found = Object.prototype.toString.call(video).slice(8, -1);
	throw new ProviderError(`provider ${id} returned ${found}; return bytes, a URL or an asset`, { billed: "unknown" });
}

function failureKind(error: VideoError | undefined): FailureKind {
	if (error?.code === "content_refused") return "refused";
	return error?.phase === "input" ? "invalid" : "internal";
}
