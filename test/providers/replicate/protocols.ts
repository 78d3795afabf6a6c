import { createReplicateProvider } from "../../../providers/replicate/index.ts";
import { TINY_IMAGE } from "../../../src/testing/index.ts";
import type { Protocol } from "../protocol.ts";
import { replicateDialect } from "./dialect.ts";

const replicate = {
	provider: "replicate",
	factory: createReplicateProvider,
	dialect: replicateDialect,
	environment: ({ baseUrl, apiKey }) => ({ REPLICATE_API_TOKEN: apiKey, REPLICATE_BASE_URL: baseUrl }),
} satisfies Partial<Protocol>;
const asked = { prompt: "Waves", providerOptions: {} };

/** Official models, which it knows, and versioned ones, which it does not. */
export const REPLICATE_PROTOCOLS: readonly Protocol[] = [
	{
		...replicate,
		name: "official model, text",
		request: { ...asked, task: "text-to-video", model: "kwaivgi/kling-v3-video" },
	},
	{
		...replicate,
		name: "version, image",
		request: { ...asked, task: "image-to-video", model: `somebody/model:${"0".repeat(64)}`, image: TINY_IMAGE },
	},
];
