import {
	type ModelCapabilities,
	type ModelFacts,
	modelOf,
	modelTable,
	type OptionSupport,
} from "../../src/provider-kit/index.ts";

/** What the endpoints of one family have in common. */
interface Family extends ModelFacts {
	/** What the other facts do not tell of its inputs. */
	readonly takes?: Partial<OptionSupport>;
	/** Whether a first frame decides the shape of the clip, so that none can be asked for. */
	readonly isShapedByImage?: true;
}

/** What endpoints are made for: what follows the family's id, the task, and the pictures that only they take. */
const PURPOSES = {
	prompt: ["", "text-to-video", {}],
	text: ["/text-to-video", "text-to-video", {}],
	image: ["/image-to-video", "image-to-video", {}],
	frames: ["/image-to-video", "image-to-video", { lastFrame: true }],
	between: ["/first-last-frame-to-video", "image-to-video", { lastFrame: true }],
	references: ["/reference-to-video", "text-to-video", { references: true }],
} as const;

const WIDE_OR_TALL = ["16:9", "9:16"];
const THREE_RATIOS = ["16:9", "9:16", "1:1"];
const FIVE_RATIOS = [...THREE_RATIOS, "4:3", "3:4"];
const BYTEDANCE_RATIOS = ["21:9", "16:9", "4:3", "1:1", "3:4", "9:16"];

const VEO: Family = {
	...{ durationSeconds: { values: [4, 6, 8] }, defaultDurationSeconds: 8 },
	resolutions: ["720p", "1080p"],
	aspectRatios: WIDE_OR_TALL,
	audio: "optional",
	takes: { seed: true, negativePrompt: true },
};
/** With sound; silent clips cost half, two thirds at 4k. */
const VEO_3_1: Family = { ...VEO, ...pricedBySize({ "720p": 0.4, "1080p": 0.4, "4k": 0.6 }) };
/** The prices of Kling are those with sound, which is the default; silent clips cost less. */
const KLING_3: Family = {
	...lasting(3, 15, 5),
	aspectRatios: THREE_RATIOS,
	isShapedByImage: true,
	audio: "optional",
	takes: { seed: false, negativePrompt: true, guidanceScale: true },
};
const KLING_O3: Family = { ...KLING_3, takes: { seed: false, negativePrompt: false } };
const SEEDANCE: Family = { aspectRatios: BYTEDANCE_RATIOS, audio: "optional", takes: { negativePrompt: false } };
/** No price: it is known for one of its four resolutions only. */
const SEEDANCE_2_0: Family = { ...SEEDANCE, ...lasting(4, 15), resolutions: ["480p", "720p", "1080p", "4k"] };
const SEEDANCE_2_5: Family = {
	...SEEDANCE,
	...lasting(4, 30),
	...pricedBySize({ "480p": 0.2205, "720p": 0.473, "1080p": 1.164 }),
};
const GROK_1_5: Family = {
	...lasting(1, 15, 6),
	...pricedBySize({ "480p": 0.08, "720p": 0.14, "1080p": 0.25 }),
	aspectRatios: ["16:9", "4:3", "3:2", "1:1", "2:3", "3:4", "9:16"],
	isShapedByImage: true,
	takes: { seed: false, negativePrompt: false },
};

