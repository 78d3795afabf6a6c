import { createHash } from "node:crypto";
import type { JsonValue, ProviderRequest, ProviderTraits } from "../provider/index.ts";

/**
 * Which results are kept, and handed out again for the same request. `true`: those of requests with a
 * `seed`. `"unseeded"`: those without one too, so that asking again gives the same video, not a new one.
 * `false`: none; nothing is looked up either, and no job is shared.
 */
export type CacheMode = boolean | "unseeded";

/** What one model is asked, and who asks. */
export interface CacheableRequest {
	/** The model reference, `provider:model`. */
	readonly model: string;
	/** The provider's `account`: no account is handed what another one paid for. */
	readonly account?: string | undefined;
	/** Where the provider is called when that is not its own address, or what else tells two of a name apart. */
	readonly endpoint?: string | undefined;
	/** The request, fitted to the model. */
	readonly request: ProviderRequest;
}

type Canonical = JsonValue | undefined | readonly Canonical[] | { readonly [key: string]: Canonical };

/** Changes when the same key would stand for something else. */
const KEY_VERSION = "reelay-video-1";

/**
 * SHA-256 of everything that decides what the video will be, in hexadecimal. Images count by their bytes.
 * Neither the order of keys nor options that were not given make a difference.
 */
export function cacheKey({ model, account, endpoint, request }: CacheableRequest): string {
	const { image, lastFrame, references, ...options } = request;
	const images = {
		image: image?.sha256,
		lastFrame: lastFrame?.sha256,
		references: references?.map(({ sha256 }) => sha256),
	};
	const text = canonicalJson({ model, account, endpoint, options, images });
	return createHash("sha256").update(`${KEY_VERSION}\n${text}`).digest("hex");
}

/**
 * Whether the result of a request may be kept and its job shared. What a free provider makes in this process
 * never is: making it again costs nothing, and today's version makes it.
 */
export function isCacheable(mode: CacheMode, request: ProviderRequest, traits: ProviderTraits): boolean {
	if (mode === false) return false;
	if (traits.runsIn === "process" && traits.billing === "free") return false;
	return mode === "unseeded" || request.seed !== undefined;
}

/** Its type lets no bytes in: an image that is added to the request one day must be counted by its hash. */
function canonicalJson(value: Canonical): string {
	return JSON.stringify(value, (_key, part: unknown) => {
		if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
		return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
	});
}
