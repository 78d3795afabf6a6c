import {
	type Billed,
	type CancelOutcome,
	given,
	type InputImage,
	imageToBase64,
	type JsonObject,
	jsonAt,
	type OperationStatus,
	type OptionNames,
	type ProviderRequest,
	type VideoAsset,
	withOwnFields,
	writeOptions,
} from "../../src/provider-kit/index.ts";
import { kindOf, readableReason } from "./errors.ts";
import { checkPictures } from "./models.ts";
import type { Interaction, InteractionContent } from "./wire.ts";

/** What the format of a response calls the options. A seed goes beside it, and the pictures before the prompt. */
const NAMES: OptionNames = {
	...{ aspectRatio: "aspect_ratio", durationSeconds: "duration", resolution: "resolution" },
	...{ negativePrompt: null, fps: null, quality: null, numInferenceSteps: null, guidanceScale: null },
	...{ generateAudio: null, seed: null, image: null, lastFrame: null, references: null },
};
const ENDED_BADLY: Readonly<Record<string, string>> = {
	failed: "it failed",
	incomplete: "it ended before it was complete",
	budget_exceeded: "it went over its budget",
	requires_action: "it waits for an answer that nobody gives",
	requires_continuation: "it stopped in the middle",
};

/**
 * The body that makes an interaction. `delivery` is how the video is to come unless the user says. Throws
 * `UnsupportedOptionError` and `InputError` for what cannot be sent.
 */
export function toInteraction(
	request: ProviderRequest,
	delivery: "inline" | "uri",
): { readonly body: JsonObject; readonly warnings: readonly string[] } {
	const { image, lastFrame, references = [], seed, ...others } = request;
	const { model, prompt } = request;
	checkPictures(request);
	const written = writeOptions(others, {
		names: NAMES,
		values: { durationSeconds: (seconds) => `${seconds}s`, resolution: (resolution) => resolution.toLowerCase() },
		// It always makes sound.
		implied: { generateAudio: (isWanted) => isWanted },
	});
	const warnings = [...written.warnings];
	const ownTask = jsonAt(request.providerOptions, "generation_config", "video_config", "task");
	const isMixed = image !== undefined && references.length > 0;
	if (isMixed) warnings.push("references: sent beside the frames; say in the prompt which picture is which");
	const pictures = [image, lastFrame, ...references].filter((picture) => picture !== undefined);
	const body = withOwnFields(
		{
			model,
			input: [{ type: "user_input", content: [...pictures.map(toPart), { type: "text", text: prompt }] }],
			background: true,
			store: true,
			response_modalities: ["video"],
			response_format: { type: "video", ...written.fields },
			// A model that gets both kinds of pictures chooses the task by the prompt, unless the user does.
			generation_config: given({
				seed,
				...(isMixed || ownTask !== undefined ? {} : { video_config: { task: taskOf(request) } }),
			}),
		},
		request.providerOptions,
		"providerOptions.google",
	);
	const format = body["response_format"] as JsonObject;
	return { body: { ...body, response_format: { delivery, ...format } }, warnings };
}

/** What an interaction says of the operation. A word that is not known means that it still runs. */
export function toInteractionStatus(
	interaction: Interaction,
	toAsset: (video: InteractionContent) => VideoAsset | undefined,
): OperationStatus {
	const { status } = interaction;
	if (status === "queued") return { state: "queued" };
	if (status === "completed") return toCompleted(interaction, toAsset);
	if (status === "cancelled") {
		const reason = errorOf(interaction)?.message;
		return {
			state: "failed",
			kind: "cancelled",
			reason: readableReason(reason ?? "it was cancelled"),
			billed: "unknown",
		};
	}
	const usual = Object.hasOwn(ENDED_BADLY, status) ? ENDED_BADLY[status] : undefined;
	if (usual === undefined) return { state: "running" };
	const error = errorOf(interaction);
	return {
		state: "failed",
		kind: error === undefined ? "internal" : kindOf(error),
		reason: readableReason(error?.message ?? usual),
		billed: billedIn(interaction),
	};
}

/** What came of a cancellation, from the interaction that answers it. */
export function toCancelOutcome({ status }: Interaction): CancelOutcome {
	if (status === "cancelled") return "cancelled";
	return status === "completed" || Object.hasOwn(ENDED_BADLY, status) ? "finished" : "requested";
}

function toCompleted(
	interaction: Interaction,
	toAsset: (video: InteractionContent) => VideoAsset | undefined,
): OperationStatus {
	const parts = outputsOf(interaction);
	const videos = parts.filter(({ type, data, uri }) => type === "video" || data !== undefined || uri !== undefined);
	const [first, ...others] = videos.map(toAsset).filter((asset) => asset !== undefined);
	if (first !== undefined) return { state: "succeeded", assets: [first, ...others] };
	const billed = billedIn(interaction);
	const error = errorOf(interaction);
	if (error !== undefined)
		return { state: "failed", kind: kindOf(error), reason: readableReason(error.message), billed };
	// A refusal has no state of its own: the model answers in words, and makes no video.
	const words = parts.map(({ text = "" }) => text).join(" ");
	if (videos.length === 0 && words.trim() !== "") {
		return { state: "failed", kind: "refused", reason: readableReason(words), billed };
	}
	return { state: "failed", kind: "internal", reason: "it is complete, and there is no video in it", billed };
}

function outputsOf({ steps = [], output_video: video }: Interaction): readonly InteractionContent[] {
	const parts = steps.filter(({ type }) => type === "model_output").flatMap(({ content = [] }) => content);
	return parts.some(({ type }) => type === "video") || video === undefined ? parts : [...parts, video];
}

function errorOf({ errors = [], error, steps = [] }: Interaction) {
	const all = [...errors, error, ...steps.map((step) => step.error)];
	return all.find((one) => one?.message !== undefined || one?.code !== undefined);
}

/** Video that was made is billed. That nothing is billed, nobody says. */
function billedIn({ usage }: Interaction): Billed {
	const made = usage?.output_tokens_by_modality?.some(
		({ modality, tokens }) => modality.toLowerCase() === "video" && tokens > 0,
	);
	return made === true ? "yes" : "unknown";
}

function taskOf({ image, references = [] }: ProviderRequest): string {
	if (image !== undefined) return "image_to_video";
	return references.length > 0 ? "reference_to_video" : "text_to_video";
}

function toPart(picture: InputImage): JsonObject {
	return { type: "image", data: imageToBase64(picture), mime_type: picture.mediaType };
}
