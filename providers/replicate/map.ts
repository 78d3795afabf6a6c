import {
	type CancelOutcome,
	type GenerationOptions,
	InputError,
	imageToDataUrl,
	type JsonObject,
	type JsonValue,
	type OperationStatus,
	type ProviderRequest,
	redact,
	UnsupportedOptionError,
	type VideoAsset,
} from "../../src/provider-kit/index.ts";
import { kindOf, reasonOf } from "./errors.ts";
import { type Prediction, parseProviderOptions, urlsIn } from "./wire.ts";

type OptionName = keyof GenerationOptions | "image";
/** The input's name for each option; `null` where there is none. */
type InputNames = Readonly<Record<OptionName, string | null>>;

/** How the inputs of a family differ from most. */
interface InputStyle {
	readonly names?: Partial<InputNames>;
	/** The length is counted in frames, these many of them, at this rate unless told otherwise. */
	readonly frames?: { readonly min: number; readonly max: number; readonly fps: number };
	/** Other words for resolutions. */
	readonly resolutions?: Readonly<Record<string, string>>;
	/** How many references are taken. */
	readonly maxReferences?: number;
}

const USUAL_NAMES: InputNames = {
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
};

/** By model; all that match count, the later ones more. They serve newer members of a family too. */
const STYLES: readonly (readonly [RegExp, InputStyle])[] = [
	[/^google\/veo/, { names: { lastFrame: "last_frame" }, maxReferences: 3 }],
	[/^kwaivgi\/kling|^luma\/ray/, { names: { image: "start_image", lastFrame: "end_image" } }],
	[
		/^kwaivgi\/kling-v3/,
		{
			names: { resolution: "mode" },
			resolutions: { "720p": "standard", "1080p": "pro", "4k": "4k" },
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
			frames: { min: 81, max: 121, fps: 16 },
		},
	],
];

type Encode = (request: ProviderRequest, style: InputStyle) => JsonValue | undefined;

/** One line an option: one that is forgotten does not compile. */
const VALUES: { readonly [Name in OptionName]-?: Encode } = {
	image: ({ image }) => image && imageToDataUrl(image),
	lastFrame: ({ lastFrame }) => lastFrame && imageToDataUrl(lastFrame),
	references: ({ references }) => references?.map(imageToDataUrl),
	negativePrompt: ({ negativePrompt }) => negativePrompt,
	durationSeconds: ({ durationSeconds, fps }, { frames }) =>
		durationSeconds === undefined || frames === undefined ? durationSeconds : framesFor(durationSeconds, fps, frames),
	fps: ({ fps }) => fps,
	aspectRatio: ({ aspectRatio }) => aspectRatio,
	resolution: ({ resolution }, { resolutions }) =>
		resolution === undefined ? undefined : (resolutions?.[resolution.toLowerCase()] ?? resolution),
	quality: ({ quality }) => quality,
	seed: ({ seed }) => seed,
	numInferenceSteps: ({ numInferenceSteps }) => numInferenceSteps,
	guidanceScale: ({ guidanceScale }) => guidanceScale,
	generateAudio: ({ generateAudio }) => generateAudio,
};

/**
 * The model's input for a request. What has no place in it is said in the warnings. Throws `InputError` and
 * `UnsupportedOptionError` for what cannot be sent.
 */
export function toInput(request: ProviderRequest): {
	readonly input: JsonObject;
	readonly warnings: readonly string[];
} {
	const { model, prompt, references = [] } = request;
	const style = styleOf(model);
	const own = parseProviderOptions(request.providerOptions);
	const names: Readonly<Record<string, string | null>> = {
		...USUAL_NAMES,
		...style.names,
		...checkNames(own.inputNames),
	};
	const { maxReferences = references.length } = style;
	if (references.length > maxReferences) {
		throw new UnsupportedOptionError("references", `${model} takes ${maxReferences} at most; leave some out`);
	}
	const input: Record<string, JsonValue> = { prompt };
	const warnings: string[] = [];
	for (const [option, encode] of Object.entries(VALUES)) {
		const value = encode(request, style);
		if (value === undefined) continue;
		const name = names[option] ?? null;
		if (name === null) warnings.push(`${option}: not sent, because ${model} has no input for it`);
		else input[name] = value;
	}
	warnings.push(...frameWarnings(request, style));
	for (const name of Object.keys(own.input)) {
		if (!Object.hasOwn(input, name)) continue;
		throw new InputError(`providerOptions.replicate.${name}`, "the request says this too; leave one of them out");
	}
	return { input: { ...input, ...own.input }, warnings };
}

