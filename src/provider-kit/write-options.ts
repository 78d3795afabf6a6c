import { UnsupportedOptionError } from "../errors/index.ts";
import type {
	GenerationOptions,
	InputImage,
	JsonObject,
	JsonValue,
	ProviderRequest,
	VideoProvider,
} from "../provider/index.ts";
import { imageToDataUrl } from "./encode-image.ts";

/** An option of a request, the first frame among them. */
export type OptionName = keyof GenerationOptions | "image";

/** What a model calls each option; `null` where it has no place for it. One that is forgotten does not compile. */
export type OptionNames = { readonly [Name in OptionName]: string | null };

/** What one option is written for. */
export interface OptionDraft {
	readonly request: ProviderRequest;
	/** Who reads the options, for messages. */
	readonly receiver: string;
	/** What is written so far. An option that becomes more than one field, or another one, is put here. */
	readonly fields: Record<string, JsonValue>;
	/** Adds a sentence about what was adjusted. It begins with the option's name and a colon. */
	warn(sentence: string): void;
}

/** Writes one option as a model wants it. `undefined` writes nothing under the option's name. */
export type WriteOption<Name extends OptionName> = (
	value: NonNullable<ProviderRequest[Name]>,
	draft: OptionDraft,
) => JsonValue | undefined;

/** How the options of a model are written. */
export interface OptionStyle {
	readonly names: OptionNames;
	/** Options that are not written as they were given. Without one of these a picture becomes a `data:` URL. */
	readonly values?: { readonly [Name in OptionName]?: WriteOption<Name> };
	/** How many references it takes. @default any number */
	readonly maxReferences?: number;
	/** Who reads the options, for messages. @default the request's model */
	readonly receiver?: string;
}

/** What most hosted models call the options, for a style to begin with. */
export const USUAL_NAMES: OptionNames = {
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

/** How a family of models differs from most. */
export type StyleOverride = Partial<Omit<OptionStyle, "names">> & { readonly names?: Partial<OptionNames> };

/** The style of a model: the usual one with every override whose pattern matches, the later ones counting more. */
export function styleFor(
	model: string,
	usual: OptionStyle,
	overrides: readonly (readonly [RegExp, StyleOverride])[],
): OptionStyle {
	const found = overrides.filter(([pattern]) => pattern.test(model)).map(([, override]) => override);
	const all = [usual, ...found];
	return {
		...(Object.assign({}, ...all) as OptionStyle),
		names: Object.assign({}, ...all.map(({ names }) => names)),
		values: Object.assign({}, ...all.map(({ values }) => values)),
	};
}

/**
 * The options of a request under the names of a model, and a warning about each that has none. What is `undefined`
 * is left out; `0`, `false` and `""` are written. Throws `UnsupportedOptionError` for too many references, and what
 * the writers of the style throw.
 */
export function writeOptions(
	request: ProviderRequest,
	{ names, values = {}, maxReferences = Number.POSITIVE_INFINITY, receiver = request.model }: OptionStyle,
): { readonly fields: JsonObject; readonly warnings: readonly string[] } {
	if ((request.references?.length ?? 0) > maxReferences) {
		throw new UnsupportedOptionError("references", `${receiver} takes ${maxReferences} at most; leave some out`);
	}
	const fields: Record<string, JsonValue> = {};
	const warnings: string[] = [];
	const draft: OptionDraft = { request, receiver, fields, warn: (sentence) => void warnings.push(sentence) };
	const write = <Name extends OptionName>(option: Name): void => {
		const given = request[option];
		if (given === undefined || given === null) return;
		const name = names[option];
		if (name === null) {
			draft.warn(`${option}: not sent, because ${receiver} has no input for it`);
			return;
		}
		const writer: WriteOption<Name> = values[option] ?? asGiven;
		const value = writer(given, draft);
		if (value !== undefined) fields[name] = value;
	};
	for (const option of Object.keys(names) as OptionName[]) write(option);
	return { fields, warnings };
}

/** How many frames a model makes. */
export interface FrameLimits {
	/** Frames per second where the request asks for none. */
	readonly fps: number;
	/** @default 1 */
	readonly min?: number;
	/** @default any number */
	readonly max?: number;
}

/**
 * Writes a length as a number of frames, the first one included, within the limits. The rate is the request's, else
 * `fps`.
 */
export function inFrames({ fps, min = 1, max = Number.MAX_SAFE_INTEGER }: FrameLimits): WriteOption<"durationSeconds"> {
	return (seconds, { request, receiver, warn }) => {
		const rate = request.fps ?? fps;
		const wanted = Math.round(seconds * rate) + 1;
		const frames = Math.min(max, Math.max(min, wanted));
		if (frames !== wanted) {
			const made = ((frames - 1) / rate).toFixed(2);
			warn(`durationSeconds: ${seconds} became ${made}, as ${receiver} makes ${min} to ${max} frames`);
		}
		return frames;
	};
}

/** The override for models that want the number of frames instead of a length, as `inFrames` counts it. */
export function countedInFrames(limits: FrameLimits): StyleOverride {
	return {
		names: { durationSeconds: "num_frames", fps: "frames_per_second" },
		values: { durationSeconds: inFrames(limits) },
	};
}

/** Writes a resolution as the model's own list spells it: some services know `768P` and not `768p`. */
export function asListed(model: VideoProvider["model"]): WriteOption<"resolution"> {
	return (resolution, { request }) => {
		const listed = model(request.model)?.resolutions ?? [];
		if ("minWidth" in listed) return resolution;
		return listed.find((name) => name.toLowerCase() === resolution.toLowerCase()) ?? resolution;
	};
}

function asGiven(value: NonNullable<ProviderRequest[OptionName]>): JsonValue {
	if (typeof value !== "object") return value;
	return isList(value) ? value.map(imageToDataUrl) : imageToDataUrl(value);
}

function isList(value: InputImage | readonly InputImage[]): value is readonly InputImage[] {
	return Array.isArray(value);
}
