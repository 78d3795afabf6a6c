import { createGoogleProvider } from "../../../providers/google/index.ts";
import { type ServiceDialect, type ServiceTarget, TINY_IMAGE } from "../../../src/testing/index.ts";
import type { Protocol } from "../protocol.ts";
import { gatewayDialect, interactionsDialect, LOCATION, PROJECT, vertexDialect } from "./dialect.ts";
import { google } from "./support.ts";

type Environment = Protocol["environment"];

const withGeminiKey: Environment = ({ baseUrl, apiKey }) => ({ GEMINI_API_KEY: apiKey, GOOGLE_BASE_URL: baseUrl });
const onVertex: Environment = ({ baseUrl, apiKey }) => ({
	GOOGLE_VERTEX_API_KEY: apiKey,
	GOOGLE_CLOUD_PROJECT: PROJECT,
	GOOGLE_CLOUD_LOCATION: LOCATION,
	GOOGLE_BASE_URL: baseUrl,
});
const onVertexPath = `/v1beta1/projects/${PROJECT}/locations/${LOCATION}`;

/** The Gemini API, a gateway, and Vertex for both of its families; each with a known model and one that is not. */
export const GOOGLE_PROTOCOLS: readonly Protocol[] = [
	...protocols("Gemini API", withGeminiKey, interactionsDialect("/v1", "uri"), [
		"gemini-omni-1.2-flash",
		"gemini-omni-9-flash",
	]),
	...protocols("gateway", withGeminiKey, gatewayDialect, ["veo-3.1-generate-preview", "veo-9-generate"]),
	...protocols("Vertex", onVertex, vertexDialect, ["veo-3.1-generate-001", "veo-9-generate"]),
	...protocols("Vertex with Omni", onVertex, interactionsDialect(onVertexPath, "inline"), [
		"gemini-omni-1.1-flash-preview",
		"gemini-omni-9-flash",
	]),
];

function protocols(
	name: string,
	environment: Environment,
	dialect: ServiceDialect,
	[known, unknown]: readonly [string, string],
): readonly Protocol[] {
	const shared = { provider: "google", factory: createGoogleProvider, dialect, environment };
	const create = (target: ServiceTarget) => {
		const provider = google(environment(target));
		if (dialect.cancelled !== undefined) return provider;
		// Veo cannot be cancelled, which the provider says at each operation; here it is all that there is.
		const { cancel: _none, ...others } = provider;
		return { ...others, traits: { ...provider.traits, cancel: "none" as const } };
	};
	const asked = { prompt: "Waves", providerOptions: {} };
	return [
		{ ...shared, create, name: `${name}, text`, request: { ...asked, task: "text-to-video", model: known } },
		{
			...shared,
			create,
			name: `${name}, image`,
			request: { ...asked, task: "image-to-video", model: unknown, image: TINY_IMAGE },
			// The answer may repeat the picture.
			maxAnswerBytes: 4 * 1024 * 1024 + 2 * TINY_IMAGE.data.byteLength,
		},
	];
}
