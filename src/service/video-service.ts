import type { BatchEntry, BatchItem, BatchOptions, BatchResult, BatchSource } from "../batch/index.ts";
import type { CacheMode } from "../cache/index.ts";
import type { ChainSettings, Environment, LimitSettings } from "../config/index.ts";
import type { JobFilter, Ledger, VideoJob, VideoResult } from "../operations/index.ts";
import type { Clock, ModelHealth, PolicyOptions } from "../policies/index.ts";
import type { Fetch, ModelCapabilities, VideoProvider, VideoTask } from "../provider/index.ts";
import type { ModelStats, RoutingStrategy, StrategyName } from "../routing/index.ts";
import type { Logger, VideoEventListener, VideoEventName } from "../telemetry/index.ts";
import type { JobInfo } from "./list-jobs.ts";
import type { PlannedRequest } from "./planned-request.ts";
import type { GenerateOptions, ImageToVideoRequest, TextToVideoRequest, VideoRequest } from "./video-request.ts";

/** How finished videos are kept. */
export interface CacheOptions {
	/** Which of them, unless a call says otherwise. @default REELAY_CACHE */
	readonly mode?: CacheMode | undefined;
	/** A folder of their own. @default `finished` in REELAY_CACHE_DIRECTORY */
	readonly directory?: string | undefined;
	/** The largest size of all of them together, in bytes. @default REELAY_CACHE_SIZE */
	readonly maxBytes?: number | undefined;
	/** How long each is kept, in milliseconds. @default REELAY_CACHE_DAYS */
	readonly maxAgeMs?: number | undefined;
}

/** How a service is set up. Everything has a default; the environment fills what is not given. */
export interface VideoServiceOptions {
	/** Where settings are read from. @default the environment of the process */
	readonly env?: Environment | undefined;
	/** Providers to add, or to replace by their id. */
	readonly providers?: readonly VideoProvider[] | undefined;
	/** The models for text to video. @default from the environment */
	readonly textToVideo?: ChainSettings | undefined;
	/** The models for image to video. @default from the environment */
	readonly imageToVideo?: ChainSettings | undefined;
	/**
	 * In which order the models of a chain are tried: as written, by what recent jobs took, by the estimated
	 * price, or by a function of your own. @default "ordered"
	 */
	readonly routing?: StrategyName | RoutingStrategy | undefined;
	/** Where jobs are recorded. @default `ledger.sqlite` in REELAY_STATE_DIRECTORY; REELAY_LEDGER=memory forgets them */
	readonly ledger?: Ledger | undefined;
	/**
	 * Whether finished videos are kept and handed out again for the same request, and where.
	 * @default REELAY_CACHE (`true`: requests with a `seed`)
	 */
	readonly cache?: CacheMode | CacheOptions | undefined;
	/** How often and how fast things are tried again. @default DEFAULT_POLICIES */
	readonly policies?: PolicyOptions | undefined;
	/** Limits of requests and results. @default from the environment */
	readonly limits?: Partial<LimitSettings> | undefined;
	/** Whether result and image URLs may lead to private addresses. @default REELAY_ALLOW_PRIVATE_NETWORK */
	readonly egress?: { readonly allowPrivateNetwork?: boolean | undefined } | undefined;
	/**
	 * Whether images are sent with what cameras write into them: the place, the time, the device. Otherwise
	 * all of it but the orientation and the colour profile is taken out. @default REELAY_KEEP_IMAGE_METADATA
	 */
	readonly keepImageMetadata?: boolean | undefined;
	/** The folder for results without an `output`; made when missing. @default `videos` in the cache folder */
	readonly outputDirectory?: string | undefined;
	/**
	 * Sends the requests of providers. It must repeat nothing and follow no redirect of its own accord.
	 * @default reelay's own, which opens a fresh connection for each submission
	 */
	readonly fetch?: Fetch | undefined;
	/** Where time comes from. @default the system's clock */
	readonly clock?: Clock | undefined;
	/** Random numbers from 0 up to 1, for jitter. @default Math.random */
	readonly random?: (() => number) | undefined;
	/** Where log lines go. @default stderr from REELAY_LOG_LEVEL on */
	readonly logger?: Logger | undefined;
}

/** Which models to list. */
export interface ModelFilter {
	/** Only models that do this. */
	readonly task?: VideoTask | undefined;
	/** Only this provider's. */
	readonly provider?: string | undefined;
}

