import {
	type ModelCapabilities,
	type ModelFacts,
	type OptionSupport,
	optionSupport,
	type ProviderRequest,
	UnsupportedOptionError,
	type VideoTask,
} from "../../src/provider-kit/index.ts";

/** How a model is reached: by a key of the Gemini API, on Vertex, or by a gateway. */
export type Reach = "gemini" | "vertex" | "gateway";

/** Where Veo went on the Gemini API, and when. */
export const VEO_LEFT_GEMINI_ON = "2026-10-22";
/** What the Gemini API offers instead. */
export const OMNI = "google:gemini-omni-1.2-flash";

const BOTH: readonly VideoTask[] = ["text-to-video", "image-to-video"];
const WIDE_OR_TALL = ["16:9", "9:16"];

/** What neither of the families has a field for. */
const WITHOUT_FIELD = { fps: false, quality: false, numInferenceSteps: false, guidanceScale: false };
/** It always has sound, at 24 frames per second. Whether it heeds a seed is not documented. */
const OMNI_OPTIONS = optionSupport(true, { ...WITHOUT_FIELD, negativePrompt: false, seed: null });
const OMNI_FACTS: ModelFacts = {
	resolutions: ["360p", "720p", "1080p", "4k"],
	aspectRatios: WIDE_OR_TALL,
	audio: "always",
};
const OMNI_1_1: ModelFacts = { ...OMNI_FACTS, durationSeconds: { min: 3, max: 10 }, defaultDurationSeconds: 10 };

const VEO_OPTIONS = optionSupport(true, WITHOUT_FIELD);
/** Prices are those with sound. */
const VEO_FACTS: ModelFacts = {
	description: "on Vertex only",
	durationSeconds: { values: [4, 6, 8] },
	defaultDurationSeconds: 8,
	resolutions: ["720p", "1080p", "4k"],
	aspectRatios: WIDE_OR_TALL,
	audio: "optional",
};

/** Limits of a model's pictures. Absent: not known. */
export interface PictureLimits {
	/** How many references it takes. */
	readonly maxReferences?: number;
	/** How long the clip between two frames may be, in seconds. */
	readonly maxSecondsBetweenFrames?: number;
}

interface KnownModel {
	readonly facts: ModelFacts;
	readonly options: OptionSupport;
	/** What holds for it on the Gemini API only, such as its price there. */
	readonly onGemini?: ModelFacts;
	/** The day on which Google switched it off, and what it offers instead. A gateway may still have it. */
	readonly retirement?: { readonly retiresOn: string; readonly replacement: string; readonly onVertex: string };
	readonly limits?: PictureLimits;
}

/** The models of the catalogue. Any other one can be used too, without its limits being known. */
const MODELS: ReadonlyMap<string, KnownModel> = new Map(
	Object.entries<KnownModel>({
		"gemini-omni-1.2-flash": {
			facts: { ...OMNI_FACTS, durationSeconds: { min: 3, max: 15 } },
			options: OMNI_OPTIONS,
			onGemini: { priceUsdPerSecond: { "360p": 0.023, "720p": 0.07, "1080p": 0.105, "4k": 0.21 } },
			limits: { maxReferences: 6, maxSecondsBetweenFrames: 10 },
		},
		"gemini-omni-1.1-flash": {
			facts: OMNI_1_1,
			options: OMNI_OPTIONS,
			onGemini: { priceUsdPerSecond: { "360p": 0.03, "720p": 0.1, "1080p": 0.15, "4k": 0.3 } },
		},
		"gemini-omni-1.1-flash-preview": {
			facts: { ...OMNI_1_1, description: "on Vertex only", replacement: OMNI },
			options: OMNI_OPTIONS,
		},
		"veo-3.1-generate-001": {
			facts: { ...VEO_FACTS, priceUsdPerSecond: { "720p": 0.4, "1080p": 0.4, "4k": 0.6 } },
			options: VEO_OPTIONS,
			limits: { maxReferences: 3 },
		},
		"veo-3.1-fast-generate-001": {
			facts: { ...VEO_FACTS, priceUsdPerSecond: { "720p": 0.1, "1080p": 0.12, "4k": 0.3 } },
			options: { ...VEO_OPTIONS, references: null },
		},
		"veo-3.1-lite-generate-001": {
			facts: {
				...VEO_FACTS,
				description: "on Vertex only, a preview",
				resolutions: ["720p", "1080p"],
				priceUsdPerSecond: { "720p": 0.05, "1080p": 0.08 },
			},
			options: { ...VEO_OPTIONS, references: null },
		},
		"veo-3.1-generate-preview": retired(VEO_LEFT_GEMINI_ON, "google:veo-3.1-generate-001"),
		"veo-3.1-fast-generate-preview": retired(VEO_LEFT_GEMINI_ON, "google:veo-3.1-fast-generate-001"),
		"veo-3.1-lite-generate-preview": retired(VEO_LEFT_GEMINI_ON, "google:veo-3.1-lite-generate-001"),
		"gemini-omni-flash-preview": retired("2026-09-30", OMNI),
	}),
);

/** The ids of the catalogue. */
export const MODEL_IDS: readonly string[] = [...MODELS.keys()];

/** What a model can do where it is reached; `undefined` for one that the catalogue does not have. */
export function capabilitiesOf(id: string, reach: Reach | undefined): ModelCapabilities | undefined {
	const known = MODELS.get(id);
	if (known === undefined) return undefined;
	const local = reach === undefined || reach === "gemini" ? known.onGemini : undefined;
	const capabilities = { id, tasks: BOTH, options: known.options, ...known.facts, ...local };
	if (known.retirement === undefined || reach === "gateway") return capabilities;
	const { retiresOn, replacement, onVertex } = known.retirement;
	return { ...capabilities, retiresOn, replacement: reach === "vertex" ? onVertex : replacement };
}

/**
 * Refuses pictures that a model is known not to take. Throws `UnsupportedOptionError`.
 */
export function checkPictures({
	model,
	image,
	lastFrame,
	references = [],
	durationSeconds = 0,
}: ProviderRequest): void {
	const { limits = {} } = MODELS.get(model) ?? {};
	const { maxReferences = references.length, maxSecondsBetweenFrames = durationSeconds } = limits;
	if (references.length > maxReferences) {
		throw new UnsupportedOptionError("references", `${model} takes ${maxReferences} at most; leave some out`);
	}
	if (lastFrame === undefined) return;
	if (image === undefined) {
		throw new UnsupportedOptionError("lastFrame", `${model} takes one after a first frame only; give an image too`);
	}
	if (durationSeconds > maxSecondsBetweenFrames) {
		const limit = `${maxSecondsBetweenFrames} s at most between two frames`;
		throw new UnsupportedOptionError("durationSeconds", `${model} makes ${limit}, not ${durationSeconds}; shorten it`);
	}
}

/** Whether a model speaks the older of the two protocols, `predictLongRunning`. */
export function isVeo(model: string): boolean {
	return model.startsWith("veo-");
}

function retired(retiresOn: string, onVertex: string): KnownModel {
	return {
		facts: {},
		options: optionSupport(null),
		retirement: { retiresOn, replacement: "google:gemini-omni-1.1-flash", onVertex },
	};
}
