import { createCanvas, type Image, loadImage } from "@napi-rs/canvas";
import type { Photo } from "./photo.ts";
import type { RenderImage } from "./render-spec.ts";

/** The picture, turned as its metadata says; `undefined` when it cannot be decoded to its end. */
export async function decodePhoto({ data, orientation }: RenderImage): Promise<Photo | undefined> {
	const file = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
	// The decoder fills what is missing with grey and says nothing.
	if (isCutShort(file)) return undefined;
	try {
		const image = await loadImage(isWebp(file) ? withoutOrientation(file) : file);
		if (image.width === 0 || image.height === 0) return undefined;
		// The decoder turns a JPEG by itself. It does not turn a PNG, and a WebP depends on who wrote it.
		return orientation === undefined || isJpeg(file) ? image : turn(image, orientation);
	} catch {
		return undefined;
	}
}

/** The picture turned and mirrored as EXIF numbers it, 1 to 8. */
function turn(image: Image, orientation: number): Photo {
	const { width, height } = image;
	const canvas = orientation < 5 ? createCanvas(width, height) : createCanvas(height, width);
	const context = canvas.getContext("2d");
	// From 5 on, rows and columns change places first.
	if (orientation >= 5) context.transform(0, 1, 1, 0, 0, 0);
	const [flipsX, flipsY] = FLIPS[orientation] ?? [false, false];
	context.transform(flipsX ? -1 : 1, 0, 0, flipsY ? -1 : 1, flipsX ? width : 0, flipsY ? height : 0);
	context.drawImage(image, 0, 0);
	return canvas;
}

/** Whether the stored picture is mirrored from left to right, and from top to bottom. */
const FLIPS: Readonly<Record<number, readonly [boolean, boolean]>> = {
	2: [true, false],
	3: [true, true],
	4: [false, true],
	6: [false, true],
	7: [true, true],
	8: [true, false],
};

function isJpeg(file: Buffer): boolean {
	return file[0] === 0xff && file[1] === 0xd8;
}

function isWebp(file: Buffer): boolean {
	return file.subarray(0, 4).toString("latin1") === "RIFF";
}

/** A decoder looks for EXIF in a WebP only when a bit of its extended header says that there is some. */
function withoutOrientation(webp: Buffer): Buffer {
	if (webp.subarray(12, 16).toString("latin1") !== "VP8X") return webp;
	const copy = Buffer.from(webp);
	copy.writeUInt8(copy.readUInt8(20) & ~0x08, 20);
	return copy;
}

/** Whether a PNG, JPEG or WebP file ends before its own structure does. */
function isCutShort(file: Buffer): boolean {
	if (file.subarray(1, 4).toString("latin1") === "PNG") return !endsWithPngEnd(file);
	if (isWebp(file)) return file.length < 12 || file.readUInt32LE(4) + 8 > file.length;
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
