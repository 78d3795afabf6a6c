import { createFalProvider } from "../../../providers/fal/index.ts";
import { TINY_IMAGE } from "../../../src/testing/index.ts";
import type { Protocol } from "../protocol.ts";
import { falDialect } from "./dialect.ts";

const fal = {
	provider: "fal",
	factory: createFalProvider,
	dialect: falDialect,
	environment: ({ baseUrl, apiKey }) => ({ FAL_KEY: apiKey, FAL_BASE_URL: baseUrl }),
} satisfies Partial<Protocol>;
const asked = { prompt: "Waves", providerOptions: {} };

/** fal's queue, with a model that it knows and one that it does not. */
export const FAL_PROTOCOLS: readonly Protocol[] = [
	{ ...fal, name: "queue, text", request: { ...asked, task: "text-to-video", model: "alibaba/wan-3.0/text-to-video" } },
	{
		...fal,
		name: "queue, image",
		request: { ...asked, task: "image-to-video", model: "somebody/new-model", image: TINY_IMAGE },
	},
];
