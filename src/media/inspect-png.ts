import { readOrientation, UPRIGHT } from "./exif-orientation.ts";
import { animated, cutOff, damaged, type ImageInspection, type PixelLimits, sizeProblem } from "./pixel-limits.ts";
import { hasGoodChecksum, pngChunks } from "./png-chunks.ts";

const HEADER_LENGTH = 13;
const CHUNK_TYPE = /^[A-Za-z]{4}$/;
/** The case of the first letter tells whether a decoder may ignore the chunk. */
const CRITICAL_CHUNK = /^[A-Z]/;

/** Walks the chunks of a PNG file to `IEND`, and checks the checksum of those that matter to the picture. */
export function inspectPng(data: Uint8Array, limits: PixelLimits): ImageInspection {
	let size: { width: number; height: number } | undefined;
	let orientation: number | undefined;
	let hasPicture = false;
	for (const chunk of pngChunks(data)) {
		const { type, content, end } = chunk;
		if (!CHUNK_TYPE.test(type)) return damaged("PNG", `no chunk starts at byte ${chunk.start}`);
		if ((size === undefined) !== (type === "IHDR")) return damaged("PNG", "it does not start with one header");
		if (end > data.length) return cutOff("PNG", data);
		if (CRITICAL_CHUNK.test(type) && !hasGoodChecksum(chunk)) {
			return damaged("PNG", `the checksum of its ${type} chunk is wrong`);
		}
		if (type === "IHDR") {
			if (content.length !== HEADER_LENGTH) return damaged("PNG", "its header has a wrong length");
			const header = new DataView(content.buffer, content.byteOffset, content.byteLength);
			size = { width: header.getUint32(0), height: header.getUint32(4) };
			const problem = sizeProblem(size.width, size.height, limits);
			if (problem !== undefined) return { problem };
		}
		if (type === "acTL") return animated("PNG");
		if (type === "eXIf" && hasGoodChecksum(chunk)) orientation ??= readOrientation(content);
		if (type === "IDAT" && content.length > 0) hasPicture = true;
		if (type === "IEND" && size !== undefined) {
			if (!hasPicture) return damaged("PNG", "it holds no picture");
			return { ...size, orientation: orientation ?? UPRIGHT, endOffset: end };
		}
	}
	return cutOff("PNG", data);
}
