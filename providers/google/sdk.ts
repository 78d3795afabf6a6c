import type { GoogleGenAI, GoogleGenAIOptions } from "@google/genai";
import { ConfigurationError, type HttpRequest, type JsonObject, sameOriginUrl } from "../../src/provider-kit/index.ts";

/** Where the Interactions API of a service is. */
export interface InteractionsPlace {
	/** Up to the version, without it. */
	readonly base: string;
	readonly version: string;
	/** Whether it is Vertex. */
	readonly isVertex: boolean;
	/** The project, on Vertex without a key for its express mode. */
	readonly project?: string;
	/** The project's location, beside it. */
	readonly location?: string;
}

/** A request without its credential. */
export type WrittenRequest = HttpRequest & { readonly url: URL };

/** The SDK wants a key before it writes anything. The real one is added where the request is sent. */
const PLACEHOLDER = "added-by-reelay";

/** The request that makes an interaction. */
export function writeCreate(place: InteractionsPlace, body: JsonObject): Promise<WrittenRequest> {
	return write(place, (client, options) =>
		client.interactions.create(body as unknown as Parameters<typeof client.interactions.create>[0], options),
	);
}

/** The request that looks at an interaction. */
export function writeGet(place: InteractionsPlace, id: string): Promise<WrittenRequest> {
	return write(place, (client, options) => client.interactions.get(id, {}, options));
}

/** The request that cancels an interaction. */
export function writeCancel(place: InteractionsPlace, id: string): Promise<WrittenRequest> {
	return write(place, (client, options) => client.interactions.cancel(id, {}, options));
}

/** Makes a client of the SDK, which is loaded here and nowhere else. */
export async function createClient(options: GoogleGenAIOptions): Promise<GoogleGenAI> {
	const { GoogleGenAI: Client } = await import("@google/genai");
	// It comments on variables of the environment, partly on stdout, that are overruled here.
	const { debug, warn } = console;
	const silent = () => undefined;
	Object.assign(console, { debug: silent, warn: silent });
	try {
		return new Client(options);
	} finally {
		Object.assign(console, { debug, warn });
	}
}

/** Lets the SDK make a call, and keeps the request that it writes from being sent. */
export async function captureRequest(call: (fetch: typeof globalThis.fetch) => Promise<unknown>): Promise<Request> {
	let written: Request | undefined;
	const fetch: typeof globalThis.fetch = async (input, init) => {
		written ??= new Request(input, init);
		return Response.json({});
	};
	let failure: unknown;
	await call(fetch).catch((error: unknown) => {
		failure = error;
	});
	if (written === undefined) throw failure;
	return written;
}

/**
 * The SDK knows how a request of each service looks. It does not send it: it would send a submission up to
 * five times, lose what an answer asks to wait, and hide why a request was given up.
 */
async function write(
	{ base, version, isVertex, project, location }: InteractionsPlace,
	call: (client: GoogleGenAI, options: { readonly maxRetries: number }) => Promise<unknown>,
): Promise<WrittenRequest> {
	const request = await captureRequest(async (fetch) => {
		// Whatever is left out here, the SDK takes from the environment.
		const client = await createClient({
			apiKey: PLACEHOLDER,
			vertexai: isVertex,
			apiVersion: version,
			httpOptions: { baseUrl: base, fetch },
			...(project === undefined || location === undefined ? {} : { project, location }),
		});
		return call(client, { maxRetries: 0 });
	});
	const url = sameOriginUrl(request.url, base);
	if (url === undefined) {
		throw new ConfigurationError("@google/genai wrote a request to another address; install the version reelay names");
	}
	const { method } = request;
	if (method === "GET") return { url, method };
	return { url, method, headers: { "content-type": "application/json" }, body: await request.text() };
}
