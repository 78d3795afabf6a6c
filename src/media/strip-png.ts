import { ByteWriter } from "./byte-writer.ts";
import { orientationExif, UPRIGHT } from "./exif-orientation.ts";
import { checksum, hasGoodChecksum, pngChunks } from "./png-chunks.ts";
import { PNG_SIGNATURE } from "./sniff-image.ts";

/** What a picture is decoded with: its own chunks, its colours, its transparency, the shape of its pixels. */
const KEPT = new Set([
	...["IHDR", "PLTE", "IDAT", "IEND"],
	...["cHRM", "gAMA", "iCCP", "sBIT", "sRGB", "cICP", "mDCV", "cLLI"],
	...["bKGD", "tRNS", "pHYs"],
]);
/** More than the orientation's own chunk. */
const GROWTH = 64;

/**
 * A PNG file of the same picture without its metadata. A chunk whose checksum is wrong goes as well, as
 * decoders ignore it.
 *
 * @param data A file that `inspectPng` took, up to its last chunk.
 */
export function stripPng(data: Uint8Array, orientation: number): Uint8Array {
	const writer = new ByteWriter(data.length + GROWTH).write(PNG_SIGNATURE);
	let exif = orientation === UPRIGHT ? undefined : exifChunk(orientation);
	for (const chunk of pngChunks(data)) {
		if (!KEPT.has(chunk.type) || !hasGoodChecksum(chunk)) continue;
		if (exif !== undefined && chunk.type === "IDAT") {
			writer.write(exif);
			exif = undefined;
		}
		writer.write(chunk.bytes);
	}
	return writer.bytes();
}

function exifChunk(orientation: number): Uint8Array {
	const content = orientationExif(orientation);
	const chunk = Buffer.alloc(content.length + 12);
	chunk.writeUInt32BE(content.length);
	chunk.write("eXIf", 4, "latin1");
	chunk.set(content, 8);
	chunk.writeUInt32BE(checksum(chunk.subarray(4, -4)), chunk.length - 4);
	return chunk;
}
