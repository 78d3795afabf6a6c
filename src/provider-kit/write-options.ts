import { InputError, UnsupportedOptionError } from "../errors/index.ts";
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
	/** Where an option is put that becomes more than one field, or another one. What others became is not in it. */
	readonly fields: Record<string, JsonValue>;
	/**
	 * Adds a sentence about what was changed or left out. It begins with the option's name and a colon. Throws
	 * `UnsupportedOptionError` in its words when the request allows no such thing.
	 */
	warn(sentence: string): void;
	/** Adds a sentence about what follows from the option and was not asked for. Nothing that was asked for is lost. */
	note(sentence: string): void;
}

/** Writes one option as a model wants it. `undefined` writes nothing under the option's name. */
export type WriteOption<Name extends OptionName> = (
	value: NonNullable<ProviderRequest[Name]>,
	draft: OptionDraft,
) => JsonValue | undefined;

/** Whether the model does as an option of this value says, though it has no input for it. */
export type IsImplied<Name extends OptionName> = (
	value: NonNullable<ProviderRequest[Name]>,
	request: ProviderRequest,
) => boolean;

/** How the options of a model are written. */
export interface OptionStyle {
	readonly names: OptionNames;
	/** Options that are not written as they were given. Without one of these a picture becomes a `data:` URL. */
	readonly values?: { readonly [Name in OptionName]?: WriteOption<Name> };
	/** Whether the model does as an option says though it has no input for it, such as one that always makes sound. */
	readonly implied?: { readonly [Name in OptionName]?: IsImplied<Name> };
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
 * is left out; `0`, `false` and `""` are written. Throws `UnsupportedOptionError` for too many references and, where
 * the request wants it, in the place of a warning; `InputError` for an option under the name of another one or of the
 * prompt, as one of the two would be lost; and what the writers of the style throw.
 */
export function writeOptions(
	request: ProviderRequest,
	{ names, values = {}, implied = {}, maxReferences = Number.POSITIVE_INFINITY, receiver = request.model }: OptionStyle,
): { readonly fields: JsonObject; readonly warnings: readonly string[] } {
	if ((request.references?.length ?? 0) > maxReferences) {
		throw new UnsupportedOptionError("references", `${receiver} takes ${maxReferences} at most; leave some out`);
	}
	const written: [string, JsonValue][] = [];
	/** What each field says, by its name. */
	const said = new Map([["prompt", "the prompt"]]);
	const warnings: string[] = [];
	const note = (sentence: string): void => void warnings.push(sentence);
	const write = <Name extends OptionName>(option: Name): void => {
		const given = request[option];
		if (given === undefined || given === null) return;
		const warn = request.onUnsupported === "reject" ? (sentence: string) => refuse(option, sentence) : note;
		const name = names[option];
		if (name === null) {
			const sentence = `${option}: not sent, because ${receiver} has no input for it`;
			const isImplied: IsImplied<Name> | undefined = implied[option];
			if (isImplied?.(given, request) === true) note(`${sentence} and does so anyway`);
			else warn(sentence);
			return;
		}
		const writer: WriteOption<Name> = values[option] ?? asGiven;
		const fields: Record<string, JsonValue> = {};
		const value = writer(given, { request, receiver, fields, warn, note });
		for (const entry of Object.entries(value === undefined ? fields : { ...fields, [name]: value })) {
			const [field] = entry;
			const other = said.get(field);
			if (other !== undefined) {
				const problem = `it would be sent as "${field}", as ${other} is, and one of the two would be lost`;
				throw new InputError(option, `${problem}; give it another name in inputNames`);
			}
			said.set(field, option);
			written.push(entry);
		}
	};
	for (const option of Object.keys(names) as OptionName[]) write(option);
	return { fields: Object.fromEntries(written), warnings };
}

function refuse(option: OptionName, sentence: string): never {
	const problem = sentence.replace(`${option}: `, "");
	throw new UnsupportedOptionError(option, `${problem}; nothing was sent, so change it or choose another model`);
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
