import type { ModelCapabilities } from "../../src/provider-kit/index.ts";
import { MAXIMUM_LONG_SIDE, MAXIMUM_SHORT_SIDE, MINIMUM_LONG_SIDE, MINIMUM_SHORT_SIDE } from "./size-limits.ts";

/** Whole frames per second. */
export const FPS_LIMITS = { min: 1, max: 60, step: 1 } as const;
/** Seconds of video. */
export const DURATION_LIMITS = { min: 1, max: 30 } as const;
export const DEFAULT_FPS = 24;
export const DEFAULT_DURATION_SECONDS = 5;

/** The one model: a renderer that draws from the prompt's words. */
export const ANIMATIC: ModelCapabilities = {
	id: "animatic",
	description:
		"Not a model but a renderer: draws an animated scene from the prompt's words, or pans over an image. Free, offline, no key.",
	tasks: ["text-to-video", "image-to-video"],
	options: {
		negativePrompt: false,
		durationSeconds: true,
		fps: true,
		aspectRatio: true,
		resolution: true,
		quality: true,
		seed: true,
		numInferenceSteps: false,
		guidanceScale: false,
		generateAudio: false,
		lastFrame: true,
		references: false,
	},
	durationSeconds: DURATION_LIMITS,
	fps: FPS_LIMITS,
	resolutions: {
		minWidth: MINIMUM_LONG_SIDE,
		minHeight: MINIMUM_SHORT_SIDE,
		maxWidth: MAXIMUM_LONG_SIDE,
		maxHeight: MAXIMUM_SHORT_SIDE,
		multipleOf: 2,
	},
	audio: "none",
	priceUsdPerSecond: 0,
	defaultDurationSeconds: DEFAULT_DURATION_SECONDS,
	typicalGenerationMs: 1_500,
};
