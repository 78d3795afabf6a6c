import { fileURLToPath } from "node:url";
import { InputError, isVideoError } from "../errors/index.ts";
import { base64Size, decodeBase64 } from "./base64.ts";
import { throwIfCancelled } from "./cancelled.ts";
import type { EncodedMediaInput, LoadImageContext, MediaInput } from "./media-input.ts";
import { readImageFile } from "./read-image-file.ts";
import { throwIfTooLarge } from "./too-large.ts";

/** The bytes of an input, and what its giver called them. */
export interface RawInput {
	readonly data: Uint8Array;
	readonly declaredType?: string | undefined;
}

const ACCEPTED = "give a file path, a URL, bytes, a Blob, or { data, mediaType }";
const URL_SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i;
/** Longest part of a `data:` URL before its comma. */
const LONGEST_DATA_HEADER = 256;

/** Reads any kind of input, and never more than `maxBytes` of it. */
export async function readInput(
	field: string,
	input: MediaInput,
	maxBytes: number,
	context: LoadImageContext,
): Promise<RawInput> {
	throwIfCancelled(context.signal, "input");
	if (typeof input === "string") return readString(field, input, maxBytes, context);
	if (input instanceof URL) return readUrl(field, input, maxBytes, context);
	if (input instanceof Uint8Array) return { data: copyBytes(field, input, maxBytes) };
	if (input instanceof Blob) return readBlob(field, input, maxBytes, context);
	if (isEncoded(input)) return readEncoded(field, input, maxBytes, context);
	throw new InputError(field, `${nameOf(input)} is no image; ${ACCEPTED}`);
}

function isEncoded(input: unknown): input is EncodedMediaInput {
	return typeof input === "object" && input !== null && "data" in input;
}

async function readString(field: string, text: string, maxBytes: number, context: LoadImageContext): Promise<RawInput> {
	if (/^data:/i.test(text)) return readDataUrl(field, text, maxBytes);
	const scheme = URL_SCHEME.exec(text)?.[1]?.toLowerCase();
	if (scheme === undefined) return { data: await readImageFile(field, text, maxBytes, context.signal) };
	if (scheme === "file") throw new InputError(field, "is a file: URL in a string; give the path, or new URL(…)");
	if (!URL.canParse(text)) throw new InputError(field, "is no valid URL; check its spelling");
	return readUrl(field, new URL(text), maxBytes, context);
}

async function readUrl(field: string, url: URL, maxBytes: number, context: LoadImageContext): Promise<RawInput> {
	switch (url.protocol) {
		case "data:":
			return readDataUrl(field, url.href, maxBytes);
		case "file:":
			return { data: await readImageFile(field, pathOf(field, url), maxBytes, context.signal) };
		case "https:": {
			if (context.fetchUrl === undefined) {
				throw new InputError(field, "URLs are not fetched here; download the image and give the file");
			}
			const data = await context.fetchUrl(field, url, maxBytes, context.signal);
			throwIfTooLarge(field, data.length, maxBytes);
			return { data };
		}
		case "http:":
			throw new InputError(field, "http: URLs are not fetched; use https:, or download the image and give the file");
		default:
			throw new InputError(field, `${url.protocol} URLs cannot be read; download the image and give the file`);
	}
}

/** A `file:` URL with a host would reach over the network, with the user's own credentials on Windows. */
function pathOf(field: string, url: URL): string {
	try {
		if (url.host === "") return fileURLToPath(url);
	} catch (error) {
		throw new InputError(field, "is no valid file: URL; give the path itself", { cause: error });
	}
	throw new InputError(field, "is a file: URL of another machine; copy the file and give its path");
}

function readDataUrl(field: string, text: string, maxBytes: number): RawInput {
	const comma = text.slice(0, LONGEST_DATA_HEADER).indexOf(",");
	const [declaredType, ...parameters] = text.slice("data:".length, Math.max(comma, 0)).split(";");
	if (comma === -1 || parameters.at(-1)?.trim().toLowerCase() !== "base64") {
		throw new InputError(field, "is a data: URL without base64; write data:image/png;base64,… or give the file");
	}
	return { data: readBase64(field, text.slice(comma + 1), maxBytes), declaredType };
}

async function readEncoded(
	field: string,
	input: EncodedMediaInput,
	maxBytes: number,
	context: LoadImageContext,
): Promise<RawInput> {
	const { data, mediaType } = input;
	if (mediaType !== undefined && typeof mediaType !== "string") {
		throw new InputError(`${field}.mediaType`, `${nameOf(mediaType)} is no media type; write one such as "image/png"`);
	}
	const inner = `${field}.data`;
	if (typeof data === "string") return { data: readBase64(inner, data, maxBytes), declaredType: mediaType };
	if (data instanceof Uint8Array) return { data: copyBytes(inner, data, maxBytes), declaredType: mediaType };
	if (data instanceof Blob) {
		const raw = await readBlob(inner, data, maxBytes, context);
		return { data: raw.data, declaredType: mediaType ?? raw.declaredType };
	}
	throw new InputError(inner, `${nameOf(data)} is no image data; give bytes, a Blob, or base64`);
}

function readBase64(field: string, text: string, maxBytes: number): Uint8Array {
	throwIfTooLarge(field, base64Size(text), maxBytes);
	const data = decodeBase64(text);
	if (data !== undefined) return data;
	throw new InputError(
		field,
		"is not base64; use the alphabet with + and /, its = padding, no spaces or line breaks, no path and no URL",
	);
}

async function readBlob(field: string, blob: Blob, maxBytes: number, context: LoadImageContext): Promise<RawInput> {
	throwIfTooLarge(field, blob.size, maxBytes);
	try {
		const data = new Uint8Array(await blob.arrayBuffer());
		throwIfCancelled(context.signal, "input");
		throwIfTooLarge(field, data.length, maxBytes);
		return { data, declaredType: blob.type };
	} catch (error) {
		if (isVideoError(error)) throw error;
		throw new InputError(field, "the Blob cannot be read; its file may have changed or gone", { cause: error });
	}
}

/** The caller may reuse its buffer while the job runs, and the checksum must stay true. */
function copyBytes(field: string, data: Uint8Array, maxBytes: number): Uint8Array {
	throwIfTooLarge(field, data.length, maxBytes);
	return new Uint8Array(data);
}

function nameOf(value: unknown): string {
	if (value === undefined || value === null) return String(value);
	if (value instanceof ArrayBuffer) return "an ArrayBuffer (wrap it in new Uint8Array(…))";
	return typeof value === "object" ? "this object" : `a ${typeof value}`;
}
