import { ConfigurationError, InputError } from "../errors/index.ts";

/**
 * The URL below a configured base: `joinUrl("https://host/api", "jobs", id)`. The base keeps its path and
 * its query; every segment is encoded as one, so no id or model reaches another address.
 *
 * Throws `ConfigurationError` when the base is no `http:` or `https:` URL or holds credentials, and
 * `InputError` for a segment that is empty, no text, or `.` or `..`, which URLs resolve even when encoded.
 */
export function joinUrl(base: string, ...segments: readonly string[]): URL {
	const url = parseBase(base);
	const encoded = segments.map((segment) => {
		if (/^\.{0,2}$/.test(segment) || !segment.isWellFormed()) {
			throw new InputError("url", `"${segment.toWellFormed()}" cannot be a part of an address; correct the id`);
		}
		return encodeURIComponent(segment).replace(/%(?:3A|40)/g, decodeURIComponent);
	});
	url.pathname = [url.pathname.replace(/\/+$/, ""), ...encoded].join("/");
	url.hash = "";
	return url;
}

/**
 * A URL that the service gave, if it may be called with the service's key: `undefined` unless it is
 * absolute, of the base's own origin, and without user info.
 */
export function sameOriginUrl(url: string, base: string): URL | undefined {
	if (!URL.canParse(url)) return undefined;
	const given = new URL(url);
	return given.origin === parseBase(base).origin && given.username === "" && given.password === "" ? given : undefined;
}

/** An address as it may be shown: without query, fragment and user info, where secrets are. */
export function describeUrl({ origin, pathname }: URL): string {
	return `${origin}${pathname}`;
}

function parseBase(base: string): URL {
	const url = URL.canParse(base) ? new URL(base) : undefined;
	if (url === undefined || !/^https?:$/.test(url.protocol)) {
		throw new ConfigurationError("the base URL is not an absolute http: or https: URL; correct it");
	}
	if (url.username !== "" || url.password !== "") {
		throw new ConfigurationError("the base URL holds a user name or a password; give the key on its own instead");
	}
	return url;
}
