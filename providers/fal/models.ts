import {
	type ModelCapabilities,
	type ModelFacts,
	modelOf,
	modelTable,
	type OptionSupport,
	oneOfSeconds,
	pricedBySize,
	wholeSeconds,
} from "../../src/provider-kit/index.ts";

/** What the endpoints of one family have in common. */
interface Family extends ModelFacts {
	/** What the other facts do not tell of its inputs. */
	readonly takes?: Partial<OptionSupport>;
}

/** What endpoints are made for: what follows the family's id, the task, and what only they take, or do not take. */
const PURPOSES = {
	prompt: ["", "text-to-video", {}],
	text: ["/text-to-video", "text-to-video", {}],
	image: ["/image-to-video", "image-to-video", {}],
	frames: ["/image-to-video", "image-to-video", { lastFrame: true }],
	// A first frame that decides the shape of the clip, so that none can be asked for.
	shapingImage: ["/image-to-video", "image-to-video", { aspectRatio: false }],
	shapingFrames: ["/image-to-video", "image-to-video", { aspectRatio: false, lastFrame: true }],
	between: ["/first-last-frame-to-video", "image-to-video", { lastFrame: true }],
	references: ["/reference-to-video", "text-to-video", { references: true }],
	framedReferences: ["/reference-to-video", "text-to-video", { references: true, lastFrame: true }],
	plainReferences: ["/reference-to-video", "text-to-video", { references: true, seed: false, negativePrompt: false }],
} as const;
type Purpose = keyof typeof PURPOSES;

const WIDE_OR_TALL: Family = { aspectRatios: ["16:9", "9:16"] };
const THREE_RATIOS: Family = { aspectRatios: ["16:9", "9:16", "1:1"] };
const FIVE_RATIOS: Family = { aspectRatios: ["16:9", "9:16", "1:1", "4:3", "3:4"] };
const BYTEDANCE_RATIOS: Family = { aspectRatios: ["21:9", "16:9", "4:3", "1:1", "3:4", "9:16"] };

const VEO: Family = {
	...oneOfSeconds([4, 6, 8], 8),
	resolutions: ["720p", "1080p"],
	...WIDE_OR_TALL,
	audio: "optional",
	takes: { seed: true, negativePrompt: true },
};
/** With sound; silent clips cost half, two thirds at 4k. */
const VEO_3_1: Family = { ...VEO, ...pricedBySize({ "720p": 0.4, "1080p": 0.4, "4k": 0.6 }) };
/** The prices of Kling are those with sound, which is the default; silent clips cost less. */
const KLING_3: Family = {
	...wholeSeconds(3, 15, 5),
	...THREE_RATIOS,
	audio: "optional",
	takes: { seed: false, negativePrompt: true, guidanceScale: true },
};
const KLING_3_PRO: Family = { ...KLING_3, resolutions: ["1080p"], priceUsdPerSecond: 0.168 };
const KLING_3_STANDARD: Family = { ...KLING_3, resolutions: ["720p"], priceUsdPerSecond: 0.126 };
const KLING_O3_PRO: Family = { ...KLING_3_PRO, priceUsdPerSecond: 0.14, takes: { seed: false, negativePrompt: false } };
const SEEDANCE: Family = { ...BYTEDANCE_RATIOS, audio: "optional", takes: { negativePrompt: false } };
/** No price: it is known for one of its four resolutions only. */
const SEEDANCE_2_0: Family = { ...SEEDANCE, ...wholeSeconds(4, 15), resolutions: ["480p", "720p", "1080p", "4k"] };
const GROK_1_5: Family = {
	...wholeSeconds(1, 15, 6),
	...pricedBySize({ "480p": 0.08, "720p": 0.14, "1080p": 0.25 }),
	aspectRatios: ["16:9", "4:3", "3:2", "1:1", "2:3", "3:4", "9:16"],
	takes: { seed: false, negativePrompt: false },
};

