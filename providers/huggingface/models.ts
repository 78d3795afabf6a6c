import {
	type ModelCapabilities,
	type ModelFacts,
	modelOf,
	modelTable,
	type OptionSupport,
	type VideoTask,
} from "../../src/provider-kit/index.ts";

/** The weights are the same everywhere; which of their inputs can be reached is up to who serves them. */
const OPEN_WEIGHTS: Partial<OptionSupport> = {
	...{ seed: true, negativePrompt: true, resolution: true, durationSeconds: null, fps: null, aspectRatio: null },
	...{ numInferenceSteps: null, guidanceScale: null, generateAudio: false },
};
const NEWER = "huggingface:Wan-AI/Wan2.2-TI2V-5B";

/**
 * The models of the catalogue. Who serves them changes every few weeks and is asked of the Hub for each job; so no
 * length and no price is known here, both being the inference provider's own.
 */
export const MODELS: readonly ModelCapabilities[] = [
	model("Wan-AI/Wan2.2-TI2V-5B", "fal-ai, replicate and wavespeed, 2026-08", ["720p"]),
	model("Wan-AI/Wan2.2-T2V-A14B", "fal-ai and replicate, 2026-05", ["480p", "720p"]),
	model("Wan-AI/Wan2.2-I2V-A14B", "not known: the Hub is asked", ["480p", "720p"], "image-to-video"),
	model("tencent/HunyuanVideo-1.5", "fal-ai and wavespeed, 2026-05", ["480p", "720p"]),
	model("meituan-longcat/LongCat-Video", "fal-ai, 2026-06", ["480p"], "text-to-video", { negativePrompt: null }),
	model("larryvrh/MiniMax-H3-Turbo-Lora", "wavespeed, 2026-08", undefined, "text-to-video", {
		...{ seed: null, negativePrompt: null, resolution: null, generateAudio: null },
	}),
	{
		...model("Wan-AI/Wan2.1-T2V-14B", "fal-ai and replicate, 2026-01", ["480p", "720p"]),
		replacement: NEWER,
	},
];

/** The models of the catalogue by their ids, also when an inference provider is named behind one. */
export const CATALOGUE = modelTable(MODELS);

/** Frames per second of their clips, where nobody asks for others. */
const FRAME_RATES: ReadonlyMap<string, number> = new Map([
	["Wan-AI/Wan2.2-TI2V-5B", 24],
	["Wan-AI/Wan2.2-T2V-A14B", 16],
	["Wan-AI/Wan2.2-I2V-A14B", 16],
	["tencent/HunyuanVideo-1.5", 24],
	["Wan-AI/Wan2.1-T2V-14B", 16],
]);

/** The frames per second that a model makes by itself; `undefined` when that is not known. */
export function frameRateOf(model: string): number | undefined {
	return FRAME_RATES.get(model.replace(/:.*$/s, ""));
}

function model(
	id: string,
	servedBy: string,
	resolutions: readonly string[] | undefined,
	task: VideoTask = "text-to-video",
	takes: Partial<OptionSupport> = {},
): ModelCapabilities {
	const description = `open weights; last seen at ${servedBy}`;
	const facts: ModelFacts = resolutions === undefined ? { description } : { description, resolutions, audio: "none" };
	const lastFrame = task === "image-to-video" ? null : false;
	return modelOf(id, [task], facts, { ...OPEN_WEIGHTS, lastFrame, ...takes });
}
