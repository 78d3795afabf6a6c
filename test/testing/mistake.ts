import { createStudioProvider } from "../../examples/http-provider.ts";
import type {
	Fetch,
	JsonObject,
	JsonValue,
	ProviderRequest,
	StartContext,
	VideoProvider,
} from "../../src/provider/index.ts";
import { ProviderError } from "../../src/provider-kit/index.ts";
import type { ServiceDialect, ServiceTarget } from "../../src/testing/index.ts";

/** A provider with one mistake that real ones have made, and the cases that must notice it. */
export interface Mistake {
	readonly name: string;
	readonly noticedBy: RegExp;
	/** The protocol of its service. @default studioDialect */
	readonly dialect?: ServiceDialect;
	readonly create: (target: ServiceTarget) => VideoProvider;
	/** How long the cases wait for it, in milliseconds. */
	readonly timeoutMs?: number;
}

/** What a mistake changes of the sample provider. */
type Change = (provider: VideoProvider, target: ServiceTarget) => Partial<VideoProvider>;

/** The sample provider with a mistake. */
export function mistake(name: string, noticedBy: RegExp, change: Change): Mistake {
	const create = (target: ServiceTarget) => {
		const provider = createStudioProvider(target);
		return { ...provider, ...change(provider, target) };
	};
	return { name, noticedBy, create };
}

/** The provider with its requests sent in another way. */
export function sending(provider: VideoProvider, wrap: (fetch: Fetch) => Fetch): Partial<VideoProvider> {
	return {
		start: (request, context) => provider.start(request, { ...context, fetch: wrap(context.fetch) }),
		status: (handle, context) => provider.status(handle, { ...context, fetch: wrap(context.fetch) }),
	};
}

/** The provider with another request than it was given. */
export function asking(provider: VideoProvider, change: (request: ProviderRequest) => object): Partial<VideoProvider> {
	return { start: (request, context) => provider.start(change(request) as ProviderRequest, context) };
}

/** A `start` without the kit, that believes what it is told. */
export function gullible(
	{ baseUrl, apiKey }: ServiceTarget,
	read: (text: string) => JsonValue,
): (request: ProviderRequest, context: StartContext) => Promise<{ readonly handle: JsonValue }> {
	return async ({ image: _image, ...request }, { fetch, signal, jobId }) => {
		const response = await fetch(`${baseUrl}/jobs`, {
			method: "POST",
			headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
			body: JSON.stringify({ ...request, client_reference: jobId }),
			redirect: "manual",
			signal,
		});
		if (!response.ok) throw new ProviderError("refused", { billed: response.status < 429 ? "no" : "unknown" });
		return { handle: read(await response.text()) };
	};
}

/** What an answer says the id is. */
export function idIn(text: string): JsonValue {
	return (JSON.parse(text) as JsonObject)["id"] ?? null;
}
