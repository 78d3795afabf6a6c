import {
	type GenerationOptions,
	type InputImage,
	imageToBase64,
	type JsonObject,
	type JsonValue,
	type OperationStatus,
	type ProviderRequest,
	type VideoAsset,
} from "../../src/provider-kit/index.ts";
import type { NamedVideo } from "./assets.ts";
import { kindOf, readable } from "./errors.ts";
import { checkPictures } from "./models.ts";
import { given, withOwnOptions } from "./own-options.ts";
import type { Operation } from "./wire.ts";

type ParameterName = Exclude<keyof GenerationOptions, "lastFrame" | "references">;

/** One line an option: one that is forgotten does not compile. `null` where Veo has no parameter. */
const PARAMETERS: { readonly [Name in ParameterName]-?: string | null } = {
	durationSeconds: "durationSeconds",
	aspectRatio: "aspectRatio",
	resolution: "resolution",
	negativePrompt: "negativePrompt",
	seed: "seed",
	fps: "fps",
	generateAudio: "generateAudio",
	quality: null,
	numInferenceSteps: null,
	guidanceScale: null,
};

/**
 * The body of `predictLongRunning`, the same on Vertex and at a gateway. The user's own fields are parameters.
 * Throws `UnsupportedOptionError` and `InputError` for what cannot be sent.
 */
export function toPrediction(request: ProviderRequest): {
	readonly body: JsonObject;
	readonly warnings: readonly string[];
} {
	const { model, prompt, image, lastFrame, references = [] } = request;
	checkPictures(request);
	const parameters: Record<string, JsonValue> = {};
	const warnings: string[] = [];
	for (const [option, name] of Object.entries(PARAMETERS)) {
		const value = request[option as ParameterName];
		if (value === undefined) continue;
		if (name === null) warnings.push(`${option}: not sent, because ${model} leaves no choice there`);
		else parameters[name] = option === "resolution" ? String(value).toLowerCase() : value;
	}
	const instance = given({
		prompt,
		image: image && toImage(image),
		lastFrame: lastFrame && toImage(lastFrame),
		referenceImages:
			references.length === 0
				? undefined
				: references.map((picture) => ({ image: toImage(picture), referenceType: "asset" })),
	});
	const joined = withOwnOptions(parameters, request.providerOptions);
	return { body: { instances: [instance], parameters: { sampleCount: 1, ...joined } }, warnings };
}

/** What an operation of Veo says. It is done with a video, with an error, or with neither, which is a refusal. */
export function toOperationStatus(
	{ done = false, error, response }: Operation,
	toAsset: (video: NamedVideo) => VideoAsset | undefined,
): OperationStatus {
	if (!done) return { state: "running" };
	if (error !== undefined) {
		return { state: "failed", kind: kindOf(error), reason: readable(error.message), billed: "unknown" };
	}
	const result = { ...response, ...response?.generateVideoResponse };
	const videos = [
		...(response?.videos ?? []),
		...(response?.generateVideoResponse?.generatedSamples ?? []).flatMap(({ video }) =>
			video === undefined ? [] : [video],
		),
	];
	const { raiMediaFilteredCount: filteredCount = 0, raiMediaFilteredReasons: reasons = [] } = result;
	const [first, ...others] = videos
		.map(({ bytesBase64Encoded, encodedVideo, gcsUri, uri }) =>
			toAsset({ base64: bytesBase64Encoded ?? encodedVideo, uri: gcsUri ?? uri }),
		)
		.filter((asset) => asset !== undefined);
	if (first !== undefined) {
		const why = reasons.length === 0 ? "" : `: ${readable(reasons.join("; "))}`;
		const count = Math.max(filteredCount, reasons.length);
		const warnings = count === 0 ? [] : [`result: Google filtered ${count} of ${count + videos.length} videos${why}`];
		return { state: "succeeded", assets: [first, ...others], ...(count === 0 ? {} : { warnings }) };
	}
	if (videos.length === 0 && (filteredCount > 0 || reasons.length > 0)) {
		return { state: "failed", kind: "refused", reason: readable(reasons.join("; ")), billed: "unknown" };
	}
	return { state: "failed", kind: "internal", reason: "it is done, and there is no video in it", billed: "unknown" };
}

function toImage(picture: InputImage): JsonObject {
	return { bytesBase64Encoded: imageToBase64(picture), mimeType: picture.mediaType };
}
