import { readOrientation, startsAsExif, UPRIGHT } from "./exif-orientation.ts";
import { JPEG_MARKERS, jpegSegments } from "./jpeg-segments.ts";
import { cutOff, damaged, type ImageInspection, type PixelLimits, sizeProblem } from "./pixel-limits.ts";

/** Baseline, extended and progressive: what every decoder reads. */
const COMMON_FRAMES = new Set([0xc0, 0xc1, 0xc2]);
/** Lossless, hierarchical and arithmetic frames. */
const RARE_FRAMES = new Set([0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf]);

/** Walks a JPEG file from its start to its end marker. */
export function inspectJpeg(data: Uint8Array, limits: PixelLimits): ImageInspection {
	let size: { width: number; height: number } | undefined;
	let orientation: number | undefined;
	let hasPicture = false;
	for (const segment of jpegSegments(data)) {
		if (segment.problem !== undefined) return segment;
		const { marker, content, bytes, end } = segment;
		if (marker === JPEG_MARKERS.endOfImage) {
			if (size === undefined || !hasPicture) return damaged("JPEG", "it holds no picture");
			return { ...size, orientation: orientation ?? UPRIGHT, endOffset: end };
		}
		if (RARE_FRAMES.has(marker)) {
			return { problem: "is a lossless or arithmetic JPEG, which few services read; save it as an ordinary JPEG" };
		}
		if (COMMON_FRAMES.has(marker)) {
			if (size !== undefined) return damaged("JPEG", "it has two headers");
			if (content.length < 6) return damaged("JPEG", "its header is too short");
			size = { width: uint16(content, 3), height: uint16(content, 1) };
			const problem = sizeProblem(size.width, size.height, limits);
			if (problem !== undefined) return { problem };
		}
		// Decoders read the first one, when they read the header.
		if (marker === JPEG_MARKERS.exif && !hasPicture && startsAsExif(content)) {
			orientation ??= readOrientation(content);
		}
		if (marker === JPEG_MARKERS.startOfScan) {
			if (size === undefined) return damaged("JPEG", "its picture comes before its header");
			hasPicture ||= bytes.length > content.length + 4;
		}
	}
	return cutOff("JPEG", data);
}

function uint16(data: Uint8Array, offset: number): number {
	return (data[offset] ?? 0) * 0x100 + (data[offset + 1] ?? 0);
}
