import {
	aspectRatioOf,
	type FrameSize,
	frameSize,
	imageToBase64,
	imageToDataUrl,
	inFrames,
	type JsonObject,
	type OptionDraft,
	type OptionName,
	type OptionNames,
	type OptionStyle,
	type ProviderRequest,
	parseAspectRatio,
	parseExactSize,
	parseResolutionClass,
	type StyleOverride,
	styleFor,
	UnsupportedOptionError,
	type WriteOption,
	withOwnFields,
	writeOptions,
} from "../../src/provider-kit/index.ts";
import type { InferenceProviderId } from "./inference-providers.ts";
import { CATALOGUE, frameRateOf } from "./models.ts";

/** How an inference provider wants what Hugging Face has no common name for. */
interface Style {
	readonly names: OptionNames;
	/** How a length is written. @default in seconds, as a number */
	readonly length?: WriteOption<"durationSeconds">;
	/** How a size is written: as width and height, or as `1280*720`. @default in the words of the request */
	readonly size?: "sides" | "product";
	/** How the inputs of families differ, by the inference provider's own id. */
	readonly families?: readonly (readonly [RegExp, StyleOverride])[];
}

/** The names that Hugging Face gives them, at every inference provider. The SDK itself writes the first frame. */
export const COMMON: OptionNames = {
	...{ image: "image", negativePrompt: "negative_prompt", seed: "seed" },
	...{ numInferenceSteps: "num_inference_steps", guidanceScale: "guidance_scale" },
	...{ durationSeconds: null, fps: null, aspectRatio: null, resolution: null, quality: null },
	...{ generateAudio: null, lastFrame: null, references: null },
};
const FRAMES: OptionNames = {
	...COMMON,
	...{ durationSeconds: "num_frames", fps: "frames_per_second", aspectRatio: "aspect_ratio", resolution: "resolution" },
	generateAudio: "generate_audio",
};
const PIXELS: OptionNames = { ...COMMON, resolution: "size", aspectRatio: "size" };

