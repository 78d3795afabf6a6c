import type { ProviderFactory, VideoTask } from "../provider/index.ts";

/** A provider that comes with reelay. This file is the only one of the core that names any. */
export interface BuiltinProvider {
	readonly id: string;
	/** Variables of which one must be set before the provider can be used; empty when none is needed. */
	readonly credentials: readonly string[];
	/** The model for each task when the user names none; absent for a task it has no default for. */
	readonly defaultModels: Partial<Readonly<Record<VideoTask, string>>>;
	/** Loads it, and nothing of its SDK yet. */
	readonly load: () => Promise<ProviderFactory>;
}

/** In the order in which they are preferred when no model is named. The last one needs no key. */
export const BUILTIN_PROVIDERS: readonly BuiltinProvider[] = [
	{
		id: "google",
		credentials: ["GEMINI_API_KEY", "GOOGLE_VERTEX_API_KEY"],
		defaultModels: { "text-to-video": "gemini-omni-1.2-flash", "image-to-video": "gemini-omni-1.2-flash" },
		load: async () => (await import("../../providers/google/index.ts")).createGoogleProvider,
	},
	{
		id: "huggingface",
		credentials: ["HF_TOKEN"],
		defaultModels: { "text-to-video": "Wan-AI/Wan2.2-TI2V-5B" },
		load: async () => (await import("../../providers/huggingface/index.ts")).createHuggingfaceProvider,
	},
	{
		id: "fal",
		credentials: ["FAL_KEY"],
		defaultModels: {
			"text-to-video": "alibaba/wan-3.0/text-to-video",
			"image-to-video": "fal-ai/kling-video/v3/pro/image-to-video",
		},
		load: async () => (await import("../../providers/fal/index.ts")).createFalProvider,
	},
	{
		id: "replicate",
		credentials: ["REPLICATE_API_TOKEN"],
		defaultModels: { "text-to-video": "kwaivgi/kling-v3-video", "image-to-video": "kwaivgi/kling-v3-video" },
		load: async () => (await import("../../providers/replicate/index.ts")).createReplicateProvider,
	},
	{
		id: "openai-videos",
		credentials: [],
		defaultModels: {},
		load: async () => (await import("../../providers/openai-videos/index.ts")).createOpenaiVideosProvider,
	},
	{
		id: "local",
		credentials: [],
		defaultModels: { "text-to-video": "animatic", "image-to-video": "animatic" },
		load: async () => (await import("../../providers/local/index.ts")).createLocalProvider,
	},
];