/** A model with what it can do, what it costs, and when it ends. */
export interface ModelInfo extends ModelCapabilities {
	/** The reference to use, `provider:model`. */
	readonly reference: string;
	/** The provider's id. */
	readonly provider: string;
	/** Whether it has been switched off. */
	readonly isRetired: boolean;
	/** Whether using it costs money. */
	readonly billing: "paid" | "free";
}

/** How one model is, and what recent jobs took. */
export interface ServiceHealth extends ModelHealth {
	/** Absent when no recent job used it. */
	readonly stats?: ModelStats;
}

/** What a user has found out about a submission that nobody knows the outcome of. */
export type JobDecision =
	/** Look for it at the service once more, where the service can tell; `SubmitUnknownError` when it is not there. */
	| { readonly find: true }
	/** It was accepted: go on with the operation of this id, as the service shows it. */
	| { readonly adopt: string }
	/** It was not accepted, or may be paid twice: submit the same again, as a new job. */
	| { readonly resubmit: true }
	/** Leave it at that. */
	| { readonly abandon: true };

/** One interface to every video model. Made by `createVideoService`. */
export interface VideoService extends AsyncDisposable {
	/** Makes a video from a prompt: submits, waits, downloads, and reads what it is. */
	textToVideo(request: TextToVideoRequest, options?: GenerateOptions): Promise<VideoResult>;
	/** Makes a video that starts from an image. */
	imageToVideo(request: ImageToVideoRequest, options?: GenerateOptions): Promise<VideoResult>;
	/**
	 * Makes a video for every request, some at a time, and tells what came of each, in their order; one that
	 * fails is no other's end. An item is a request (image to video when it has an `image`), or
	 * `{ request, options }` with options of its own. An aborted signal ends the batch; what was accepted can
	 * be resumed with the token of its error. Rejects with `InputError`, and nothing sent, for options that
	 * cannot be and for items that would be written to one file.
	 */
	batch(
		requests: readonly BatchItem<VideoRequest, GenerateOptions>[],
		options?: BatchOptions<GenerateOptions>,
	): Promise<BatchResult>;
	/**
	 * The same for any number of requests, from any iterable, with constant memory: tells what came of each as
	 * it ends. Leaving the loop ends the waiting.
	 */
	batchStream(
		requests: BatchSource<VideoRequest, GenerateOptions>,
		options?: BatchOptions<GenerateOptions>,
	): AsyncGenerator<BatchEntry, void, undefined>;
	/**
	 * Submits a request (image to video when it has an `image`). Resolves as soon as a provider accepted
	 * and the ledger holds it; `timeoutMs` belongs to `wait`.
	 */
	submit(request: VideoRequest, options?: GenerateOptions): Promise<VideoJob>;
	/**
	 * Says which models would be asked for a request, in which order, at what estimated price, and what would
	 * be changed to fit it, and which of them could not be asked now. Sends nothing. Throws what `submit` would
	 * throw before it sends anything.
	 */
	plan(request: VideoRequest, options?: GenerateOptions): Promise<PlannedRequest>;
	/**
	 * Takes a job up again from its token, or from its id while the ledger knows it. Sends no submission.
	 * Throws `InputError` for a token that was changed, or a job that is not known.
	 */
	resume(tokenOrJobId: string): Promise<VideoJob>;
	/** Adds a provider, or replaces the one with that id. Throws `ConfigurationError` on an unusable id. */
	register(provider: VideoProvider): this;
	/** The models that the providers list. A model that is not listed may work all the same. */
	models(filter?: ModelFilter): Promise<readonly ModelInfo[]>;
	/** How every model is that was used: breakers, last errors, quarantine, next probe, learned times. */
	health(): Promise<readonly ServiceHealth[]>;
	/** The jobs that the ledger has, the newest first; 100 of them unless the filter says otherwise. */
	jobs(filter?: JobFilter): Promise<readonly JobInfo[]>;
	/**
	 * The way out of `submit_unknown`, for a person to decide. Returns the job that goes on: the same one
	 * after `find` and `adopt`, a new one after `resubmit`, none after `abandon`. Throws `InputError` for any other job.
	 */
	resolve(tokenOrJobId: string, decision: JobDecision): Promise<VideoJob | undefined>;
	/** Calls the listener for every event of that name; the function it returns removes it. */
	on<Name extends VideoEventName>(event: Name, listener: VideoEventListener<Name>): () => void;
	/** Stops waiting for what runs, waits for submissions in flight, and frees everything. */
	close(): Promise<void>;
}
