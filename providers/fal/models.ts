import type { ModelCapabilities, OptionSupport } from "../../src/provider-kit/index.ts";

/** What the endpoints of one family have in common. */
interface Family extends Omit<ModelCapabilities, "id" | "tasks" | "options"> {
	/** What the other facts do not tell of its inputs. */
	readonly takes?: Partial<OptionSupport>;
}

/** What an endpoint is made for: a prompt, a first frame, a first and a last one, or pictures that guide. */
type Purpose = "text" | "image" | "frames" | "references";

const WIDE_OR_TALL = ["16:9", "9:16"];
const FIVE_RATIOS = ["16:9", "9:16", "1:1", "4:3", "3:4"];
const BYTEDANCE_RATIOS = ["21:9", "16:9", "4:3", "1:1", "3:4", "9:16"];

const VEO: Family = {
	durationSeconds: { values: [4, 6, 8] },
	defaultDurationSeconds: 8,
	resolutions: ["720p", "1080p"],
	aspectRatios: WIDE_OR_TALL,
	audio: "optional",
	takes: { seed: true, negativePrompt: true },
};
/** With sound; silent clips cost half, two thirds at 4k. */
const VEO_3_1: Family = {
	...VEO,
	resolutions: ["720p", "1080p", "4k"],
	priceUsdPerSecond: { "720p": 0.4, "1080p": 0.4, "4k": 0.6 },
};
const SEEDANCE: Family = { aspectRatios: BYTEDANCE_RATIOS, audio: "optional", takes: { negativePrompt: false } };
/** No price: it is known for one of its four resolutions only. */
const SEEDANCE_2_0: Family = {
	...SEEDANCE,
	durationSeconds: { min: 4, max: 15, step: 1 },
	resolutions: ["480p", "720p", "1080p", "4k"],
};
const SEEDANCE_2_0_FAST: Family = {
	...SEEDANCE_2_0,
	resolutions: ["480p", "720p"],
	takes: { seed: true, negativePrompt: false },
};
const SEEDANCE_2_5: Family = {
	...SEEDANCE,
	durationSeconds: { min: 4, max: 30, step: 1 },
	resolutions: ["480p", "720p", "1080p"],
	priceUsdPerSecond: { "480p": 0.2205, "720p": 0.473, "1080p": 1.164 },
};
/** The prices of Kling are those with sound, which is the default; silent clips cost less. */
const KLING_3: Family = {
	durationSeconds: { min: 3, max: 15, step: 1 },
	defaultDurationSeconds: 5,
	aspectRatios: ["16:9", "9:16", "1:1"],
	audio: "optional",
	takes: { seed: false, negativePrompt: true, guidanceScale: true },
};
const KLING_3_PRO: Family = { ...KLING_3, resolutions: ["1080p"], priceUsdPerSecond: 0.168 };
const KLING_3_STANDARD: Family = { ...KLING_3, resolutions: ["720p"], priceUsdPerSecond: 0.126 };
const KLING_O3_PRO: Family = {
	...KLING_3_PRO,
	takes: { seed: false, negativePrompt: false },
	priceUsdPerSecond: 0.14,
};
const WAN_3_0: Family = {
	durationSeconds: { min: 2, max: 30, step: 1 },
	defaultDurationSeconds: 5,
	resolutions: ["480p", "720p", "1080p"],
	aspectRatios: FIVE_RATIOS,
	audio: "optional",
	takes: { seed: true },
	priceUsdPerSecond: { "480p": 0.05, "720p": 0.1, "1080p": 0.2 },
};
const WAN_2_7: Family = {
	durationSeconds: { min: 2, max: 15, step: 1 },
	defaultDurationSeconds: 5,
	resolutions: ["720p", "1080p"],
	aspectRatios: FIVE_RATIOS,
	audio: "always",
	takes: { seed: true, negativePrompt: true },
	priceUsdPerSecond: { "720p": 0.1, "1080p": 0.15 },
};
/** Its length is counted in frames: 17 to 161, at 16 frames per second unless told otherwise. */
const WAN_2_2: Family = {
	durationSeconds: { min: 1, max: 10 },
	defaultDurationSeconds: 5,
	fps: { min: 4, max: 60, step: 1 },
	resolutions: ["480p", "580p", "720p"],
	aspectRatios: ["16:9", "9:16", "1:1"],
	audio: "none",
	takes: { seed: true, negativePrompt: true, numInferenceSteps: true, guidanceScale: true },
	priceUsdPerSecond: { "480p": 0.04, "580p": 0.06, "720p": 0.08 },
};
/** Its length is counted in frames of an unknown rate, so that it takes no seconds. */
const HUNYUAN_1_5: Family = {
	aspectRatios: WIDE_OR_TALL,
	audio: "none",
	takes: { seed: true, negativePrompt: true, numInferenceSteps: true, resolution: null },
};
const OMNI_1_1: Family = {
	durationSeconds: { min: 3, max: 10, step: 1 },
	defaultDurationSeconds: 8,
	resolutions: ["360p", "720p", "1080p", "4k"],
	aspectRatios: WIDE_OR_TALL,
	audio: "always",
	takes: { seed: false, negativePrompt: false },
	priceUsdPerSecond: { "360p": 0.03, "720p": 0.1, "1080p": 0.15, "4k": 0.3 },
};
const MINIMAX_H3: Family = {
	durationSeconds: { min: 4, max: 15, step: 1 },
	resolutions: ["480P", "768P", "2K", "4K"],
	aspectRatios: ["21:9", ...FIVE_RATIOS],
	audio: "always",
	priceUsdPerSecond: { "480p": 0.05, "768p": 0.06, "2k": 0.13, "4k": 0.16 },
};
const MINIMAX_H3_MAX: Family = {
	durationSeconds: { min: 5, max: 15, step: 1 },
	resolutions: ["480P", "768P", "1080P"],
	priceUsdPerSecond: { "480p": 0.05, "768p": 0.08, "1080p": 0.16 },
};
const GROK_1_5: Family = {
	durationSeconds: { min: 1, max: 15, step: 1 },
	defaultDurationSeconds: 6,
	resolutions: ["480p", "720p", "1080p"],
	aspectRatios: ["16:9", "4:3", "3:2", "1:1", "2:3", "3:4", "9:16"],
	takes: { seed: false, negativePrompt: false },
	priceUsdPerSecond: { "480p": 0.08, "720p": 0.14, "1080p": 0.25 },
};
const LTX_2_3: Family = {
	durationSeconds: { values: [6, 8, 10] },
	defaultDurationSeconds: 6,
	fps: { values: [24, 25, 48, 50] },
	resolutions: ["1080p", "1440p", "2160p"],
	aspectRatios: WIDE_OR_TALL,
	audio: "optional",
	takes: { seed: false, negativePrompt: false },
};
const HAPPY_HORSE: Family = {
	durationSeconds: { min: 3, max: 15, step: 1 },
	resolutions: ["720p", "1080p"],
	audio: "always",
};
const RAY_3_2: Family = {
	durationSeconds: { values: [5, 10] },
	defaultDurationSeconds: 5,
	resolutions: ["540p", "720p", "1080p"],
	aspectRatios: BYTEDANCE_RATIOS,
	takes: { negativePrompt: false },
	priceUsdPerSecond: { "540p": 0.03, "720p": 0.06, "1080p": 0.24 },
};

