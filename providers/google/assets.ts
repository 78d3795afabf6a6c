import { joinUrl, sameOriginUrl, type VideoAsset } from "../../src/provider-kit/index.ts";
import type { InlineMedia } from "./inline-media.ts";

/** A video as an answer has it: base64, or an address. */
export interface NamedVideo {
	readonly base64?: string | undefined;
	readonly uri?: string | undefined;
}

/** Where the videos of a service are, and who may see its credential. */
export interface AssetPlace {
	/** Up to the version, with it. */
	readonly base: string;
	/** Where objects of Cloud Storage are fetched. */
	readonly storage: string;
	/** The headers that carry the credential. */
	readonly headers: Readonly<Record<string, string>>;
}

const BUCKET_OBJECT = /^gs:\/\/([a-z0-9][a-z0-9._-]{1,221})\/(.+)$/s;
const GOOGLE_FILE = /\/files\/([A-Za-z0-9][\w-]{0,99})(?::download)?$/;
const GEMINI_ORIGIN = "https://generativelanguage.googleapis.com";

/** What the core fetches or saves; `undefined` for what is no video. The credential goes to its own service only. */
export function toAsset({ base64, uri }: NamedVideo, media: InlineMedia, place: AssetPlace): VideoAsset | undefined {
	if (base64 !== undefined) {
		const data = media.decode(base64);
		return data === undefined ? undefined : { kind: "bytes", data };
	}
	if (uri === undefined) return undefined;
	const [, bucket, object] = BUCKET_OBJECT.exec(uri) ?? [];
	if (bucket !== undefined && object !== undefined) {
		return withCredential(joinUrl(place.storage, "storage", "v1", "b", bucket, "o", object), place);
	}
	if (!URL.canParse(uri) || !/^https?:$/.test(new URL(uri).protocol)) return undefined;
	const own = sameOriginUrl(uri, place.base) ?? rebased(uri, place.base);
	return own === undefined ? { kind: "url", url: uri } : withCredential(own, place);
}

/** The same file behind a gateway, whose key is worth nothing at Google's own address. */
function rebased(uri: string, base: string): URL | undefined {
	const { origin, pathname } = new URL(uri);
	const id = origin === GEMINI_ORIGIN ? GOOGLE_FILE.exec(pathname)?.[1] : undefined;
	return id === undefined ? undefined : joinUrl(base, "files", `${id}:download`);
}

function withCredential(url: URL, { headers }: AssetPlace): VideoAsset {
	// Without it the answer describes the file.
	if (!url.searchParams.has("alt") && /\/files\/|\/storage\/v1\//.test(url.pathname))
		url.searchParams.set("alt", "media");
	return { kind: "url", url: url.href, headers, credentialOrigins: [url.origin] };
}
