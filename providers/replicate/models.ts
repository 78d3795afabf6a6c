import type { ModelCapabilities, OptionSupport, VideoTask } from "../../src/provider-kit/index.ts";

const BOTH: readonly VideoTask[] = ["text-to-video", "image-to-video"];
const WIDE_OR_TALL = ["16:9", "9:16"];
const SEEDANCE_RATIOS = ["16:9", "4:3", "1:1", "3:4", "9:16", "21:9", "9:21"];

type Facts = Omit<ModelCapabilities, "id" | "options" | "tasks">;

const VEO: Facts = {
	durationSeconds: { values: [4, 6, 8] },
	defaultDurationSeconds: 8,
	resolutions: ["720p", "1080p"],
	aspectRatios: WIDE_OR_TALL,
	audio: "optional",
};
/** Its mode `4k` is left out, as neither its price nor its limits are known; `providerOptions` can ask for it. */
const KLING_3: Facts = {
	durationSeconds: { min: 3, max: 15, step: 1 },
	defaultDurationSeconds: 5,
	resolutions: ["720p", "1080p"],
	aspectRatios: ["16:9", "9:16", "1:1"],
	audio: "optional",
};
const SEEDANCE: Facts = {
	defaultDurationSeconds: 5,
	resolutions: ["480p", "720p", "1080p"],
	aspectRatios: SEEDANCE_RATIOS,
	audio: "optional",
};
const SEEDANCE_2_0: Facts = { ...SEEDANCE, durationSeconds: { min: 4, max: 15, step: 1 } };
/** Counts its length in frames: 81 to 121, at 16 frames per second unless told otherwise. */
const WAN_2_2_FAST: Facts = {
	durationSeconds: { min: 5, max: 7.5 },
	defaultDurationSeconds: 5,
	fps: { min: 5, max: 30, step: 1 },
	resolutions: ["480p", "720p"],
	audio: "none",
};

/** The models of the catalogue. Any other one can be used too, without its limits being known. */
export const MODELS: ReadonlyMap<string, ModelCapabilities> = new Map(
	[
		model("google/veo-3.1", BOTH, VEO, { seed: true, negativePrompt: true, lastFrame: true, references: true }),
		model("google/veo-3.1-fast", BOTH, VEO, { seed: true, negativePrompt: true, lastFrame: true }),
		model(
			"google/veo-3.1-lite",
			BOTH,
			{ ...VEO, audio: undefined },
			{ seed: null, negativePrompt: null, lastFrame: true, generateAudio: null },
		),
		// Prices with sound; silent clips, the default, cost two thirds.
		model(
			"kwaivgi/kling-v3-video",
			BOTH,
			{ ...KLING_3, priceUsdPerSecond: { "720p": 0.126, "1080p": 0.168 } },
			{ negativePrompt: true, lastFrame: true },
		),
		model("kwaivgi/kling-v3-omni-video", BOTH, KLING_3, { lastFrame: true, references: true }),
		model("bytedance/seedance-2.0", BOTH, SEEDANCE_2_0, { seed: true, lastFrame: true, references: true }),
		model(
			"bytedance/seedance-2.0-fast",
			BOTH,
			{ ...SEEDANCE_2_0, resolutions: ["480p", "720p"] },
			{ seed: true, lastFrame: true, references: true },
		),
		model(
			"bytedance/seedance-1.5-pro",
			BOTH,
			{ ...SEEDANCE, durationSeconds: { min: 2, max: 12, step: 1 } },
			{ seed: null, lastFrame: true },
		),
		model(
			"luma/ray-3.2",
			BOTH,
			{
				durationSeconds: { values: [5, 10] },
				defaultDurationSeconds: 5,
				resolutions: ["540p", "720p", "1080p"],
				aspectRatios: ["9:16", "3:4", "1:1", "4:3", "16:9", "21:9"],
				audio: "none",
			},
			{ lastFrame: true },
		),
		model(
			"wan-video/wan-2.2-t2v-fast",
			["text-to-video"],
			{ ...WAN_2_2_FAST, aspectRatios: WIDE_OR_TALL },
			{ seed: true, negativePrompt: null },
		),
		model("wan-video/wan-2.2-i2v-fast", ["image-to-video"], WAN_2_2_FAST, {
			seed: true,
			negativePrompt: null,
			lastFrame: true,
		}),
		model(
			"minimax/hailuo-2.3",
			BOTH,
			{
				durationSeconds: { values: [6, 10] },
				defaultDurationSeconds: 6,
				resolutions: ["768p", "1080p"],
				audio: "none",
			},
			{},
		),
	].map((capabilities) => [capabilities.id, capabilities]),
);

/** What a model can do; a version of a model is taken for the model. */
export function capabilitiesOf(id: string): ModelCapabilities | undefined {
	const known = MODELS.get(id.replace(/:.*$/s, ""));
	return known === undefined || known.id === id ? known : { ...known, id };
}

function model(
	id: string,
	tasks: readonly VideoTask[],
	{ audio, ...facts }: Omit<Facts, "audio"> & { readonly audio?: Facts["audio"] | undefined },
	takes: Partial<OptionSupport>,
): ModelCapabilities {
	return {
		...facts,
		...(audio === undefined ? {} : { audio }),
		id,
		tasks,
		options: {
			durationSeconds: facts.durationSeconds !== undefined,
			fps: facts.fps !== undefined,
			resolution: facts.resolutions !== undefined,
			aspectRatio: facts.aspectRatios !== undefined,
			generateAudio: audio === "optional",
			seed: false,
			negativePrompt: false,
			lastFrame: false,
			references: false,
			quality: false,
			numInferenceSteps: false,
			guidanceScale: false,
			...takes,
		},
	};
}
