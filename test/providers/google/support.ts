import { createGoogleProvider } from "../../../providers/google/index.ts";
import { Secret } from "../../../src/errors/index.ts";
import type { Fetch, JsonValue, ProviderRequest, VideoProvider } from "../../../src/provider/index.ts";

/** A request for a text to video, with what a test adds. */
export function asked(model: string, options: Partial<ProviderRequest> = {}): ProviderRequest {
	return { task: "text-to-video", model, prompt: "Waves", providerOptions: {}, ...options };
}

/** A provider with these variables, as the environment would have them. */
export function google(variables: Readonly<Record<string, string>>): VideoProvider {
	const { GOOGLE_BASE_URL: baseUrl, ...others } = variables;
	const isSecret = (name: string) => name.endsWith("_KEY");
	const entries = Object.entries(others);
	return createGoogleProvider({
		credentials: Object.fromEntries(
			entries.filter(([name]) => isSecret(name)).map(([name, value]) => [name, new Secret(value)]),
		),
		variables: Object.fromEntries(entries.filter(([name]) => !isSecret(name))),
		...(baseUrl === undefined ? {} : { baseUrl }),
	});
}

/** One request that reached a `fetch`. */
export interface Seen {
	readonly method: string;
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: JsonValue | undefined;
}

/** A `fetch` that keeps what it is asked and gives the same answer to all. */
export function answering(json: JsonValue, init: ResponseInit = {}): { readonly fetch: Fetch; readonly seen: Seen[] } {
	const seen: Seen[] = [];
	const fetch: Fetch = async (input, options) => {
		const request = new Request(input, options);
		const text = await request.text();
		seen.push({
			method: request.method,
			url: request.url,
			headers: Object.fromEntries(request.headers),
			body: text === "" ? undefined : (JSON.parse(text) as JsonValue),
		});
		return Response.json(json, init);
	};
	return { fetch, seen };
}

/** A `fetch` that must not be called. */
export const noFetch: Fetch = () => Promise.reject(new TypeError("nothing may be sent"));