/** The endpoints of the catalogue. Any other id can be used too, without its limits being known. */
export const MODELS: readonly ModelCapabilities[] = [
	...family("alibaba/wan-3.0", ["text", "frames", "references"], {
		...lasting(2, 30, 5),
		...pricedBySize({ "480p": 0.05, "720p": 0.1, "1080p": 0.2 }),
		aspectRatios: FIVE_RATIOS,
		audio: "optional",
		takes: { seed: true },
	}),
	...family("fal-ai/kling-video/v3/pro", ["text", "frames"], { ...KLING_3, ...priced("1080p", 0.168) }),
	...family("fal-ai/kling-video/v3/standard", ["text", "frames"], { ...KLING_3, ...priced("720p", 0.126) }),
	...family("fal-ai/kling-video/o3/pro", ["text", "frames"], { ...KLING_O3, ...priced("1080p", 0.14) }),
	...family("fal-ai/kling-video/o3/pro", ["references"], {
		...KLING_O3,
		...priced("1080p", 0.14),
		takes: { ...KLING_O3.takes, lastFrame: true },
	}),
	...family("fal-ai/veo3.1", ["prompt", "image", "between"], VEO_3_1),
	...family("fal-ai/veo3.1", ["references"], { ...VEO_3_1, takes: { seed: false, negativePrompt: false } }),
	...family("fal-ai/veo3.1/fast", ["prompt", "image", "between"], VEO),
	...family("fal-ai/veo3.1/lite", ["prompt", "image", "between"], VEO),
	...family("bytedance/seedance-2.5", ["text", "frames"], SEEDANCE_2_5),
	...family("bytedance/seedance-2.5", ["references"], { ...SEEDANCE_2_5, takes: { ...SEEDANCE.takes, seed: false } }),
	...family("bytedance/seedance-2.0", ["text", "frames", "references"], SEEDANCE_2_0),
	...family("bytedance/seedance-2.0/fast", ["text", "frames", "references"], {
		...SEEDANCE_2_0,
		resolutions: ["480p", "720p"],
		takes: { ...SEEDANCE.takes, seed: true },
	}),
	...family("fal-ai/wan/v2.7", ["text", "frames", "references"], {
		...lasting(2, 15, 5),
		...pricedBySize({ "720p": 0.1, "1080p": 0.15 }),
		aspectRatios: FIVE_RATIOS,
		isShapedByImage: true,
		audio: "always",
		takes: { seed: true, negativePrompt: true },
	}),
	...family("google/gemini-omni-flash/v1.1", ["text", "references"], {
		...lasting(3, 10, 8),
		...pricedBySize({ "360p": 0.03, "720p": 0.1, "1080p": 0.15, "4k": 0.3 }),
		aspectRatios: WIDE_OR_TALL,
		audio: "always",
		takes: { seed: false, negativePrompt: false },
	}),
	...family("minimax/h3", ["text", "frames", "references"], {
		...lasting(4, 15),
		resolutions: ["480P", "768P", "2K", "4K"],
		aspectRatios: ["21:9", ...FIVE_RATIOS],
		isShapedByImage: true,
		audio: "always",
		priceUsdPerSecond: { "480p": 0.05, "768p": 0.06, "2k": 0.13, "4k": 0.16 },
	}),
	...family("minimax/h3-max", ["text", "frames", "references"], {
		...lasting(5, 15),
		resolutions: ["480P", "768P", "1080P"],
		priceUsdPerSecond: { "480p": 0.05, "768p": 0.08, "1080p": 0.16 },
	}),
	...family("xai/grok-imagine-video/v1.5", ["text", "image"], GROK_1_5),
	...family("xai/grok-imagine-video/v1.5", ["references"], { ...GROK_1_5, resolutions: ["480p", "720p"] }),
	...family("fal-ai/ltx-2.3", ["text", "frames"], {
		...{ durationSeconds: { values: [6, 8, 10] }, defaultDurationSeconds: 6 },
		fps: { values: [24, 25, 48, 50] },
		resolutions: ["1080p", "1440p", "2160p"],
		aspectRatios: WIDE_OR_TALL,
		audio: "optional",
		takes: { seed: false, negativePrompt: false },
	}),
	// Its length is counted in frames: 17 to 161, at 16 frames per second unless told otherwise.
	...family("fal-ai/wan/v2.2-a14b", ["text", "image"], {
		...{ durationSeconds: { min: 1, max: 10 }, defaultDurationSeconds: 5 },
		...pricedBySize({ "480p": 0.04, "580p": 0.06, "720p": 0.08 }),
		fps: { min: 4, max: 60, step: 1 },
		aspectRatios: THREE_RATIOS,
		audio: "none",
		takes: { seed: true, negativePrompt: true, numInferenceSteps: true, guidanceScale: true },
	}),
	// Its length is counted in frames of an unknown rate, so that it takes no seconds.
	...family("fal-ai/hunyuan-video-v1.5", ["text", "image"], {
		aspectRatios: WIDE_OR_TALL,
		audio: "none",
		takes: { seed: true, negativePrompt: true, numInferenceSteps: true, resolution: null },
	}),
	...family("alibaba/happy-horse/v1.1", ["text"], {
		...lasting(3, 15),
		resolutions: ["720p", "1080p"],
		audio: "always",
		takes: { aspectRatio: null },
	}),
	...family("luma/agent/ray/v3.2", ["frames"], {
		...{ durationSeconds: { values: [5, 10] }, defaultDurationSeconds: 5 },
		...pricedBySize({ "540p": 0.03, "720p": 0.06, "1080p": 0.24 }),
		aspectRatios: BYTEDANCE_RATIOS,
		takes: { negativePrompt: false },
	}),
];

/** The endpoints of the catalogue by their ids. */
export const CATALOGUE = modelTable(MODELS);

/** The endpoints of a family. */
function family(
	id: string,
	purposes: readonly (keyof typeof PURPOSES)[],
	{ takes, isShapedByImage, ...facts }: Family,
): readonly ModelCapabilities[] {
	return purposes.map((purpose) => {
		const [path, task, pictures] = PURPOSES[purpose];
		const shape = isShapedByImage && task === "image-to-video" ? { aspectRatio: false } : {};
		const known = { seed: null, negativePrompt: null, ...shape, ...pictures, ...takes };
		return modelOf(`${id}${path}`, [task], facts, known);
	});
}

/** Lengths in whole seconds, and the one of clips for which none is asked. */
function lasting(min: number, max: number, usual?: number): ModelFacts {
	const durationSeconds = { min, max, step: 1 };
	return usual === undefined ? { durationSeconds } : { durationSeconds, defaultDurationSeconds: usual };
}

/** Resolutions with their prices in US dollars per second. */
function pricedBySize(priceUsdPerSecond: Readonly<Record<string, number>>): ModelFacts {
	return { resolutions: Object.keys(priceUsdPerSecond), priceUsdPerSecond };
}

/** The only resolution, with its price in US dollars per second. */
function priced(resolution: string, priceUsdPerSecond: number): ModelFacts {
	return { resolutions: [resolution], priceUsdPerSecond };
}
