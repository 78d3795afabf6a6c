import { loadImage } from "@napi-rs/canvas";
import type { Photo } from "./photo.ts";

/** The picture, turned as its metadata says; `undefined` when it cannot be decoded to its end. */
export async function decodePhoto(data: Uint8Array): Promise<Photo | undefined> {
	const file = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
	// The decoder fills what is missing with grey and says nothing.
	if (isCutShort(file)) return undefined;
	try {
		const photo = await loadImage(file);
		return photo.width > 0 && photo.height > 0 ? photo : undefined;
	} catch {
		return undefined;
	}
}

/** Whether a PNG, JPEG or WebP file ends before its own structure does. */
function isCutShort(file: Buffer): boolean {
	if (file.subarray(1, 4).toString("latin1") === "PNG") return !endsWithPngEnd(file);
	if (file.subarray(0, 4).toString("latin1") === "RIFF")
		return file.length < 12 || file.readUInt32LE(4) + 8 > file.length;
	// The end of a JPEG comes after its last scan; a thumbnail inside has both before.
	return file.lastIndexOf(Buffer.from([0xff, 0xd9])) < file.lastIndexOf(Buffer.from([0xff, 0xda]));
}

function endsWithPngEnd(file: Buffer): boolean {
	let offset = 8;
	while (offset + 12 <= file.length) {
		if (file.subarray(offset + 4, offset + 8).toString("latin1") === "IEND") return true;
		offset += 12 + file.readUInt32BE(offset);
	}
	return false;
}