const FROM_IMAGE = { aspectRatio: false } as const;

/** The endpoints of the catalogue. Any other id can be used too, without its limits being known. */
export const MODELS: ReadonlyMap<string, ModelCapabilities> = new Map(
	[
		model("alibaba/wan-3.0/text-to-video", WAN_3_0, "text"),
		model("alibaba/wan-3.0/image-to-video", WAN_3_0, "frames"),
		model("alibaba/wan-3.0/reference-to-video", WAN_3_0, "references"),
		model("fal-ai/kling-video/v3/pro/text-to-video", KLING_3_PRO, "text"),
		model("fal-ai/kling-video/v3/pro/image-to-video", KLING_3_PRO, "frames", FROM_IMAGE),
		model("fal-ai/kling-video/v3/standard/text-to-video", KLING_3_STANDARD, "text"),
		model("fal-ai/kling-video/v3/standard/image-to-video", KLING_3_STANDARD, "frames", FROM_IMAGE),
		model("fal-ai/kling-video/o3/pro/text-to-video", KLING_O3_PRO, "text"),
		model("fal-ai/kling-video/o3/pro/image-to-video", KLING_O3_PRO, "frames", FROM_IMAGE),
		model("fal-ai/kling-video/o3/pro/reference-to-video", KLING_O3_PRO, "references", { lastFrame: true }),
		model("fal-ai/veo3.1", VEO_3_1, "text"),
		model("fal-ai/veo3.1/image-to-video", VEO_3_1, "image"),
		model("fal-ai/veo3.1/first-last-frame-to-video", VEO_3_1, "frames"),
		model("fal-ai/veo3.1/reference-to-video", VEO_3_1, "references", { seed: false, negativePrompt: false }),
		model("fal-ai/veo3.1/fast", VEO, "text"),
		model("fal-ai/veo3.1/fast/image-to-video", VEO, "image"),
		model("fal-ai/veo3.1/fast/first-last-frame-to-video", VEO, "frames"),
		model("fal-ai/veo3.1/lite", VEO, "text"),
		model("fal-ai/veo3.1/lite/image-to-video", VEO, "image"),
		model("fal-ai/veo3.1/lite/first-last-frame-to-video", VEO, "frames"),
		model("bytedance/seedance-2.5/text-to-video", SEEDANCE_2_5, "text"),
		model("bytedance/seedance-2.5/image-to-video", SEEDANCE_2_5, "frames"),
		model("bytedance/seedance-2.5/reference-to-video", SEEDANCE_2_5, "references", { seed: false }),
		model("bytedance/seedance-2.0/text-to-video", SEEDANCE_2_0, "text"),
		model("bytedance/seedance-2.0/image-to-video", SEEDANCE_2_0, "frames"),
		model("bytedance/seedance-2.0/reference-to-video", SEEDANCE_2_0, "references"),
		model("bytedance/seedance-2.0/fast/text-to-video", SEEDANCE_2_0_FAST, "text"),
		model("bytedance/seedance-2.0/fast/image-to-video", SEEDANCE_2_0_FAST, "frames"),
		model("bytedance/seedance-2.0/fast/reference-to-video", SEEDANCE_2_0_FAST, "references"),
		model("fal-ai/wan/v2.7/text-to-video", WAN_2_7, "text"),
		model("fal-ai/wan/v2.7/image-to-video", WAN_2_7, "frames", FROM_IMAGE),
		model("fal-ai/wan/v2.7/reference-to-video", WAN_2_7, "references"),
		model("google/gemini-omni-flash/v1.1/text-to-video", OMNI_1_1, "text"),
		model("google/gemini-omni-flash/v1.1/reference-to-video", OMNI_1_1, "references"),
		model("minimax/h3/text-to-video", MINIMAX_H3, "text"),
		model("minimax/h3/image-to-video", MINIMAX_H3, "frames", FROM_IMAGE),
		model("minimax/h3/reference-to-video", MINIMAX_H3, "references"),
		model("minimax/h3-max/text-to-video", MINIMAX_H3_MAX, "text"),
		model("minimax/h3-max/image-to-video", MINIMAX_H3_MAX, "frames"),
		model("minimax/h3-max/reference-to-video", MINIMAX_H3_MAX, "references"),
		model("xai/grok-imagine-video/v1.5/text-to-video", GROK_1_5, "text"),
		model("xai/grok-imagine-video/v1.5/image-to-video", GROK_1_5, "image", FROM_IMAGE),
		model(
			"xai/grok-imagine-video/v1.5/reference-to-video",
			{ ...GROK_1_5, resolutions: ["480p", "720p"] },
			"references",
		),
		model("fal-ai/ltx-2.3/text-to-video", LTX_2_3, "text"),
		model("fal-ai/ltx-2.3/image-to-video", LTX_2_3, "frames"),
		model("fal-ai/wan/v2.2-a14b/text-to-video", WAN_2_2, "text"),
		model("fal-ai/wan/v2.2-a14b/image-to-video", WAN_2_2, "image"),
		model("fal-ai/hunyuan-video-v1.5/text-to-video", HUNYUAN_1_5, "text"),
		model("fal-ai/hunyuan-video-v1.5/image-to-video", HUNYUAN_1_5, "image"),
		model("alibaba/happy-horse/v1.1/text-to-video", HAPPY_HORSE, "text", { aspectRatio: null }),
		model("luma/agent/ray/v3.2/image-to-video", RAY_3_2, "frames"),
	].map((capabilities) => [capabilities.id, capabilities]),
);

function model(
	id: string,
	{ takes, ...facts }: Family,
	purpose: Purpose,
	exceptions: Partial<OptionSupport> = {},
): ModelCapabilities {
	return {
		...facts,
		id,
		tasks: [purpose === "image" || purpose === "frames" ? "image-to-video" : "text-to-video"],
		options: {
			durationSeconds: facts.durationSeconds !== undefined,
			fps: facts.fps !== undefined,
			resolution: facts.resolutions !== undefined,
			aspectRatio: facts.aspectRatios !== undefined,
			generateAudio: facts.audio === undefined ? null : facts.audio !== "none",
			seed: null,
			negativePrompt: null,
			lastFrame: purpose === "frames",
			references: purpose === "references",
			quality: false,
			numInferenceSteps: false,
			guidanceScale: false,
			...takes,
			...exceptions,
		},
	};
}
