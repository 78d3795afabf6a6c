import {
	type FrameSize,
	frameSize,
	type GenerationOptions,
	InputError,
	type InputImage,
	imageToBase64,
	imageToDataUrl,
	type JsonObject,
	type JsonValue,
	type ProviderRequest,
	parseAspectRatio,
	parseExactSize,
	parseResolutionClass,
	UnsupportedOptionError,
} from "../../src/provider-kit/index.ts";
import type { InferenceProviderId } from "./inference-providers.ts";
import { capabilitiesOf, frameRateOf } from "./models.ts";

type OptionName = keyof GenerationOptions;
/** The parameter's name for each option; `null` where there is none. */
type Names = Readonly<Record<OptionName, string | null>>;

/** How an inference provider wants what Hugging Face has no common name for. */
interface Style {
	readonly names: Names;
	/** How a length is written: in seconds, as a number or a text, or as a number of frames. */
	readonly length: "seconds" | "text" | "frames";
	/** How a size is written: as the words of the request, as width and height, or as `1280*720`. */
	readonly size: "words" | "sides" | "product";
	/** How many frames it makes, where that is known. */
	readonly frames?: { readonly min: number; readonly max: number };
}

/** The names that Hugging Face gives them, at every inference provider. */
const COMMON: Names = {
	...{ negativePrompt: "negative_prompt", seed: "seed" },
	...{ numInferenceSteps: "num_inference_steps", guidanceScale: "guidance_scale" },
	...{ durationSeconds: null, fps: null, aspectRatio: null, resolution: null, quality: null },
	...{ generateAudio: null, lastFrame: null, references: null },
};
const FRAMES: Names = {
	...COMMON,
	...{ durationSeconds: "num_frames", fps: "frames_per_second", aspectRatio: "aspect_ratio", resolution: "resolution" },
};

const STYLES: Readonly<Record<InferenceProviderId, Style>> = {
	"fal-ai": {
		names: { ...FRAMES, generateAudio: "generate_audio", lastFrame: "end_image_url" },
		length: "frames",
		size: "words",
	},
	replicate: { names: { ...FRAMES, generateAudio: "generate_audio" }, length: "frames", size: "words" },
	novita: { names: COMMON, length: "seconds", size: "sides" },
	wavespeed: {
		names: { ...COMMON, durationSeconds: "duration", lastFrame: "last_image" },
		length: "seconds",
		size: "product",
	},
	together: {
		names: { ...COMMON, durationSeconds: "seconds", fps: "fps", generateAudio: "generate_audio" },
		length: "text",
		size: "sides",
	},
};

