import { readOrientation, UPRIGHT } from "./exif-orientation.ts";
import { animated, cutOff, damaged, type ImageInspection, type PixelLimits, sizeProblem } from "./pixel-limits.ts";
import { hasBytes } from "./sniff-image.ts";
import { WEBP_CHUNK_HEADER, WEBP_FLAGS, WEBP_HEADER, webpChunks, webpEnd } from "./webp-chunks.ts";

interface Size {
	readonly width: number;
	readonly height: number;
}

/** Where the content of the first chunk starts. */
const FIRST_CONTENT = WEBP_HEADER + WEBP_CHUNK_HEADER;

/** Walks the chunks of a WebP file to the end that its own header names. */
export function inspectWebp(data: Uint8Array, limits: PixelLimits): ImageInspection {
	const fileEnd = webpEnd(data);
	let canvas: Size | undefined;
	let picture: Size | undefined;
	let hasExif = false;
	let orientation: number | undefined;
	for (const { type, content, start, end } of webpChunks(data)) {
		if (type === "VP8X") {
			if (start !== FIRST_CONTENT) return damaged("WebP", "its extended header does not come first");
			if (content.length < 10)
				return start + 10 > data.length ? cutOff("WebP", data) : damaged("WebP", "its header is too short");
			const flags = content[0] ?? 0;
			if ((flags & WEBP_FLAGS.animation) !== 0) return animated("WebP");
			hasExif = (flags & WEBP_FLAGS.exif) !== 0;
			canvas = { width: 1 + uint24(content, 4), height: 1 + uint24(content, 7) };
		}
		if (type === "ANIM" || type === "ANMF") return animated("WebP");
		if (type === "VP8 " || type === "VP8L") {
			if (picture !== undefined) return damaged("WebP", "it holds two pictures");
			picture = type === "VP8 " ? lossySize(content) : losslessSize(content);
			if (picture === undefined)
				return content.length < 10 ? cutOff("WebP", data) : damaged("WebP", "its picture has no header");
		}
		const size = picture ?? canvas;
		const problem = size === undefined ? undefined : sizeProblem(size.width, size.height, limits);
		if (problem !== undefined) return { problem };
		if (end > fileEnd && fileEnd <= data.length)
			return damaged("WebP", `the chunk at byte ${start} is longer than the file`);
		// Decoders look for it only where the extended header announces it.
		if (type === "EXIF" && hasExif) orientation ??= readOrientation(content);
	}
	if (fileEnd > data.length) return cutOff("WebP", data);
	if (picture === undefined) return damaged("WebP", "it holds no picture");
	if (canvas !== undefined && (canvas.width !== picture.width || canvas.height !== picture.height)) {
		return damaged("WebP", "its two headers name different sizes");
	}
	return { ...picture, orientation: orientation ?? UPRIGHT, endOffset: fileEnd };
}

/** The size in the first frame header of a VP8 stream: fourteen bits a side, the upper two are for scaling. */
function lossySize(content: Uint8Array): Size | undefined {
	const isKeyFrame = ((content[0] ?? 1) & 1) === 0;
	if (!isKeyFrame || !hasBytes(content, 3, [0x9d, 0x01, 0x2a]) || content.length < 10) return undefined;
	return { width: uint16(content, 6) & 0x3fff, height: uint16(content, 8) & 0x3fff };
}

/** The size in a VP8L stream: fourteen bits a side, each less one, packed after the signature byte. */
function losslessSize(content: Uint8Array): Size | undefined {
	if (content[0] !== 0x2f || content.length < 5) return undefined;
	const packed = uint16(content, 1) + uint16(content, 3) * 0x10000;
	return { width: 1 + (packed & 0x3fff), height: 1 + ((packed >>> 14) & 0x3fff) };
}

function uint16(data: Uint8Array, offset: number): number {
	return (data[offset] ?? 0) + (data[offset + 1] ?? 0) * 0x100;
}

function uint24(data: Uint8Array, offset: number): number {
	return uint16(data, offset) + (data[offset + 2] ?? 0) * 0x10000;
}
