import { cutOff, damaged, type ImageInspection, type PixelLimits, sizeProblem } from "./pixel-limits.ts";

const MARKER = 0xff;
const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;
/** Baseline, extended and progressive: what every decoder reads. */
const COMMON_FRAMES = new Set([0xc0, 0xc1, 0xc2]);
/** Lossless, hierarchical and arithmetic frames. */
const RARE_FRAMES = new Set([0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf]);

/** Walks the segments of a JPEG file, through the data of every scan, to its end marker. */
export function inspectJpeg(data: Uint8Array, limits: PixelLimits): ImageInspection {
	const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
	let size: { width: number; height: number } | undefined;
	let hasPicture = false;
	let offset = 2;
	while (offset < data.length) {
		if (data[offset] !== MARKER) return damaged("JPEG", `no marker at byte ${offset}`);
		while (data[offset] === MARKER) offset += 1;
		const marker = data[offset];
		offset += 1;
		if (marker === undefined) break;
		if (marker === END_OF_IMAGE) {
			if (size === undefined || !hasPicture) return damaged("JPEG", "it holds no picture");
			return { ...size, endOffset: offset };
		}
		if (isStandalone(marker)) continue;
		if (marker === 0x00) return damaged("JPEG", `no marker at byte ${offset}`);
		if (offset + 2 > data.length) break;
		const length = view.getUint16(offset);
		if (length < 2) return damaged("JPEG", `the segment at byte ${offset} has no length`);
		if (offset + length > data.length) break;
		if (RARE_FRAMES.has(marker)) {
			return { problem: "is a lossless or arithmetic JPEG, which few services read; save it as an ordinary JPEG" };
		}
		if (COMMON_FRAMES.has(marker)) {
			if (size !== undefined) return damaged("JPEG", "it has two headers");
			if (length < 8) return damaged("JPEG", "its header is too short");
			size = { width: view.getUint16(offset + 5), height: view.getUint16(offset + 3) };
			const problem = sizeProblem(size.width, size.height, limits);
			if (problem !== undefined) return { problem };
		}
		offset += length;
		if (marker === START_OF_SCAN) {
			if (size === undefined) return damaged("JPEG", "its picture comes before its header");
			const scanStart = offset;
			offset = endOfScan(data, offset);
			hasPicture ||= offset > scanStart;
		}
	}
	return cutOff("JPEG", data);
}

/** Markers without a length: restarts, and the one for temporary use. */
function isStandalone(marker: number): boolean {
	return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}

/** Where the coded data of a scan ends: at a marker that is neither a stuffed zero nor a restart. */
function endOfScan(data: Uint8Array, start: number): number {
	for (let offset = start; offset + 1 < data.length; offset += 1) {
		if (data[offset] !== MARKER) continue;
		const next = data[offset + 1] ?? 0;
		if (next !== 0x00 && next !== MARKER && !(next >= 0xd0 && next <= 0xd7)) return offset;
	}
	return data.length;
}
