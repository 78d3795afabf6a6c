import type { InputImage } from "./input-image.ts";
import type { JsonObject } from "./json.ts";
import type { VideoTask } from "./video-task.ts";

/** How much effort to spend where a model offers a choice. */
export type VideoQuality = "low" | "medium" | "high";

/**
 * The options of a request that a model may or may not honour. Each is absent when the user did not
 * give it; `0`, `false` and `""` are values.
 */
export interface GenerationOptions {
	/** What the video should not show. */
	readonly negativePrompt?: string;
	/** Length of the clip in seconds. The core has fitted it to the model's `durationSeconds`. */
	readonly durationSeconds?: number;
	/** Frames per second of the clip. The core has fitted it to the model's `fps`. */
	readonly fps?: number;
	/** Width to height as two whole numbers, for example `"16:9"`. */
	readonly aspectRatio?: string;
	/** A class such as `"720p"`, or exact pixels such as `"1280x720"`. */
	readonly resolution?: string;
	/** Effort, where the model offers a choice. */
	readonly quality?: VideoQuality;
	/** Start of the random sequence, a whole number from 0 to 2³²−1. */
	readonly seed?: number;
	/** Denoising steps, a whole number of at least 1. */
	readonly numInferenceSteps?: number;
	/** How closely to follow the prompt; the scale is the model's own. */
	readonly guidanceScale?: number;
	/** Whether the clip should have sound. */
	readonly generateAudio?: boolean;
	/** The picture that the clip should end on. */
	readonly lastFrame?: InputImage;
	/** Pictures that guide the look without being a frame. */
	readonly references?: readonly InputImage[];
}

/** What one provider is asked to generate: validated, fitted to the model, images already read. */
export interface ProviderRequest extends GenerationOptions {
	/** Which of the two tasks this is. */
	readonly task: VideoTask;
	/** The model id without the provider's prefix, exactly as the user wrote it. */
	readonly model: string;
	/** What the video should show. Never empty. */
	readonly prompt: string;
	/** The first frame. Present exactly when `task` is `"image-to-video"`. */
	readonly image?: InputImage;
	/** The user's `providerOptions` for this provider; `{}` when there are none. */
	readonly providerOptions: JsonObject;
	/**
	 * `"reject"`: the user wants no option changed or left out. What a warning would tell is thrown instead, as
	 * `UnsupportedOptionError`, before anything is sent. Absent: a warning will do.
	 */
	readonly onUnsupported?: "reject";
}