const STYLES: Readonly<Record<InferenceProviderId, Style>> = {
	"fal-ai": {
		names: { ...FRAMES, lastFrame: "end_image_url" },
		length: counted("fal-ai"),
		families: [
			[/^fal-ai\/wan\//, { values: { durationSeconds: counted("fal-ai", { min: 17, max: 161 }) } }],
			[
				/^fal-ai\/wan-t2v/,
				{ names: { guidanceScale: null }, values: { durationSeconds: counted("fal-ai", { min: 81, max: 100 }) } },
			],
			[/^fal-ai\/hunyuan-video/, { names: { fps: null, guidanceScale: null } }],
			[/^fal-ai\/longcat-video/, { names: { fps: "fps", resolution: null } }],
		],
	},
	replicate: {
		names: FRAMES,
		length: counted("replicate"),
		families: [
			[
				/^wan-video\/wan-2\.2/,
				{
					names: { negativePrompt: null, numInferenceSteps: null, guidanceScale: null },
					values: { durationSeconds: counted("replicate", { min: 81, max: 121 }) },
				},
			],
			[
				/^wavespeedai\/wan-2\.1/,
				{
					names: {
						...{ negativePrompt: null, resolution: null },
						...{ numInferenceSteps: "sample_steps", guidanceScale: "sample_guide_scale" },
					},
					values: { durationSeconds: counted("replicate", { min: 5, max: 100 }) },
				},
			],
		],
	},
	novita: { names: PIXELS, size: "sides" },
	wavespeed: { names: { ...PIXELS, durationSeconds: "duration", lastFrame: "last_image" }, size: "product" },
	together: {
		names: { ...PIXELS, durationSeconds: "seconds", fps: "fps", generateAudio: "generate_audio" },
		length: String,
		size: "sides",
	},
};

/** Options whose loss would change what the video means. */
const MEANINGFUL = ["lastFrame", "references", "generateAudio"] as const;
/** Where the user says what goes to the model. */
export const OWN = "providerOptions.huggingface";

/** What `toParameters` needs to know beside the request. */
export interface Target {
	readonly at: InferenceProviderId;
	readonly providerId: string;
	/** The user's own names for options. */
	readonly inputNames: Partial<Readonly<Record<OptionName, string>>>;
	/** What the user sends beside them. */
	readonly extra: JsonObject;
}

/**
 * The parameters for a request. What has no place among them is said in the warnings. Throws `InputError` and
 * `UnsupportedOptionError` for what cannot be sent.
 */
export function toParameters(
	request: ProviderRequest,
	{ at, providerId, inputNames, extra }: Target,
): { readonly parameters: JsonObject; readonly warnings: readonly string[] } {
	const style = styleOf(at, providerId, inputNames);
	for (const option of MEANINGFUL) {
		if (request[option] === undefined || style.names[option] !== null) continue;
		const problem = `${at} has no input for it with ${providerId} that is known`;
		throw new UnsupportedOptionError(option, `${problem}; name it in ${OWN}.inputNames`);
	}
	const { fields, warnings } = writeOptions(request, style);
	const { prompt: _bySdk, ...parameters } = withOwnFields({ prompt: request.prompt, ...fields }, extra, OWN);
	return { parameters, warnings };
}

/** An option that the user named is written as it was given. */
function styleOf(at: InferenceProviderId, providerId: string, inputNames: Target["inputNames"]): OptionStyle {
	const { names, length, size, families = [] } = STYLES[at];
	const encode = at === "wavespeed" ? imageToBase64 : imageToDataUrl;
	const usual: OptionStyle = {
		names,
		receiver: `${at} with ${providerId}`,
		values: {
			image: () => undefined,
			lastFrame: encode,
			references: (references) => references.map(encode),
			...(length === undefined ? {} : { durationSeconds: length }),
			...(size === undefined
				? {}
				: {
						resolution: sized(size),
						aspectRatio: sized(
							size,
							({ resolution }) => resolution !== undefined && inputNames.resolution === undefined,
						),
					}),
		},
	};
	const style = styleFor(providerId, usual, families);
	const asGiven = Object.keys(inputNames)
		.filter((option) => option !== "lastFrame" && option !== "references")
		.map((option) => [option, (given: unknown) => given]);
	return {
		...style,
		names: { ...style.names, ...inputNames },
		values: { ...style.values, ...Object.fromEntries(asGiven) },
	};
}

/** Writes a length as a number of frames, at the model's own rate where none is given, if that is known. */
function counted(
	at: InferenceProviderId,
	limits: { readonly min?: number; readonly max?: number } = {},
): WriteOption<"durationSeconds"> {
	return (seconds, draft) => {
		const fps = draft.request.fps ?? frameRateOf(draft.request.model);
		if (fps !== undefined) return inFrames({ ...limits, fps })(seconds, draft);
		draft.warn(`durationSeconds: not sent, because ${at} counts frames; give fps too`);
		return undefined;
	};
}

/** Writes resolution and ratio together, in pixels, unless the other of the two says it all. */
function sized(
	how: "sides" | "product",
	isSaid: (request: ProviderRequest) => boolean = () => false,
): (given: string, draft: OptionDraft) => string | undefined {
	return (_given, { request, receiver, fields, note }) => {
		if (isSaid(request)) return undefined;
		const { resolution, aspectRatio } = request;
		const { width, height } = pixelsOf(request);
		const became = `became ${width}x${height}, as ${receiver} wants pixels`;
		if (resolution === undefined) note(`aspectRatio: ${aspectRatio} ${became}; give resolution too`);
		else if (aspectRatio === undefined && parseExactSize(resolution) === undefined) {
			note(`resolution: ${resolution} ${became}; give aspectRatio too`);
		}
		if (how === "product") return `${width}*${height}`;
		Object.assign(fields, { width, height });
		return undefined;
	};
}

/** The pixels where a service wants them: at 480p those of Wan, which are not quite 16:9. */
function pixelsOf({ image, model, resolution, aspectRatio }: ProviderRequest): FrameSize {
	const known = CATALOGUE.model(model)?.resolutions;
	const assumed = {
		resolution: (known === undefined || "minWidth" in known ? undefined : known.at(-1)) ?? "720p",
		aspectRatio: image === undefined ? "16:9" : aspectRatioOf(image),
	};
	const size = frameSize({ resolution, aspectRatio }, assumed);
	const ratio = parseAspectRatio(aspectRatio ?? assumed.aspectRatio);
	if (parseResolutionClass(resolution ?? assumed.resolution) !== 480 || ratio === undefined) return size;
	if (ratio.width * 9 === ratio.height * 16) return { width: 832, height: 480 };
	if (ratio.width * 16 === ratio.height * 9) return { width: 480, height: 832 };
	return size;
}
