import { latin1, PNG_SIGNATURE } from "./sniff-image.ts";

/** A chunk of a PNG file. */
export interface PngChunk {
	/** Its four bytes, which need not be letters. */
	readonly type: string;
	/** What it holds. */
	readonly content: Uint8Array;
	/** The chunk as it is stored, with its length and checksum. */
	readonly bytes: Uint8Array;
	/** Where it starts and ends in the file. The end may lie behind the file's own. */
	readonly start: number;
	readonly end: number;
}

/** Length, type and checksum around each chunk's data. */
const CHUNK_OVERHEAD = 12;

/** Walks the chunks of a PNG file until one of them is its last, or reaches behind the end of the data. */
export function* pngChunks(data: Uint8Array): Generator<PngChunk> {
	const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
	let start: number = PNG_SIGNATURE.length;
	while (start + CHUNK_OVERHEAD <= data.length) {
		const end = start + CHUNK_OVERHEAD + view.getUint32(start);
		const type = latin1(data, start + 4, 4);
		yield { type, content: data.subarray(start + 8, end - 4), bytes: data.subarray(start, end), start, end };
		if (type === "IEND") return;
		start = end;
	}
}

/** Whether the chunk's checksum is right. The chunk must lie within the file. */
export function hasGoodChecksum({ bytes }: PngChunk): boolean {
	const end = bytes.length - 4;
	const expected = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(end);
	return checksum(bytes.subarray(4, end)) === expected;
}

/** The checksum of a chunk's type and content. Node's zlib takes a while to load, and not everybody has a PNG. */
export function checksum(bytes: Uint8Array): number {
	return process.getBuiltinModule("node:zlib").crc32(bytes);
}
