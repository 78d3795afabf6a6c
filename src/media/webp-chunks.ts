import { latin1 } from "./sniff-image.ts";

/** A chunk of a WebP file. */
export interface WebpChunk {
	/** Its four characters, such as `VP8X`. */
	readonly type: string;
	/** What it holds, as far as it lies within the file. */
	readonly content: Uint8Array;
	/** The same with its name and length in front, and without padding behind. */
	readonly bytes: Uint8Array;
	/** Where its content starts, and where that ends by the chunk's own length. */
	readonly start: number;
	readonly end: number;
}

/** The file's name, its length, and what it is a file of. */
export const WEBP_HEADER = 12;
/** A chunk's name and length. */
export const WEBP_CHUNK_HEADER = 8;

/** The bits of the first byte of the extended header that are looked at. */
export const WEBP_FLAGS = { animation: 0x02, xmp: 0x04, exif: 0x08 } as const;

/** Where a WebP file ends, by its own header. */
export function webpEnd(data: Uint8Array): number {
	return WEBP_CHUNK_HEADER + new DataView(data.buffer, data.byteOffset, data.byteLength).getUint32(4, true);
}

/** Walks the chunks of a WebP file, up to the end that its own header names. */
export function* webpChunks(data: Uint8Array): Generator<WebpChunk> {
	const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
	const fileEnd = webpEnd(data);
	const lastHeader = Math.min(fileEnd, data.length) - WEBP_CHUNK_HEADER;
	for (let offset = WEBP_HEADER; offset <= lastHeader; ) {
		const length = view.getUint32(offset + 4, true);
		const start = offset + WEBP_CHUNK_HEADER;
		const end = start + length;
		const bytes = data.subarray(offset, Math.min(end, fileEnd));
		yield { type: latin1(data, offset, 4), content: bytes.subarray(WEBP_CHUNK_HEADER), bytes, start, end };
		offset = end + (length % 2);
	}
}
