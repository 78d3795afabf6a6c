import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { createCanvas } from "@napi-rs/canvas";
import type { InputImage } from "../../../src/provider-kit/index.ts";

/** A picture in four colours, one for each quarter, as a file of the given type. */
export function quartersPicture(width: number, height: number, type: "png" | "jpeg" | "webp" = "png"): InputImage {
	const canvas = createCanvas(width, height);
	const context = canvas.getContext("2d");
	for (const [index, color] of ["#d02020", "#20b040", "#2040d0", "#e0d020"].entries()) {
		context.fillStyle = color;
		context.fillRect((index % 2) * (width / 2), Math.floor(index / 2) * (height / 2), width / 2, height / 2);
	}
	return toInputImage(type === "png" ? canvas.encodeSync("png") : canvas.encodeSync(type, 95), type, width, height);
}

/** Bytes as the core would hand them over. */
export function toInputImage(
	data: Uint8Array,
	type: "png" | "jpeg" | "webp",
	width: number,
	height: number,
): InputImage {
	return { mediaType: `image/${type}`, data, width, height, sha256: createHash("sha256").update(data).digest("hex") };
}

/** The file with metadata that says how a viewer must turn it (EXIF orientation, 1 to 8). */
export function withOrientation(file: Uint8Array, orientation: number, prefix = Buffer.alloc(0)): Uint8Array {
	const tiff = Buffer.from("49492a0008000000010012010300010000000000000000000000", "hex");
	tiff.writeUInt16LE(orientation, 18);
	const exif = Buffer.concat([prefix, tiff]);
	if (file[0] === 0xff) return jpegWith(file, exif);
	return file[0] === 0x89 ? pngWith(file, exif) : webpWith(file, exif);
}

function jpegWith(jpeg: Uint8Array, exif: Buffer): Uint8Array {
	const body = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), exif]);
	const head = Buffer.from([0xff, 0xe1, 0, 0]);
	head.writeUInt16BE(body.length + 2, 2);
	return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}

function pngWith(png: Uint8Array, exif: Buffer): Uint8Array {
	const afterHeader = 33;
	const body = Buffer.concat([Buffer.from("eXIf", "latin1"), exif]);
	const length = Buffer.alloc(4);
	length.writeUInt32BE(exif.length);
	const checksum = Buffer.alloc(4);
	checksum.writeUInt32BE(crc32(body));
	return Buffer.concat([png.subarray(0, afterHeader), length, body, checksum, png.subarray(afterHeader)]);
}

/** Of a WebP with an extended header, as the canvas writes it. */
function webpWith(webp: Uint8Array, exif: Buffer): Uint8Array {
	const header = Buffer.from("EXIF\0\0\0\0", "latin1");
	header.writeUInt32LE(exif.length, 4);
	const file = Buffer.concat([webp, header, exif]);
	file.writeUInt32LE(file.length - 8, 4);
	file.writeUInt8(file.readUInt8(20) | 0x08, 20);
	return file;
}
