import { ByteWriter } from "./byte-writer.ts";
import { orientationExif, UPRIGHT } from "./exif-orientation.ts";
import { WEBP_CHUNK_HEADER, WEBP_FLAGS, WEBP_HEADER, webpChunks } from "./webp-chunks.ts";

/** The colour profile, the transparency and the picture. */
const KEPT = new Set(["ICCP", "ALPH", "VP8 ", "VP8L"]);
const EXTENDED_HEADER = 10;
/** More than the orientation's own chunk and a byte of padding. */
const GROWTH = 64;

/**
 * A WebP file of the same picture without its metadata.
 *
 * @param data A file that `inspectWebp` took, up to the end that its header names.
 */
export function stripWebp(data: Uint8Array, orientation: number): Uint8Array {
	const writer = new ByteWriter(data.length + GROWTH).write(data.subarray(0, WEBP_HEADER));
	const isTurned = orientation !== UPRIGHT;
	for (const { type, content, bytes } of webpChunks(data)) {
		if (type === "VP8X") writePadded(writer, chunkOf(type, withExifFlag(content, isTurned)));
		else if (KEPT.has(type)) writePadded(writer, bytes);
	}
	if (isTurned) writePadded(writer, chunkOf("EXIF", orientationExif(orientation)));
	const stripped = writer.bytes();
	new DataView(stripped.buffer, stripped.byteOffset).setUint32(4, stripped.length - WEBP_CHUNK_HEADER, true);
	return stripped;
}

function withExifFlag(content: Uint8Array, hasExif: boolean): Uint8Array {
	const header = content.slice(0, EXTENDED_HEADER);
	const others = (header[0] ?? 0) & ~(WEBP_FLAGS.exif | WEBP_FLAGS.xmp);
	header[0] = others | (hasExif ? WEBP_FLAGS.exif : 0);
	return header;
}

function chunkOf(type: string, content: Uint8Array): Uint8Array {
	const chunk = Buffer.alloc(WEBP_CHUNK_HEADER + content.length);
	chunk.write(type, "latin1");
	chunk.writeUInt32LE(content.length, 4);
	chunk.set(content, WEBP_CHUNK_HEADER);
	return chunk;
}

/** A chunk starts at an even place. */
function writePadded(writer: ByteWriter, chunk: Uint8Array): void {
	writer.write(chunk);
	if (chunk.length % 2 === 1) writer.write([0]);
}
