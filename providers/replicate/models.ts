import {
	type ModelFacts,
	modelOf,
	modelTable,
	oneOfSeconds,
	type VideoTask,
	wholeSeconds,
} from "../../src/provider-kit/index.ts";

const BOTH: readonly VideoTask[] = ["text-to-video", "image-to-video"];
const WIDE_OR_TALL = ["16:9", "9:16"];

const VEO: ModelFacts = {
	...oneOfSeconds([4, 6, 8], 8),
	resolutions: ["720p", "1080p"],
	aspectRatios: WIDE_OR_TALL,
};
const VEO_WITH_SOUND: ModelFacts = { ...VEO, audio: "optional" };
const KLING_3: ModelFacts = {
	...wholeSeconds(3, 15, 5),
	resolutions: ["720p", "1080p", "4k"],
	aspectRatios: ["16:9", "9:16", "1:1"],
	audio: "optional",
};
/** Prices with sound; silent clips, the default, cost two thirds. That of 4k is not known. */
const KLING_3_PRICED: ModelFacts = { ...KLING_3, priceUsdPerSecond: { "720p": 0.126, "1080p": 0.168 } };
const SEEDANCE: ModelFacts = {
	resolutions: ["480p", "720p", "1080p"],
	aspectRatios: ["16:9", "4:3", "1:1", "3:4", "9:16", "21:9", "9:21"],
	audio: "optional",
};
const SEEDANCE_1_5: ModelFacts = { ...SEEDANCE, ...wholeSeconds(2, 12, 5) };
const SEEDANCE_2_0: ModelFacts = { ...SEEDANCE, ...wholeSeconds(4, 15, 5) };
const SEEDANCE_2_0_FAST: ModelFacts = { ...SEEDANCE_2_0, resolutions: ["480p", "720p"] };
const RAY_3_2: ModelFacts = {
	...oneOfSeconds([5, 10], 5),
	resolutions: ["540p", "720p", "1080p"],
	aspectRatios: ["9:16", "3:4", "1:1", "4:3", "16:9", "21:9"],
	audio: "none",
};
/** Counts its length in frames: 81 to 121, at 16 frames per second unless told otherwise. */
const WAN_2_2_FAST: ModelFacts = {
	durationSeconds: { min: 5, max: 7.5 },
	defaultDurationSeconds: 5,
	countedAtFps: 16,
	fps: { min: 5, max: 30, step: 1 },
	resolutions: ["480p", "720p"],
	audio: "none",
};
const HAILUO_2_3: ModelFacts = {
	...oneOfSeconds([6, 10], 6),
	resolutions: ["768p", "1080p"],
	audio: "none",
};

const FRAMES = { lastFrame: true };
const PICTURES = { lastFrame: true, references: true };
/** Replicate lists inputs at a model's own page, which nobody has read for these. */
const UNREAD = { seed: null, negativePrompt: null };

/** The models of the catalogue. Any other one can be used too, without its limits being known. */
export const CATALOGUE = modelTable([
	modelOf("google/veo-3.1", BOTH, VEO_WITH_SOUND, { ...UNREAD, ...FRAMES, references: null }),
	modelOf("google/veo-3.1-fast", BOTH, VEO_WITH_SOUND, { ...UNREAD, ...FRAMES }),
	modelOf("google/veo-3.1-lite", BOTH, VEO, { ...UNREAD, ...FRAMES }),
	modelOf("kwaivgi/kling-v3-video", BOTH, KLING_3_PRICED, { ...UNREAD, ...FRAMES }),
	modelOf("kwaivgi/kling-v3-omni-video", BOTH, KLING_3, { ...UNREAD, ...PICTURES }),
	modelOf("bytedance/seedance-2.0", BOTH, SEEDANCE_2_0, { seed: null, ...PICTURES }),
	modelOf("bytedance/seedance-2.0-fast", BOTH, SEEDANCE_2_0_FAST, { seed: null, ...PICTURES }),
	modelOf("bytedance/seedance-1.5-pro", BOTH, SEEDANCE_1_5, { seed: null, ...FRAMES }),
	modelOf("luma/ray-3.2", BOTH, RAY_3_2, { seed: null, ...FRAMES }),
	modelOf(
		"wan-video/wan-2.2-t2v-fast",
		["text-to-video"],
		{ ...WAN_2_2_FAST, aspectRatios: WIDE_OR_TALL },
		{ seed: true, negativePrompt: null },
	),
	modelOf("wan-video/wan-2.2-i2v-fast", ["image-to-video"], WAN_2_2_FAST, {
		seed: true,
		negativePrompt: null,
		...FRAMES,
	}),
	modelOf("minimax/hailuo-2.3", BOTH, HAILUO_2_3, UNREAD),
]);
