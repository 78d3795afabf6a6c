import type { CacheMode } from "../cache/index.ts";
import type { MediaInput } from "../media/index.ts";
import type { JsonObject, VideoQuality } from "../provider/index.ts";
import type { OnUnsupported } from "../routing/index.ts";
import type { ProgressEstimate } from "../telemetry/index.ts";

/** What to make. Every option is honoured, adjusted with a warning, or rejected before anything is sent. */
export interface TextToVideoRequest {
	/** What the video should show; 1 to `MAX_PROMPT_LENGTH` (2000) characters. */
	readonly prompt: string;
	/** What it should not show. */
	readonly negativePrompt?: string | undefined;
	/** Length in seconds, 1 to `MAX_VIDEO_DURATION` (30). @default the model's own */
	readonly durationSeconds?: number | undefined;
	/** Frames per second, 1 to 60. @default the model's own */
	readonly fps?: number | undefined;
	/** Width to height, for example `"16:9"`. @default the model's own */
	readonly aspectRatio?: string | undefined;
	/** A class such as `"720p"`, or exact even pixels such as `"1280x720"`. @default the model's own */
	readonly resolution?: string | undefined;
	/** Effort, where the model offers a choice. @default `VIDEO_QUALITY_PRESET` (`"medium"`) */
	readonly quality?: VideoQuality | undefined;
	/** Start of the random sequence, a whole number from 0 to 4294967295. */
	readonly seed?: number | undefined;
	/** Denoising steps, a whole number from 1 to 1000. */
	readonly numInferenceSteps?: number | undefined;
	/** How closely to follow the prompt, 0 to 100; the scale is the model's own. */
	readonly guidanceScale?: number | undefined;
	/** Whether the video should have sound. @default the model's own */
	readonly generateAudio?: boolean | undefined;
	/** Pictures that guide the look without being a frame; each PNG, JPEG or WebP, at most `MAX_IMAGE_SIZE` bytes. */
	readonly references?: readonly MediaInput[] | undefined;
	/** Options of one provider under its id, in that service's own words. */
	readonly providerOptions?: Readonly<Record<string, JsonObject>> | undefined;
}

/** A video that starts from an image. */
export interface ImageToVideoRequest extends TextToVideoRequest {
	/** The first frame: PNG, JPEG or WebP, at most `MAX_IMAGE_SIZE` (20 MiB) bytes. */
	readonly image: MediaInput;
	/** The picture to end on. */
	readonly lastFrame?: MediaInput | undefined;
}

/** Anything that can be made: an image to video request has an `image`. */
export type VideoRequest = TextToVideoRequest | ImageToVideoRequest;

/** How far a job is. */
export interface VideoProgress {
	/** The job's id. */
	readonly jobId: string;
	/** The model that has it, `provider:model`. */
	readonly model: string;
	/** What is going on. */
	readonly stage: "submitting" | "queued" | "running" | "downloading";
	/** Share of the generation done, 0 to 1; absent when the service does not measure it. */
	readonly progress?: number;
	/** Operations ahead of this one at the service. */
	readonly queuePosition?: number;
	/** What reelay makes of it, from what the model usually takes. Never the service's word. */
	readonly estimate?: ProgressEstimate;
	/** Bytes of the video that arrived; only while downloading. */
	readonly receivedBytes?: number;
	/** Bytes that it has, if the server said so. */
	readonly totalBytes?: number;
	/** The rate of the last seconds; only while downloading. */
	readonly bytesPerSecond?: number;
	/** What the rest of the download will take, in milliseconds, where the size is known. An estimate. */
	readonly remainingMs?: number;
}

/** How to make it. */
export interface GenerateOptions {
	/** The model to use, `provider:model`. @default the service's, then the environment's */
	readonly model?: string | undefined;
	/** Models to try after it, in order; `[]` for none. @default the service's, then the environment's */
	readonly fallbacks?: readonly string[] | undefined;
	/**
	 * A file, or a folder (an existing one, or with a `/` at its end). The name may hold `{id}`, `{model}`,
	 * `{date}`, `{index}` and `{prompt}`. @default a file named after the job in `outputDirectory`
	 */
	readonly output?: string | undefined;
	/** Whether an existing file may be replaced. @default false */
	readonly overwrite?: boolean | undefined;
	/** Ends the wait. The operation goes on at the service, unless it lives in this process. */
	readonly signal?: AbortSignal | undefined;
	/** How long to wait before `StillRunningError`, in milliseconds. @default 1800000 */
	readonly timeoutMs?: number | undefined;
	/** Called as the job advances. What it throws is logged and harms nothing. */
	readonly onProgress?: ((progress: VideoProgress) => void) | undefined;
	/** Sent to services that honour one; 1 to 255 printable characters. @default a random one for each job */
	readonly idempotencyKey?: string | undefined;
	/**
	 * Skips models that would cost more, or whose price is not known, in US dollars. What `providerOptions` do to
	 * a price is not known; only `inputNames` does nothing to it.
	 */
	readonly maxCostUsd?: number | undefined;
	/**
	 * What else may lead to the next model. `refusal`: a content refusal that was not billed, which otherwise
	 * ends the job. @default the policies'
	 */
	readonly fallbackOn?: { readonly refusal?: boolean | undefined } | undefined;
	/**
	 * Goes on to the next model even when the last submission may have been, or was, billed: you may pay
	 * twice. @default false
	 */
	readonly allowSecondSubmission?: boolean | undefined;
	/**
	 * Whether a video that was made for the same request may be taken instead of a new one, and this one be
	 * kept for the next time: `true` for requests with a `seed`, `"unseeded"` for all, `false` for none. With
	 * `true` or `"unseeded"` identical requests at the same time share one job, too. @default the service's
	 */
	readonly cache?: CacheMode | undefined;
	/**
	 * Leaves out models that work in this process, such as `local:animatic`: nobody can collect a video of
	 * theirs once the process has ended. @default false
	 */
	readonly detach?: boolean | undefined;
	/** What to do with options that a model cannot take. @default "auto" */
	readonly onUnsupported?: OnUnsupported | undefined;
}
