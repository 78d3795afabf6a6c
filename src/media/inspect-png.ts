import { crc32 } from "node:zlib";
import { animated, cutOff, damaged, type ImageInspection, type PixelLimits, sizeProblem } from "./pixel-limits.ts";
import { latin1, PNG_SIGNATURE } from "./sniff-image.ts";

/** Length, type and checksum around each chunk's data. */
const CHUNK_OVERHEAD = 12;
const HEADER_LENGTH = 13;
const CHUNK_TYPE = /^[A-Za-z]{4}$/;
/** The case of the first letter tells whether a decoder may ignore the chunk. */
const CRITICAL_CHUNK = /^[A-Z]/;

/** Walks the chunks of a PNG file to `IEND`, and checks the checksum of those that matter to the picture. */
export function inspectPng(data: Uint8Array, limits: PixelLimits): ImageInspection {
	const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
	let size: { width: number; height: number } | undefined;
	let hasPicture = false;
	let offset: number = PNG_SIGNATURE.length;
	while (offset + CHUNK_OVERHEAD <= data.length) {
		const length = view.getUint32(offset);
		const type = latin1(data, offset + 4, 4);
		const end = offset + CHUNK_OVERHEAD + length;
		if (!CHUNK_TYPE.test(type)) return damaged("PNG", `no chunk starts at byte ${offset}`);
		if ((size === undefined) !== (type === "IHDR")) return damaged("PNG", "it does not start with one header");
		if (end > data.length) return cutOff("PNG", data);
		const expected = view.getUint32(end - 4);
		if (CRITICAL_CHUNK.test(type) && crc32(data.subarray(offset + 4, end - 4)) !== expected) {
			return damaged("PNG", `the checksum of its ${type} chunk is wrong`);
		}
		if (type === "IHDR") {
			if (length !== HEADER_LENGTH) return damaged("PNG", "its header has a wrong length");
			size = { width: view.getUint32(offset + 8), height: view.getUint32(offset + 12) };
			const problem = sizeProblem(size.width, size.height, limits);
			if (problem !== undefined) return { problem };
		}
		if (type === "acTL") return animated("PNG");
		if (type === "IDAT" && length > 0) hasPicture = true;
		if (type === "IEND" && size !== undefined) {
			return hasPicture ? { ...size, endOffset: end } : damaged("PNG", "it holds no picture");
		}
		offset = end;
	}
	return cutOff("PNG", data);
}
