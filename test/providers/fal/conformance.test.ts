import { describe, it } from "vitest";
import { createFalProvider } from "../../../providers/fal/index.ts";
import { Secret } from "../../../src/errors/index.ts";
import type { ProviderRequest } from "../../../src/provider/index.ts";
import { contractCases, type ServiceTarget, TINY_IMAGE } from "../../../src/testing/index.ts";
import { falDialect } from "./dialect.ts";

const create = ({ baseUrl, apiKey }: ServiceTarget) =>
	createFalProvider({ credentials: { FAL_KEY: new Secret(apiKey) }, variables: {}, baseUrl });

const requests: readonly ProviderRequest[] = [
	{ task: "text-to-video", model: "alibaba/wan-3.0/text-to-video", prompt: "Waves", providerOptions: {} },
	{ task: "image-to-video", model: "somebody/new-model", prompt: "Waves", image: TINY_IMAGE, providerOptions: {} },
];

describe.each(requests)("fal, asked for $model, keeps the contract: it", (request) => {
	for (const { name, run } of contractCases({ create, dialect: falDialect, request })) it(name, run);
});