/** The endpoints of the catalogue. Any other id can be used too, without its limits being known. */
export const CATALOGUE = modelTable([
	...family("alibaba/wan-3.0", ["text", "frames", "references"], wholeSeconds(2, 30, 5), FIVE_RATIOS, {
		...pricedBySize({ "480p": 0.05, "720p": 0.1, "1080p": 0.2 }),
		audio: "optional",
		takes: { seed: true },
	}),
	...family("fal-ai/kling-video/v3/pro", ["text", "shapingFrames"], KLING_3_PRO),
	...family("fal-ai/kling-video/v3/standard", ["text", "shapingFrames"], KLING_3_STANDARD),
	...family("fal-ai/kling-video/o3/pro", ["text", "shapingFrames", "framedReferences"], KLING_O3_PRO),
	...family("fal-ai/veo3.1", ["prompt", "image", "between", "plainReferences"], VEO_3_1),
	...family("fal-ai/veo3.1/fast", ["prompt", "image", "between"], VEO),
	...family("fal-ai/veo3.1/lite", ["prompt", "image", "between"], VEO),
	...family("bytedance/seedance-2.5", ["text", "frames", "plainReferences"], SEEDANCE, wholeSeconds(4, 30), {
		...pricedBySize({ "480p": 0.2205, "720p": 0.473, "1080p": 1.164 }),
	}),
	...family("bytedance/seedance-2.0", ["text", "frames", "references"], SEEDANCE_2_0),
	...family("bytedance/seedance-2.0/fast", ["text", "frames", "references"], SEEDANCE_2_0, {
		resolutions: ["480p", "720p"],
		takes: { ...SEEDANCE.takes, seed: true },
	}),
	...family("fal-ai/wan/v2.7", ["text", "shapingFrames", "references"], wholeSeconds(2, 15, 5), FIVE_RATIOS, {
		...pricedBySize({ "720p": 0.1, "1080p": 0.15 }),
		audio: "always",
		takes: { seed: true, negativePrompt: true },
	}),
	...family("google/gemini-omni-flash/v1.1", ["text", "references"], wholeSeconds(3, 10, 8), WIDE_OR_TALL, {
		...pricedBySize({ "360p": 0.03, "720p": 0.1, "1080p": 0.15, "4k": 0.3 }),
		audio: "always",
		takes: { seed: false, negativePrompt: false },
	}),
	...family("minimax/h3", ["text", "shapingFrames", "references"], wholeSeconds(4, 15), {
		...pricedBySize({ "480P": 0.05, "768P": 0.06, "2K": 0.13, "4K": 0.16 }),
		aspectRatios: ["21:9", "16:9", "9:16", "1:1", "4:3", "3:4"],
		audio: "always",
	}),
	...family("minimax/h3-max", ["text", "frames", "references"], wholeSeconds(5, 15), {
		...pricedBySize({ "480P": 0.05, "768P": 0.08, "1080P": 0.16 }),
	}),
	...family("xai/grok-imagine-video/v1.5", ["text", "shapingImage"], GROK_1_5),
	...family("xai/grok-imagine-video/v1.5", ["references"], GROK_1_5, { resolutions: ["480p", "720p"] }),
	...family("fal-ai/ltx-2.3", ["text", "frames"], oneOfSeconds([6, 8, 10], 6), WIDE_OR_TALL, {
		fps: { values: [24, 25, 48, 50] },
		resolutions: ["1080p", "1440p", "2160p"],
		audio: "optional",
		takes: { seed: false, negativePrompt: false },
	}),
	// Its length is counted in frames: 17 to 161, at 16 frames per second unless told otherwise.
	...family("fal-ai/wan/v2.2-a14b", ["text", "image"], THREE_RATIOS, {
		durationSeconds: { min: 1, max: 10 },
		defaultDurationSeconds: 5,
		countedAtFps: 16,
		...pricedBySize({ "480p": 0.04, "580p": 0.06, "720p": 0.08 }),
		fps: { min: 4, max: 60, step: 1 },
		audio: "none",
		takes: { seed: true, negativePrompt: true, numInferenceSteps: true, guidanceScale: true },
	}),
	// Its length is counted in frames of an unknown rate, so that it takes no seconds.
	...family("fal-ai/hunyuan-video-v1.5", ["text", "image"], WIDE_OR_TALL, {
		audio: "none",
		takes: { seed: true, negativePrompt: true, numInferenceSteps: true, resolution: null },
	}),
	...family("alibaba/happy-horse/v1.1", ["text"], wholeSeconds(3, 15), {
		resolutions: ["720p", "1080p"],
		audio: "always",
		takes: { aspectRatio: null },
	}),
	// Ten seconds are made from text only.
	...family("luma/agent/ray/v3.2", ["frames"], oneOfSeconds([5], 5), BYTEDANCE_RATIOS, {
		...pricedBySize({ "540p": 0.03, "720p": 0.06, "1080p": 0.24 }),
		takes: { negativePrompt: false },
	}),
]);

/** The endpoints of a family. Of its parts the later ones count more. */
function family(id: string, purposes: readonly Purpose[], ...parts: readonly Family[]): readonly ModelCapabilities[] {
	const { takes, ...facts }: Family = Object.assign({}, ...parts);
	return purposes.map((purpose) => {
		const [path, task, only] = PURPOSES[purpose];
		return modelOf(`${id}${path}`, [task], facts, { seed: null, negativePrompt: null, ...takes, ...only });
	});
}