/** What a prediction says of the operation. A word that is not known means that it still runs. */
export function toStatus({ status, output, error, logs, data_removed: isRemoved }: Prediction): OperationStatus {
	switch (status) {
		case "succeeded": {
			const [first, ...others] = urlsIn(output).map((url): VideoAsset => ({ kind: "url", url }));
			if (first !== undefined) return { state: "succeeded", assets: [first, ...others] };
			const gone = "the output was deleted, as Replicate does an hour after the end";
			return isRemoved === true
				? { state: "failed", kind: "expired", reason: gone, billed: "yes" }
				: { state: "failed", kind: "internal", reason: "the output has no video in it", billed: "yes" };
		}
		case "failed": {
			const reason = reasonOf(error);
			return { state: "failed", kind: kindOf(reason), reason, billed: "unknown" };
		}
		case "canceled":
		case "cancelled":
			return { state: "failed", kind: "cancelled", reason: withReason("it was cancelled", error), billed: "unknown" };
		case "aborted": // Dropped before it ran, which is not charged.
			return {
				state: "failed",
				kind: "expired",
				reason: withReason("it was dropped before it ran", error),
				billed: "no",
			};
		case "starting":
			return { state: "queued" };
		default: {
			const message =
				logs
					?.trim()
					.split(/[\r\n]+/)
					.at(-1)
					?.trim() ?? "";
			return { state: "running", ...(message === "" ? {} : { message: redact(message).slice(0, 300) }) };
		}
	}
}

/** What came of a cancellation, from the prediction that answers it. */
export function toOutcome({ status }: Prediction): CancelOutcome {
	if (/^(?:cancell?ed|aborted)$/.test(status)) return "cancelled";
	return status === "succeeded" || status === "failed" ? "finished" : "requested";
}

function withReason(what: string, error: unknown): string {
	return error === undefined || error === null || error === "" ? what : `${what}: ${reasonOf(error)}`;
}

function styleOf(model: string): InputStyle {
	const found = STYLES.filter(([pattern]) => pattern.test(model)).map(([, style]) => style);
	return Object.assign({}, ...found, { names: Object.assign({}, ...found.map(({ names }) => names)) });
}

function checkNames(names: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> {
	const unknown = names === undefined ? "" : Object.keys(names).find((name) => !Object.hasOwn(VALUES, name));
	if (names !== undefined && unknown === undefined) return names;
	const options = Object.keys(VALUES).join(", ");
	throw new InputError(
		"providerOptions.replicate.inputNames",
		`must map options to names of inputs; options are ${options}`,
	);
}

function framesFor(seconds: number, fps: number | undefined, limits: NonNullable<InputStyle["frames"]>): number {
	const frames = Math.round(seconds * (fps ?? limits.fps)) + 1;
	return Math.min(limits.max, Math.max(limits.min, frames));
}

function frameWarnings({ durationSeconds, fps, model }: ProviderRequest, { frames }: InputStyle): readonly string[] {
	if (frames === undefined || durationSeconds === undefined) return [];
	const rate = fps ?? frames.fps;
	const made = (framesFor(durationSeconds, fps, frames) - 1) / rate;
	if (Math.abs(made - durationSeconds) <= 1 / rate) return [];
	const range = `${frames.min} to ${frames.max} frames`;
	return [`durationSeconds: ${durationSeconds} became ${made.toFixed(2)}, as ${model} makes ${range}`];
}
