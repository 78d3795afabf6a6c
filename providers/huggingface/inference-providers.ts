import type { VideoTask } from "../../src/provider-kit/index.ts";

interface Facts {
	/** Where its own keys are used. */
	readonly origin: string;
	/** The variable that its own key is in, by the name that the service itself uses. */
	readonly keyName: string;
	/** What `@huggingface/inference` can ask it for. */
	readonly tasks: readonly VideoTask[];
}

/** The inference providers that serve video through Hugging Face. */
export const INFERENCE_PROVIDERS = {
	"fal-ai": { origin: "https://queue.fal.run", keyName: "FAL_KEY", tasks: ["text-to-video", "image-to-video"] },
	replicate: { origin: "https://api.replicate.com", keyName: "REPLICATE_API_TOKEN", tasks: ["text-to-video"] },
	novita: { origin: "https://api.novita.ai", keyName: "NOVITA_API_KEY", tasks: ["text-to-video"] },
	wavespeed: {
		origin: "https://api.wavespeed.ai",
		keyName: "WAVESPEED_API_KEY",
		tasks: ["text-to-video", "image-to-video"],
	},
	together: {
		origin: "https://api.together.xyz",
		keyName: "TOGETHER_API_KEY",
		tasks: ["text-to-video", "image-to-video"],
	},
} as const satisfies Readonly<Record<string, Facts>>;

/** The id of one of them, as the Hub spells it. */
export type InferenceProviderId = keyof typeof INFERENCE_PROVIDERS;

/** All of their ids. */
export const INFERENCE_PROVIDER_IDS = Object.keys(INFERENCE_PROVIDERS) as readonly InferenceProviderId[];

/** Whether a text is one of these ids. */
export function isInferenceProvider(text: string): text is InferenceProviderId {
	return Object.hasOwn(INFERENCE_PROVIDERS, text);
}

/** Whether an inference provider can be asked for a task. */
export function serves(at: InferenceProviderId, task: VideoTask): boolean {
	return (INFERENCE_PROVIDERS[at].tasks as readonly VideoTask[]).includes(task);
}
