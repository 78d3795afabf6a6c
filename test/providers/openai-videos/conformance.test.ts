import { describe, it } from "vitest";
import { DIALECT_NAMES } from "../../../providers/openai-videos/dialects.ts";
import { createOpenaiVideosProvider } from "../../../providers/openai-videos/index.ts";
import { Secret } from "../../../src/errors/index.ts";
import type { ProviderRequest } from "../../../src/provider/index.ts";
import { contractCases, type ServiceTarget, TINY_IMAGE } from "../../../src/testing/index.ts";
import { SERVED_MODEL, UNKNOWN_MODEL, videosDialect } from "./dialect.ts";

const create =
	(dialect?: string) =>
	({ baseUrl, apiKey }: ServiceTarget) =>
		createOpenaiVideosProvider({
			credentials: { OPENAI_VIDEOS_API_KEY: new Secret(apiKey) },
			variables: dialect === undefined ? {} : { OPENAI_VIDEOS_DIALECT: dialect },
			baseUrl,
		});
const fromText: ProviderRequest = {
	task: "text-to-video",
	model: SERVED_MODEL,
	prompt: "Waves",
	providerOptions: {},
};
const fromImage: ProviderRequest = {
	...fromText,
	task: "image-to-video",
	image: TINY_IMAGE,
	model: UNKNOWN_MODEL,
};

describe.each(DIALECT_NAMES)("openai-videos, told to speak %s, keeps the contract: it", (name) => {
	const cases = contractCases({ create: create(name), dialect: videosDialect(name), request: fromText });
	for (const { name: behaviour, run } of cases) it(behaviour, run);
});

describe.each(DIALECT_NAMES)(
	"openai-videos, with an image for an unknown model of a server of %s, keeps the contract: it",
	(name) => {
		const contract = { create: create(name), dialect: videosDialect(name), request: fromImage };
		const cases = contractCases(contract).filter((one) => /^(?:sends|heeds|takes) /.test(one.name));
		for (const { name: behaviour, run } of cases) it(behaviour, run);
	},
);

describe("openai-videos, left to find out who answers below a base without /v1, keeps the contract: it", () => {
	const cases = contractCases({ create: create(), dialect: videosDialect("vllm-omni", ""), request: fromText });
	for (const { name, run } of cases) it(name, run);
});
