import type { ModelCapabilities, VideoTask } from "../../src/provider-kit/index.ts";

/** What a family of open models renders, whatever server it runs on. */
export interface Family {
	/** Frames per second that it was trained at; engines assume 24. */
	readonly fps?: number;
	/** Both sides of a frame are multiples of this, in pixels. */
	readonly multipleOf: number;
	/** The class of resolution to take where only a ratio is asked for. */
	readonly resolution: string;
}

const UNKNOWN: Family = { multipleOf: 2, resolution: "720p" };
const WAN: Family = { fps: 16, multipleOf: 16, resolution: "480p" };
const WAN_SMALL: Family = { fps: 24, multipleOf: 32, resolution: "720p" };
const LTX: Family = { fps: 24, multipleOf: 64, resolution: "512p" };
const HUNYUAN: Family = { fps: 24, multipleOf: 16, resolution: "480p" };
const MINIMAX: Family = { fps: 24, multipleOf: 32, resolution: "768p" };
const LONGCAT: Family = { fps: 24, multipleOf: 16, resolution: "480p" };
const MOCHI: Family = { multipleOf: 16, resolution: "480p" };

/** By model id, as people write it on Hugging Face or as the name that they serve it by. The first that matches counts. */
const FAMILIES: readonly (readonly [RegExp, Family])[] = [
	[/wan-?2[.\d]*-?ti2v-5b/i, WAN_SMALL],
	[/wan-?2\.[12]/i, WAN],
	[/ltx-?(?:video|2)/i, LTX],
	[/hunyuanvideo/i, HUNYUAN],
	[/minimax-h3/i, MINIMAX],
	[/longcat-video/i, LONGCAT],
	[/mochi-1/i, MOCHI],
];

/** What is known of a model's frames. For an unknown one that is next to nothing, and nothing is assumed. */
export function familyOf(model: string): Family {
	return FAMILIES.find(([pattern]) => pattern.test(model))?.[1] ?? UNKNOWN;
}

const BOTH: readonly VideoTask[] = ["text-to-video", "image-to-video"];

/**
 * Models with open weights that the engines serve. Any other name is passed on. Sizes and lengths are the
 * server's matter, so that none are refused here, and there is no price for one's own hardware.
 */
export const MODELS: ReadonlyMap<string, ModelCapabilities> = new Map(
	[
		model("Wan-AI/Wan2.2-T2V-A14B-Diffusers", ["text-to-video"], "480p and 720p, 16 frames per second", "none"),
		model("Wan-AI/Wan2.2-I2V-A14B-Diffusers", ["image-to-video"], "480p and 720p, 16 frames per second", "none"),
		model("Wan-AI/Wan2.2-TI2V-5B-Diffusers", BOTH, "1280x704, 24 frames per second; fits one GPU", "none"),
		model("Lightricks/LTX-2", BOTH, "Video and sound together", "optional"),
		model("Lightricks/LTX-2.5", BOTH, "Video and sound together", "optional"),
		model("hunyuanvideo-community/HunyuanVideo-1.5-Diffusers-480p_t2v", ["text-to-video"], "480p", "none"),
		model("hunyuanvideo-community/HunyuanVideo-1.5-Diffusers-720p_t2v", ["text-to-video"], "720p", "none"),
		model("hunyuanvideo-community/HunyuanVideo-1.5-Diffusers-720p_i2v_distilled", ["image-to-video"], "720p", "none"),
		model("MiniMaxAI/MiniMax-H3", BOTH, "1344x768 with stereo sound, 24 frames per second", "always"),
		model("meituan-longcat/LongCat-Video", BOTH, "480p, 24 frames per second", "none"),
		model("genmo/mochi-1-preview", ["text-to-video"], "480p; of 2024", "none"),
	].map((capabilities) => [capabilities.id, capabilities]),
);

function model(
	id: string,
	tasks: readonly VideoTask[],
	description: string,
	audio: NonNullable<ModelCapabilities["audio"]>,
): ModelCapabilities {
	return {
		id,
		tasks,
		description,
		audio,
		options: {
			negativePrompt: true,
			durationSeconds: true,
			fps: true,
			aspectRatio: true,
			resolution: true,
			quality: false,
			seed: true,
			numInferenceSteps: true,
			guidanceScale: true,
			generateAudio: audio !== "none",
			lastFrame: false,
			references: false,
		},
	};
}