/** How the inputs of a family differ there. */
const FAMILIES: readonly (readonly [InferenceProviderId, RegExp, Partial<Names>, (Style["frames"] | undefined)?])[] = [
	["fal-ai", /^fal-ai\/wan\//, {}, { min: 17, max: 161 }],
	["fal-ai", /^fal-ai\/wan-t2v/, { guidanceScale: null }, { min: 81, max: 100 }],
	["fal-ai", /^fal-ai\/hunyuan-video/, { fps: null, guidanceScale: null }],
	["fal-ai", /^fal-ai\/longcat-video/, { fps: "fps", resolution: null }],
	[
		"replicate",
		/^wan-video\/wan-2\.2/,
		{ negativePrompt: null, numInferenceSteps: null, guidanceScale: null },
		{ min: 81, max: 121 },
	],
	[
		"replicate",
		/^wavespeedai\/wan-2\.1/,
		{ negativePrompt: null, resolution: null, numInferenceSteps: "sample_steps", guidanceScale: "sample_guide_scale" },
		{ min: 5, max: 100 },
	],
];

/** What `toParameters` needs to know beside the request. */
export interface Target {
	readonly at: InferenceProviderId;
	readonly providerId: string;
	/** The model's id at the Hub. */
	readonly model: string;
	/** The user's own names for options. */
	readonly inputNames: Readonly<Record<string, string>>;
	/** What the user sends beside them. */
	readonly extra: JsonObject;
}

type Encode = (request: ProviderRequest, encodeImage: (image: InputImage) => string) => JsonValue | undefined;

/** One line an option, as it is where nothing else is wanted: one that is forgotten does not compile. */
const VALUES: { readonly [Name in OptionName]-?: Encode } = {
	lastFrame: ({ lastFrame }, encodeImage) => lastFrame && encodeImage(lastFrame),
	references: ({ references }, encodeImage) => references?.map(encodeImage),
	negativePrompt: ({ negativePrompt }) => negativePrompt,
	durationSeconds: ({ durationSeconds }) => durationSeconds,
	fps: ({ fps }) => fps,
	aspectRatio: ({ aspectRatio }) => aspectRatio,
	resolution: ({ resolution }) => resolution,
	quality: ({ quality }) => quality,
	seed: ({ seed }) => seed,
	numInferenceSteps: ({ numInferenceSteps }) => numInferenceSteps,
	guidanceScale: ({ guidanceScale }) => guidanceScale,
	generateAudio: ({ generateAudio }) => generateAudio,
};

/**
 * The parameters for a request. What has no place among them is said in the warnings. Throws `InputError` and
 * `UnsupportedOptionError` for what cannot be sent.
 */
export function toParameters(
	request: ProviderRequest,
	target: Target,
): { readonly parameters: JsonObject; readonly warnings: readonly string[] } {
	const { at, inputNames, extra } = target;
	const style = styleOf(target);
	checkNames(inputNames);
	const parameters: Record<string, JsonValue> = {};
	const warnings: string[] = [];
	for (const [option, encode] of Object.entries(VALUES) as [OptionName, Encode][]) {
		const value = encode(request, at === "wavespeed" ? imageToBase64 : imageToDataUrl);
		if (value === undefined) continue;
		const own = inputNames[option];
		const name = own ?? style.names[option];
		const isSize = option === "resolution" || option === "aspectRatio";
		if (own !== undefined) parameters[own] = value;
		else if (isSize && style.size !== "words") Object.assign(parameters, sizeOf(request, target, style.size, warnings));
		else if (name === null) warnings.push(notSent(option, target));
		else if (option === "durationSeconds") {
			const length = lengthOf(request, target, style, warnings);
			if (length !== undefined) parameters[name] = length;
		} else parameters[name] = value;
	}
	for (const name of Object.keys(extra)) {
		if (name !== "prompt" && !Object.hasOwn(parameters, name)) continue;
		throw new InputError(`providerOptions.huggingface.${name}`, "the request says this too; leave one of them out");
	}
	return { parameters: { ...parameters, ...extra }, warnings: [...new Set(warnings)] };
}

/** A picture that has no place changes what the video means; anything else is said. */
function notSent(option: OptionName, { at, providerId }: Target): string {
	const problem = `${at} has no input for it with ${providerId}`;
	if (option !== "lastFrame" && option !== "references" && option !== "generateAudio") {
		return `${option}: not sent, because ${problem}`;
	}
	throw new UnsupportedOptionError(
		option,
		`${problem} that is known; name it in providerOptions.huggingface.inputNames`,
	);
}

function lengthOf(
	request: ProviderRequest,
	{ at, model }: Target,
	{ length, frames }: Style,
	warnings: string[],
): JsonValue | undefined {
	const { durationSeconds = 0, fps = frameRateOf(model) } = request;
	if (length !== "frames") return length === "text" ? String(durationSeconds) : durationSeconds;
	if (fps === undefined) {
		warnings.push(`durationSeconds: not sent, because ${at} counts frames; give fps too`);
		return undefined;
	}
	const wanted = Math.round(durationSeconds * fps) + 1;
	const made = Math.min(frames?.max ?? wanted, Math.max(frames?.min ?? wanted, wanted));
	if (made !== wanted) {
		const seconds = ((made - 1) / fps).toFixed(2);
		warnings.push(
			`durationSeconds: ${durationSeconds} became ${seconds}, as ${at} makes ${frames?.min} to ${frames?.max} frames`,
		);
	}
	return made;
}

function sizeOf(
	request: ProviderRequest,
	{ at, model }: Target,
	how: "sides" | "product",
	warnings: string[],
): JsonObject {
	const { resolution, aspectRatio } = request;
	const { width, height } = pixelsOf(request, model);
	if (resolution === undefined) {
		warnings.push(`aspectRatio: ${aspectRatio} became ${width}x${height}, as ${at} wants pixels; give resolution too`);
	} else if (aspectRatio === undefined && parseExactSize(resolution) === undefined) {
		warnings.push(`resolution: ${resolution} became ${width}x${height}, as ${at} wants pixels; give aspectRatio too`);
	}
	return how === "sides" ? { width, height } : { size: `${width}*${height}` };
}

/** The pixels where a service wants them: at 480p those of Wan, which are not quite 16:9. */
function pixelsOf({ image, resolution, aspectRatio }: ProviderRequest, model: string): FrameSize {
	const known = capabilitiesOf(model)?.resolutions;
	const assumed = {
		resolution: (known === undefined || "minWidth" in known ? undefined : known.at(-1)) ?? "720p",
		aspectRatio: image === undefined ? "16:9" : reducedRatio(image),
	};
	const size = frameSize({ resolution, aspectRatio }, assumed);
	const ratio = parseAspectRatio(aspectRatio ?? assumed.aspectRatio);
	if (parseResolutionClass(resolution ?? assumed.resolution) !== 480 || ratio === undefined) return size;
	if (ratio.width * 9 === ratio.height * 16) return { width: 832, height: 480 };
	if (ratio.width * 16 === ratio.height * 9) return { width: 480, height: 832 };
	return size;
}

/** The shape of a picture in numbers of four digits at most. */
function reducedRatio({ width, height }: InputImage): string {
	const factor = Math.max(1, width / 9_999, height / 9_999);
	return `${Math.max(1, Math.floor(width / factor))}:${Math.max(1, Math.floor(height / factor))}`;
}

function styleOf({ at, providerId }: Target): Style {
	const found = FAMILIES.filter(([owner, pattern]) => owner === at && pattern.test(providerId));
	const names = Object.assign({}, STYLES[at].names, ...found.map(([, , own]) => own)) as Names;
	const frames = found.map(([, , , limits]) => limits).find((limits) => limits !== undefined);
	return { ...STYLES[at], names, ...(frames === undefined ? {} : { frames }) };
}

function checkNames(names: Readonly<Record<string, string>>): void {
	if (Object.keys(names).every((name) => Object.hasOwn(VALUES, name))) return;
	const options = Object.keys(VALUES).join(", ");
	const field = "providerOptions.huggingface.inputNames";
	throw new InputError(field, `must map options to names of inputs; options are ${options}`);
}
