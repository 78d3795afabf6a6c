import type { ChainSettings, Settings } from "../config/index.ts";
import type { VideoTask } from "../provider/index.ts";
import type { ChainSource } from "../routing/index.ts";

/** The models that the options of a service name. */
export function serviceSource(task: VideoTask, settings: ChainSettings | undefined): ChainSource {
	const prefix = task === "text-to-video" ? "textToVideo" : "imageToVideo";
	return { settings: settings ?? {}, modelName: `${prefix}.model`, fallbacksName: `${prefix}.fallbacks` };
}

/** The models that the environment names. */
export function environmentSource(task: VideoTask, settings: Settings): ChainSource {
	const word = task === "text-to-video" ? "TEXT" : "IMAGE";
	return {
		settings: settings.chains[task],
		modelName: `DEFAULT_${word}_TO_VIDEO_MODEL`,
		fallbacksName: `FALLBACK_${word}_TO_VIDEO_MODELS`,
		isEnvironment: true,
	};
}
