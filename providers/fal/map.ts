import {
	given,
	type HttpAnswer,
	inFrames,
	type OperationStatus,
	type OptionDraft,
	type OptionStyle,
	type ProviderRequest,
	running,
	type StyleOverride,
	styleFor,
	type WrittenInput,
	writeInput,
} from "../../src/provider-kit/index.ts";
import { announcedFailure, announcedIn, billedIn, failureIn, readFailure } from "./errors.ts";
import { CATALOGUE } from "./models.ts";
import { type FalStatus, videoIn } from "./wire.ts";

const USUAL: OptionStyle = {
	names: {
		image: "image_url",
		lastFrame: "end_image_url",
		references: "image_urls",
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
	values: { resolution: spelled },
};
/** How families differ, by endpoint. They serve newer members of a family too. */
const OVERRIDES: readonly (readonly [RegExp, StyleOverride])[] = [
	[/^fal-ai\/veo|^luma\/|^fal-ai\/luma-/, { values: { durationSeconds: (seconds) => `${seconds}s` } }],
	[/^fal-ai\/veo[^/]*(?:\/\w+)?\/first-last/, { names: { image: "first_frame_url", lastFrame: "last_frame_url" } }],
	[/^(?:fal-ai\/)?bytedance\/seedance|^fal-ai\/kling-video\//, { values: { durationSeconds: String } }],
	[/^fal-ai\/kling-video\/(?:v3|o3)\//, { names: { resolution: null, guidanceScale: "cfg_scale" } }],
	[/^fal-ai\/kling-video\/(?:v3\/\w+\/image|o3\/\w+\/reference)-to-video/, { names: { image: "start_image_url" } }],
	[/^alibaba\/wan-3\.0/, { names: { generateAudio: "audio" } }],
	[/^(?:fal-ai\/wan\/v2\.7|google\/gemini-omni|minimax\/|xai\/|alibaba\/happy)/, { names: { generateAudio: null } }],
	[/^(?:fal-ai\/wan\/v2\.7|minimax\/h3-max|xai\/.+)\/reference/, { names: { references: "reference_image_urls" } }],
	[
		/^fal-ai\/wan\/v2\.2-a14b\//,
		{
			names: { durationSeconds: "num_frames", fps: "frames_per_second" },
			values: { durationSeconds: inFrames({ min: 17, max: 161, fps: 16 }) },
		},
	],
	[/^fal-ai\/veo3\.1\/reference/, { maxReferences: 3 }],
	[/^bytedance\/seedance-2\.5\/reference/, { maxReferences: 30 }],
	[/^(?:bytedance\/seedance-2\.0|minimax\/h3\/).*reference/, { maxReferences: 9 }],
	[/^(?:fal-ai\/kling-video\/o3|xai)\/.*reference/, { maxReferences: 7 }],
	[/^alibaba\/wan-3\.0\/reference/, { maxReferences: 10 }],
];

/**
 * The model's input for a request. What has no place in it is said in the warnings. Throws `InputError` and
 * `UnsupportedOptionError` for what cannot be sent.
 */
export function toInput(request: ProviderRequest): WrittenInput {
	return writeInput(request, styleFor(request.model, USUAL, OVERRIDES), "providerOptions.fal");
}

/** The queue's word on an operation that is not complete. A word that is not known means that it still runs. */
export function toRunning({ status, queue_position: queuePosition, logs }: FalStatus): OperationStatus {
	if (status !== "IN_QUEUE") return running(logs?.at(-1)?.message);
	return { state: "queued", ...given({ queuePosition }) };
}

/** What the result of a complete operation means. Throws a retryable `ProviderError` when it is none. */
export function toEnded(answer: HttpAnswer, queued: FalStatus): OperationStatus {
	const announced = announcedIn(queued);
	if (isEarly(answer)) return announced === undefined ? { state: "running" } : announcedFailure(announced);
	if (answer.status >= 400) return readFailure(answer, announced);
	const video = videoIn(answer.json);
	if (video !== undefined) return { state: "succeeded", assets: [{ kind: "url", ...video }] };
	const nothing = { types: [], reason: "the result has no video in it" };
	return announcedFailure(announced ?? nothing, billedIn(answer));
}

/** Whether the result was asked for before there was one. */
function isEarly({ status, json }: HttpAnswer): boolean {
	if (status === 202 || json === undefined) return true;
	return status >= 400 && /still in progress/i.test(failureIn(json)?.reason ?? "");
}

/** As the service spells it: some write `768P`. */
function spelled(resolution: string, { request: { model } }: OptionDraft): string {
	const known = CATALOGUE.model(model)?.resolutions;
	if (known === undefined || "minWidth" in known) return resolution;
	return known.find((name) => name.toLowerCase() === resolution.toLowerCase()) ?? resolution;
}
