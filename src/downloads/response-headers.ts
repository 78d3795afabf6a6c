/** The header lines of an answer by lower-case name, as undici gives them. */
export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** All lines of that name, trimmed. */
export function headerValues(headers: ResponseHeaders, name: string): readonly string[] {
	const value = headers[name];
	if (value === undefined) return [];
	return (typeof value === "string" ? [value] : value).map((text) => text.trim());
}

/** The line of that name, when there is exactly one. */
export function headerValue(headers: ResponseHeaders, name: string): string | undefined {
	const [value, ...others] = headerValues(headers, name);
	return others.length === 0 ? value : undefined;
}

/** The entity tag when it is strong: only that promises the same bytes, so only that can be resumed. */
export function strongEtag(headers: ResponseHeaders): string | undefined {
	const etag = headerValue(headers, "etag");
	return etag !== undefined && /^"[\x21\x23-\x7e\x80-\xff]+"$/.test(etag) ? etag : undefined;
}

/** The length that the answer declares, in bytes. */
export function contentLength(headers: ResponseHeaders): number | undefined {
	const text = headerValue(headers, "content-length");
	const length = text !== undefined && /^\d+$/.test(text) ? Number(text) : Number.NaN;
	return Number.isSafeInteger(length) ? length : undefined;
}

/** The positions in `Content-Range`. `start` and `end` (inclusive) are absent in the answer to a range that is not there. */
export interface ContentRange {
	readonly start?: number;
	readonly end?: number;
	/** The size of the whole file, in bytes. */
	readonly size: number;
}

/** `Content-Range` read strictly; `undefined` when it is missing, unreadable or does not tell the size. */
export function contentRange(headers: ResponseHeaders): ContentRange | undefined {
	const match = /^bytes (?:(\d{1,15})-(\d{1,15})|\*)\/(\d{1,15})$/i.exec(headerValue(headers, "content-range") ?? "");
	if (match === null) return undefined;
	const size = Number(match[3]);
	return match[1] === undefined ? { size } : { start: Number(match[1]), end: Number(match[2]), size };
}

/** The codings that the body went through, other than none. */
export function contentEncoding(headers: ResponseHeaders): string | undefined {
	const encodings = headerValues(headers, "content-encoding").join(", ");
	return encodings === "" || encodings.toLowerCase() === "identity" ? undefined : encodings;
}

/** Whether the answer says itself that it is a page or a message, and no video. */
export function isTextAnswer(headers: ResponseHeaders): boolean {
	const type = (headerValue(headers, "content-type") ?? "").toLowerCase();
	return /^(?:text\/(?:html|xml)|application\/(?:xhtml\+xml|xml|json|[\w.-]+\+(?:json|xml)))\s*(?:;|$)/.test(type);
}
