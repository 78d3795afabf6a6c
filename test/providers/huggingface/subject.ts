import { createHuggingfaceProvider } from "../../../providers/huggingface/index.ts";
import { Secret } from "../../../src/errors/index.ts";
import type { ProviderRequest, VideoProvider } from "../../../src/provider/index.ts";

/** The token of every test that needs none in particular. */
export const TOKEN = "hf_canary7Qm2Zt9Lw4Xc";

/** What a test says of the provider. */
export interface SubjectOptions {
	readonly credentials?: Readonly<Record<string, string>>;
	readonly variables?: Readonly<Record<string, string>>;
	readonly now?: () => number;
}

/** The provider at a base URL, with a token unless other keys are given. */
export function huggingface(baseUrl?: string, options: SubjectOptions = {}): VideoProvider {
	const { credentials = { HF_TOKEN: TOKEN }, variables = {}, now } = options;
	const secrets = Object.fromEntries(Object.entries(credentials).map(([name, value]) => [name, new Secret(value)]));
	return createHuggingfaceProvider(
		{ credentials: secrets, variables, ...(baseUrl === undefined ? {} : { baseUrl }) },
		now === undefined ? {} : { now },
	);
}

/** A request for a clip. */
export function asked(model: string, options: Partial<ProviderRequest> = {}): ProviderRequest {
	return { task: "text-to-video", model, prompt: "Waves", providerOptions: {}, ...options };
}
