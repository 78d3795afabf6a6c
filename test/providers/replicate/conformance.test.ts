import { describe, it } from "vitest";
import { createReplicateProvider } from "../../../providers/replicate/index.ts";
import { Secret } from "../../../src/errors/index.ts";
import type { ProviderRequest } from "../../../src/provider/index.ts";
import { contractCases, type ServiceTarget, TINY_IMAGE } from "../../../src/testing/index.ts";
import { replicateDialect } from "./dialect.ts";

const create = ({ baseUrl, apiKey }: ServiceTarget) =>
	createReplicateProvider({ credentials: { REPLICATE_API_TOKEN: new Secret(apiKey) }, variables: {}, baseUrl });

const requests: readonly ProviderRequest[] = [
	{ task: "text-to-video", model: "kwaivgi/kling-v3-video", prompt: "Waves", providerOptions: {} },
	{
		task: "image-to-video",
		model: `somebody/model:${"0".repeat(64)}`,
		prompt: "Waves",
		image: TINY_IMAGE,
		providerOptions: {},
	},
];

describe.each(requests)("replicate, asked for $model, keeps the contract: it", (request) => {
	for (const { name, run } of contractCases({ create, dialect: replicateDialect, request })) it(name, run);
});
