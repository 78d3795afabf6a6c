import { type ModelCapabilities, modelTable, optionSupport, type VideoTask } from "../../src/provider-kit/index.ts";

/** What a family of open models renders, whatever server it runs on. */
export interface Family {
	/** Frames per second that it was trained at; engines assume 24. */
	readonly fps?: number;
	/** Both sides of a frame are multiples of this, in pixels. */
	readonly multipleOf: number;
	/** The class of resolution to take where only a ratio is asked for. */
	readonly resolution: string;
}

/** By model id, as people write it on Hugging Face or as the name that they serve it by. The first that matches counts. */
const FAMILIES: readonly (readonly [RegExp, Family])[] = [
	[/wan-?2[.\d]*-?ti2v-5b/i, { fps: 24, multipleOf: 32, resolution: "720p" }],
	[/wan-?2\.[12]/i, { fps: 16, multipleOf: 16, resolution: "480p" }],
	[/ltx-?(?:video|2)/i, { fps: 24, multipleOf: 64, resolution: "512p" }],
	[/hunyuanvideo|longcat-video/i, { fps: 24, multipleOf: 16, resolution: "480p" }],
	[/minimax-h3/i, { fps: 24, multipleOf: 32, resolution: "768p" }],
	[/mochi-1/i, { multipleOf: 16, resolution: "480p" }],
];

/** What is known of a model's frames. For an unknown one that is next to nothing, and nothing is assumed. */
export function familyOf(model: string): Family {
	return FAMILIES.find(([pattern]) => pattern.test(model))?.[1] ?? { multipleOf: 2, resolution: "720p" };
}

type Audio = NonNullable<ModelCapabilities["audio"]>;

const TEXT: readonly VideoTask[] = ["text-to-video"];
const IMAGE: readonly VideoTask[] = ["image-to-video"];
const BOTH: readonly VideoTask[] = [...TEXT, ...IMAGE];

/**
 * Models with open weights that the engines serve. Any other name is passed on. Sizes and lengths are the
 * server's matter, so that none are refused here, and there is no price for one's own hardware.
 */
export const CATALOGUE = modelTable([
	model("Wan-AI/Wan2.2-T2V-A14B-Diffusers", TEXT, "480p and 720p, 16 frames per second", "none"),
	model("Wan-AI/Wan2.2-I2V-A14B-Diffusers", IMAGE, "480p and 720p, 16 frames per second", "none"),
	model("Wan-AI/Wan2.2-TI2V-5B-Diffusers", BOTH, "1280x704, 24 frames per second; fits one GPU", "none"),
	model("Lightricks/LTX-2", BOTH, "Video and sound together", "optional"),
	model("Lightricks/LTX-2.5", BOTH, "Video and sound together", "optional"),
	model("hunyuanvideo-community/HunyuanVideo-1.5-Diffusers-480p_t2v", TEXT, "480p", "none"),
	model("hunyuanvideo-community/HunyuanVideo-1.5-Diffusers-720p_t2v", TEXT, "720p", "none"),
	model("hunyuanvideo-community/HunyuanVideo-1.5-Diffusers-720p_i2v_distilled", IMAGE, "720p", "none"),
	model("MiniMaxAI/MiniMax-H3", BOTH, "1344x768 with stereo sound, 24 frames per second", "always"),
	model("meituan-longcat/LongCat-Video", BOTH, "480p, 24 frames per second", "none"),
	model("genmo/mochi-1-preview", TEXT, "480p; of 2024", "none"),
]);

function model(id: string, tasks: readonly VideoTask[], description: string, audio: Audio): ModelCapabilities {
	const refused = { quality: false, generateAudio: audio !== "none", lastFrame: false, references: false };
	return { id, tasks, description, audio, options: optionSupport(true, refused) };
}
