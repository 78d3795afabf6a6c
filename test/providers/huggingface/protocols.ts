import { createHuggingfaceProvider } from "../../../providers/huggingface/index.ts";
import type { InferenceProviderId } from "../../../providers/huggingface/inference-providers.ts";
import { Secret } from "../../../src/errors/index.ts";
import type { VideoTask } from "../../../src/provider/index.ts";
import { TINY_IMAGE } from "../../../src/testing/index.ts";
import type { Protocol } from "../protocol.ts";
import { huggingfaceDialect } from "./dialect.ts";

const SERVED: readonly (readonly [InferenceProviderId, VideoTask, model: string])[] = [
	["fal-ai", "text-to-video", "somebody/new-model"],
	["fal-ai", "image-to-video", "somebody/new-model:fal-ai"],
	["replicate", "text-to-video", "Wan-AI/Wan2.2-TI2V-5B"],
	["novita", "text-to-video", "somebody/new-model:novita"],
	["wavespeed", "text-to-video", "somebody/new-model"],
	["wavespeed", "image-to-video", "Wan-AI/Wan2.2-I2V-A14B"],
	["together", "text-to-video", "somebody/new-model"],
	["together", "image-to-video", "somebody/new-model:together"],
];

/** Every inference provider behind the router. */
export const HUGGINGFACE_PROTOCOLS: readonly Protocol[] = SERVED.map(([at, task, model]) => ({
	provider: "huggingface",
	name: `${at}, ${task === "text-to-video" ? "text" : "image"}`,
	factory: createHuggingfaceProvider,
	environment: ({ baseUrl, apiKey }) => ({ HF_TOKEN: apiKey, HUGGINGFACE_BASE_URL: baseUrl }),
	create: ({ baseUrl, apiKey }) =>
		createHuggingfaceProvider(
			{ credentials: { HF_TOKEN: new Secret(apiKey) }, variables: {}, baseUrl },
			{ now: leapingClock() },
		),
	keyPrefix: "hf_",
	dialect: huggingfaceDialect(at, task),
	request: {
		task,
		model,
		prompt: "Waves",
		providerOptions: {},
		...(task === "image-to-video" ? { image: TINY_IMAGE } : {}),
	},
}));

/** Time passes so fast that the Hub is asked for every job: a job then sends the same as the one before. */
function leapingClock(): () => number {
	let nowMs = 0;
	return () => {
		nowMs += 3_600_000;
		return nowMs;
	};
}
