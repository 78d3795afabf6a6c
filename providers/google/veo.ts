import {
	given,
	type InputImage,
	imageToBase64,
	type JsonObject,
	type OperationStatus,
	type OptionNames,
	type ProviderRequest,
	type VideoAsset,
	withOwnFields,
	writeOptions,
} from "../../src/provider-kit/index.ts";
import type { NamedVideo } from "./assets.ts";
import { kindOf, readableReason } from "./errors.ts";
import { checkPictures } from "./models.ts";
import type { Operation } from "./wire.ts";

/** What a prediction calls the options, all but the pictures, which are no parameters. */
const NAMES: OptionNames = {
	...{ durationSeconds: "durationSeconds", aspectRatio: "aspectRatio", resolution: "resolution", seed: "seed" },
	...{ negativePrompt: "negativePrompt", fps: "fps", generateAudio: "generateAudio" },
	...{ quality: null, numInferenceSteps: null, guidanceScale: null },
	...{ image: null, lastFrame: null, references: null },
};

/**
 * The body of `predictLongRunning`, the same on Vertex and at a gateway. The user's own fields are parameters.
 * Throws `UnsupportedOptionError` and `InputError` for what cannot be sent.
 */
export function toPrediction(request: ProviderRequest): {
	readonly body: JsonObject;
	readonly warnings: readonly string[];
} {
	const { prompt, image, lastFrame, references = [] } = request;
	checkPictures(request);
	const { image: _first, lastFrame: _last, references: _guiding, ...others } = request;
	const values = { resolution: (resolution: string) => resolution.toLowerCase() };
	const { fields, warnings } = writeOptions(others, { names: NAMES, values });
	const instance = given({
		prompt,
		image: image && toImage(image),
		lastFrame: lastFrame && toImage(lastFrame),
		referenceImages:
			references.length === 0
				? undefined
				: references.map((picture) => ({ image: toImage(picture), referenceType: "asset" })),
	});
	const joined = withOwnFields(fields, request.providerOptions, "providerOptions.google");
	return { body: { instances: [instance], parameters: { sampleCount: 1, ...joined } }, warnings };
}

/** What an operation of Veo says. It is done with a video, with an error, or with neither, which is a refusal. */
export function toOperationStatus(
	{ done = false, error, response }: Operation,
	toAsset: (video: NamedVideo) => VideoAsset | undefined,
): OperationStatus {
	if (!done) return { state: "running" };
	if (error !== undefined) {
		return { state: "failed", kind: kindOf(error), reason: readableReason(error.message), billed: "unknown" };
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
		const why = reasons.length === 0 ? "" : `: ${readableReason(reasons.join("; "))}`;
		const count = Math.max(filteredCount, reasons.length);
		const warnings = count === 0 ? [] : [`result: Google filtered ${count} of ${count + videos.length} videos${why}`];
		return { state: "succeeded", assets: [first, ...others], ...(count === 0 ? {} : { warnings }) };
	}
	if (videos.length === 0 && (filteredCount > 0 || reasons.length > 0)) {
		return { state: "failed", kind: "refused", reason: readableReason(reasons.join("; ")), billed: "unknown" };
	}
	return { state: "failed", kind: "internal", reason: "it is done, and there is no video in it", billed: "unknown" };
}

function toImage(picture: InputImage): JsonObject {
	return { bytesBase64Encoded: imageToBase64(picture), mimeType: picture.mediaType };
}
