import {
	type GenerationOptions,
	type HttpAnswer,
	InputError,
	imageToDataUrl,
	type JsonObject,
	type JsonValue,
	type OperationStatus,
	type ProviderRequest,
	redact,
	UnsupportedOptionError,
} from "../../src/provider-kit/index.ts";
import { announcedFailure, billedIn, failureOf, isStillRunning, readFailure } from "./errors.ts";
import { MODELS } from "./models.ts";
import { type FalStatus, parseProviderOptions, videoIn } from "./wire.ts";

type OptionName = keyof GenerationOptions | "image";
/** The input's name for each option; `null` where there is none. */
type InputNames = Readonly<Record<OptionName, string | null>>;

/** How the inputs of a family differ from most. */
interface InputStyle {
	readonly names?: Partial<InputNames>;
	/** How seconds are written. @default "number" */
	readonly seconds?: "number" | "text" | "suffixed";
	/** The length is counted in frames, these many of them, at this rate unless told otherwise. */
	readonly frames?: { readonly min: number; readonly max: number; readonly fps: number };
	/** How many references are taken. */
	readonly maxReferences?: number;
}

const USUAL_NAMES: InputNames = {
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
};

/** By endpoint; all that match count, the later ones more. They serve newer members of a family too. */
const STYLES: readonly (readonly [RegExp, InputStyle])[] = [
	[/^fal-ai\/veo|^luma\/|^fal-ai\/luma-/, { seconds: "suffixed" }],
	[/^fal-ai\/veo[^/]*(?:\/\w+)?\/first-last/, { names: { image: "first_frame_url", lastFrame: "last_frame_url" } }],
	[/^(?:fal-ai\/)?bytedance\/seedance|^fal-ai\/kling-video\//, { seconds: "text" }],
	[/^fal-ai\/kling-video\/(?:v3|o3)\//, { names: { resolution: null, guidanceScale: "cfg_scale" } }],
	[/^fal-ai\/kling-video\/(?:v3\/\w+\/image|o3\/\w+\/reference)-to-video/, { names: { image: "start_image_url" } }],
	[/^alibaba\/wan-3\.0/, { names: { generateAudio: "audio" } }],
	[/^(?:fal-ai\/wan\/v2\.7|google\/gemini-omni|minimax\/|xai\/|alibaba\/happy)/, { names: { generateAudio: null } }],
	[
		/^(?:fal-ai\/wan\/v2\.7|minimax\/h3-max|xai\/[\w-]+(?:\/[\w.]+)?)\/reference/,
		{ names: { references: "reference_image_urls" } },
	],
	[
		/^fal-ai\/wan\/v2\.2-a14b\//,
		{ names: { durationSeconds: "num_frames", fps: "frames_per_second" }, frames: { min: 17, max: 161, fps: 16 } },
	],
	[/^fal-ai\/veo3\.1\/reference/, { maxReferences: 3 }],
	[/^bytedance\/seedance-2\.5\/reference/, { maxReferences: 30 }],
	[/^(?:bytedance\/seedance-2\.0|minimax\/h3\/).*reference/, { maxReferences: 9 }],
	[/^fal-ai\/kling-video\/o3\/\w+\/reference/, { maxReferences: 7 }],
	[/^xai\/.*\/reference/, { maxReferences: 7 }],
	[/^alibaba\/wan-3\.0\/reference/, { maxReferences: 10 }],
];

const SECONDS = {
	number: (seconds: number): JsonValue => seconds,
	text: (seconds: number): JsonValue => String(seconds),
	suffixed: (seconds: number): JsonValue => `${seconds}s`,
};

type Encode = (request: ProviderRequest, style: InputStyle) => JsonValue | undefined;

/** One line an option: one that is forgotten does not compile. */
const VALUES: { readonly [Name in OptionName]-?: Encode } = {
	image: ({ image }) => image && imageToDataUrl(image),
	lastFrame: ({ lastFrame }) => lastFrame && imageToDataUrl(lastFrame),
	references: ({ references }) => references?.map(imageToDataUrl),
	negativePrompt: ({ negativePrompt }) => negativePrompt,
	durationSeconds: ({ durationSeconds, fps }, { seconds = "number", frames }) => {
		if (durationSeconds === undefined) return undefined;
		return frames === undefined ? SECONDS[seconds](durationSeconds) : framesFor(durationSeconds, fps, frames);
	},
	fps: ({ fps }) => fps,
	aspectRatio: ({ aspectRatio }) => aspectRatio,
	resolution: ({ model, resolution }) => resolution && spelled(resolution, model),
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
		if (name === null) warnings.push(`${option}: not sent, because ${model} leaves no choice there`);
		else input[name] = value;
	}
	warnings.push(...frameWarnings(request, style));
	for (const name of Object.keys(own.input)) {
		if (!Object.hasOwn(input, name)) continue;
		throw new InputError(`providerOptions.fal.${name}`, "the request says this too; leave one of them out");
	}
	return { input: { ...input, ...own.input }, warnings };
}

/** The queue's word on an operation that is not complete. A word that is not known means that it still runs. */
export function toRunning({ status, queue_position: queuePosition, logs }: FalStatus): OperationStatus {
	if (status === "IN_QUEUE") return { state: "queued", ...(queuePosition === undefined ? {} : { queuePosition }) };
	const message = logs?.at(-1)?.message;
	return { state: "running", ...(message === undefined ? {} : { message: redact(message).slice(0, 300) }) };
}

/** What the result of a complete operation means. Throws a retryable `ProviderError` when it is none. */
export function toEnded(answer: HttpAnswer, status: FalStatus): OperationStatus {
	const announced = failureOf(status);
	if (isStillRunning(answer)) return announced === undefined ? { state: "running" } : announcedFailure(announced);
	if (answer.status >= 400) return readFailure(answer, announced);
	const video = videoIn(answer.json);
	if (video !== undefined) return { state: "succeeded", assets: [{ kind: "url", ...video }] };
	if (announced !== undefined) return { ...announcedFailure(announced), billed: billedIn(answer) };
	return { state: "failed", kind: "internal", reason: "the result has no video in it", billed: billedIn(answer) };
}

function styleOf(model: string): InputStyle {
	const found = STYLES.filter(([pattern]) => pattern.test(model)).map(([, style]) => style);
	return Object.assign({}, ...found, { names: Object.assign({}, ...found.map(({ names }) => names)) });
}

function checkNames(names: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> {
	const unknown = names === undefined ? "" : Object.keys(names).find((name) => !Object.hasOwn(VALUES, name));
	if (names !== undefined && unknown === undefined) return names;
	const options = Object.keys(VALUES).join(", ");
	throw new InputError("providerOptions.fal.inputNames", `must map options to names of inputs; options are ${options}`);
}

/** As the service spells it: some write `768P`. */
function spelled(resolution: string, model: string): string {
	const known = MODELS.get(model)?.resolutions;
	if (known === undefined || "minWidth" in known) return resolution;
	return known.find((name) => name.toLowerCase() === resolution.toLowerCase()) ?? resolution;
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
