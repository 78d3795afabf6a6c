const FOREIGN_CHARACTER = /[^A-Za-z0-9+/]/;

/** The bytes that a well-formed base64 text decodes to, counted without decoding it. */
export function base64Size(text: string): number {
	return Math.max(0, Math.floor((text.length * 3) / 4) - paddingOf(text));
}

/**
 * Decodes base64 in the standard alphabet with its padding; `undefined` for anything else. `Buffer.from`
 * skips what it does not know, and a half-skipped picture would be sent as if it were whole.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
	const body = text.slice(0, text.length - paddingOf(text));
	if (text.length % 4 !== 0 || FOREIGN_CHARACTER.test(body)) return undefined;
	const bytes = Buffer.from(text, "base64");
	const lastGroup = text.slice(-4);
	const isCanonical = Buffer.from(lastGroup, "base64").toString("base64") === lastGroup;
	return isCanonical ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) : undefined;
}

function paddingOf(text: string): number {
	if (text.endsWith("==")) return 2;
	return text.endsWith("=") ? 1 : 0;
}
