import { animated, cutOff, damaged, type ImageInspection, type PixelLimits, sizeProblem } from "./pixel-limits.ts";
import { hasBytes, latin1 } from "./sniff-image.ts";

interface Size {
	readonly width: number;
	readonly height: number;
}

const FIRST_CHUNK = 12;
const CHUNK_HEADER = 8;
const ANIMATION_FLAG = 0x02;

/** Walks the chunks of a WebP file to the end that its own header names. */
export function inspectWebp(data: Uint8Array, limits: PixelLimits): ImageInspection {
	const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
	const end = CHUNK_HEADER + view.getUint32(4, true);
	let canvas: Size | undefined;
	let picture: Size | undefined;
	for (let offset = FIRST_CHUNK; offset + CHUNK_HEADER <= Math.min(end, data.length); ) {
		const type = latin1(data, offset, 4);
		const start = offset + CHUNK_HEADER;
		const length = view.getUint32(offset + 4, true);
		const content = data.subarray(start, Math.min(start + length, end));
		if (type === "VP8X") {
			if (content.length < 10)
				return start + 10 > data.length ? cutOff("WebP", data) : damaged("WebP", "its header is too short");
			if (((content[0] ?? 0) & ANIMATION_FLAG) !== 0) return animated("WebP");
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
		if (start + length > end && end <= data.length) return damaged("WebP", `its ${type} chunk is longer than the file`);
		offset = start + length + (length % 2);
	}
	if (end > data.length) return cutOff("WebP", data);
	if (picture === undefined) return damaged("WebP", "it holds no picture");
	if (canvas !== undefined && (canvas.width !== picture.width || canvas.height !== picture.height)) {
		return damaged("WebP", "its two headers name different sizes");
	}
	return { ...picture, endOffset: end };
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
