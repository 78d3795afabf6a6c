import {
	type CancelOutcome,
	inFrames,
	type OperationStatus,
	type OptionStyle,
	type ProviderRequest,
	running,
	type StyleOverride,
	styleFor,
	type VideoAsset,
	type WrittenInput,
	writeInput,
} from "../../src/provider-kit/index.ts";
import { kindOf, reasonOf } from "./errors.ts";
import { type Prediction, videosIn } from "./wire.ts";

const USUAL: OptionStyle = {
	names: {
		image: "image",
		lastFrame: "last_frame_image",
		references: "reference_images",
		negativePrompt: "negative_prompt",
		durationSeconds: "duration",
		fps: "fps",
		aspectRatio: "aspect_ratio",
		resolution: "resolution",
		quality: null,
		seed: "seed",
		numInferenceSteps: "num_inference_steps",
		guidanceScale: "guidance_scale",
		generateAudio: "generate_audio",
	},
};
const KLING_MODES: Readonly<Record<string, string>> = { "720p": "standard", "1080p": "pro", "4k": "4k" };
/** How families differ, by model. They serve newer members of a family too. */
const OVERRIDES: readonly (readonly [RegExp, StyleOverride])[] = [
	[/^google\/veo/, { names: { lastFrame: "last_frame" }, maxReferences: 3 }],
	[/^kwaivgi\/kling|^luma\/ray/, { names: { image: "start_image", lastFrame: "end_image" } }],
	[
		/^kwaivgi\/kling-v3/,
		{
			names: { resolution: "mode" },
			values: { resolution: (resolution) => KLING_MODES[resolution.toLowerCase()] ?? resolution },
			maxReferences: 7,
		},
	],
	[/^bytedance\/seedance-2/, { maxReferences: 9 }],
	[/^minimax\//, { names: { image: "first_frame_image" } }],
	[/^wan-video\//, { names: { lastFrame: "last_image" } }],
	[
		/^wan-video\/wan-2\.2-\w+-fast/,
		{
			names: { durationSeconds: "num_frames", fps: "frames_per_second" },
			values: { durationSeconds: inFrames({ min: 81, max: 121, fps: 16 }) },
		},
	],
];

/**
 * The model's input for a request. What has no place in it is said in the warnings. Throws `InputError` and
 * `UnsupportedOptionError` for what cannot be sent.
 */
export function toInput(request: ProviderRequest): WrittenInput {
	return writeInput(request, styleFor(request.model, USUAL, OVERRIDES), "providerOptions.replicate");
}

/** What a prediction says of the operation. A word that is not known means that it still runs. */
export function toStatus({ status, output, error, logs, data_removed: isRemoved }: Prediction): OperationStatus {
	const told = reasonOf(error);
	const because = told === undefined ? "" : `: ${told}`;
	switch (status) {
		case "succeeded": {
			const [first, ...others] = videosIn(output).map((url): VideoAsset => ({ kind: "url", url }));
			if (first !== undefined) return { state: "succeeded", assets: [first, ...others] };
			const gone = "the output was deleted, as Replicate does an hour after the end";
			return isRemoved === true
				? { state: "failed", kind: "expired", reason: gone, billed: "yes" }
				: { state: "failed", kind: "internal", reason: "the output has no video in it", billed: "yes" };
		}
		case "failed": {
			const reason = told ?? "no reason was given";
			return { state: "failed", kind: kindOf(reason), reason, billed: "unknown" };
		}
		case "canceled":
		case "cancelled":
			return { state: "failed", kind: "cancelled", reason: `it was cancelled${because}`, billed: "unknown" };
		case "aborted": // Dropped before it ran, which is not charged.
			return { state: "failed", kind: "expired", reason: `it was dropped before it ran${because}`, billed: "no" };
		case "starting":
			return { state: "queued" };
		default:
			return running(logs);
	}
}

/** What came of a cancellation, from the prediction that answers it. */
export function toOutcome({ status }: Prediction): CancelOutcome {
	if (/^(?:cancell?ed|aborted)$/.test(status)) return "cancelled";
	return status === "succeeded" || status === "failed" ? "finished" : "requested";
}
