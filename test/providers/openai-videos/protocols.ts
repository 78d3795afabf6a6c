import { DIALECT_NAMES } from "../../../providers/openai-videos/dialects.ts";
import { createOpenaiVideosProvider } from "../../../providers/openai-videos/index.ts";
import { TINY_IMAGE } from "../../../src/testing/index.ts";
import type { Protocol } from "../protocol.ts";
import { SERVED_MODEL, UNKNOWN_MODEL, videosDialect } from "./dialect.ts";

const openaiVideos = { provider: "openai-videos", factory: createOpenaiVideosProvider } satisfies Partial<Protocol>;
const asked = { prompt: "Waves", providerOptions: {} };
const fromText = { ...asked, task: "text-to-video", model: SERVED_MODEL } as const;

/** Every dialect as it is set, and one that is found out. */
export const OPENAI_VIDEOS_PROTOCOLS: readonly Protocol[] = [
	...DIALECT_NAMES.flatMap((name): readonly Protocol[] => {
		const told = {
			...openaiVideos,
			dialect: videosDialect(name),
			environment: ({ baseUrl, apiKey }) => ({
				OPENAI_VIDEOS_API_KEY: apiKey,
				OPENAI_VIDEOS_BASE_URL: baseUrl,
				OPENAI_VIDEOS_DIALECT: name,
			}),
		} satisfies Partial<Protocol>;
		return [
			{ ...told, name: `${name}, text`, request: fromText },
			{
				...told,
				name: `${name}, image`,
				request: { ...asked, task: "image-to-video", model: UNKNOWN_MODEL, image: TINY_IMAGE },
				only: /^(?:sends|heeds|takes) /,
			},
		];
	}),
	{
		...openaiVideos,
		name: "found out, without /v1",
		dialect: videosDialect("vllm-omni", ""),
		environment: ({ baseUrl, apiKey }) => ({ OPENAI_VIDEOS_API_KEY: apiKey, OPENAI_VIDEOS_BASE_URL: baseUrl }),
		request: fromText,
	},
];
