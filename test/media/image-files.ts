import { crc32, deflateSync } from "node:zlib";

export const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** One chunk of a PNG file, with the right checksum. */
export function pngChunk(type: string, data: Uint8Array = Buffer.alloc(0)): Buffer {
	const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
	return Buffer.concat([uint32(data.length), body, uint32(crc32(body))]);
}

/** The header chunk of an eight-bit greyscale picture. */
export function pngHeader(width: number, height: number): Buffer {
	return pngChunk("IHDR", Buffer.concat([uint32(width), uint32(height), Buffer.from([8, 0, 0, 0, 0])]));
}

/** A PNG of one grey; `extra` chunks stand between its header and its picture. */
export function png(width: number, height: number, extra: readonly Uint8Array[] = []): Buffer {
	const pixels = deflateSync(Buffer.alloc(Math.min((width + 1) * height, 10_000)));
	return Buffer.concat([PNG_SIGNATURE, pngHeader(width, height), ...extra, pngChunk("IDAT", pixels), pngChunk("IEND")]);
}

/** A real baseline JPEG, 24 by 16 pixels. */
export const JPEG = Buffer.from(
	"/9j/4AAQSkZJRgABAgAAAQABAAD/2wBDAAg+Pkk+SVVVVVVVVWRdZGhoaGRkZGRoaGhwcHCDg4NwcHBoaHBwfHyDg4+Tj4eHg4eT" +
		"k5ubm7q6srLZ2eD/////xABKAAEAAAAAAAAAAAAAAAAAAAAAAQEAAAAAAAAAAAAAAAAAAAAAEAEAAAAAAAAAAAAAAAAAAAAAEQEA" +
		"AAAAAAAAAAAAAAAAAAAA/8AAEQgAEAAYAwESAAISAAMSAP/aAAwDAQACEQMRAD8AAAAAAA//2Q==",
	"base64",
);

/** One segment of a JPEG file. */
export function jpegSegment(marker: number, content: readonly number[]): Buffer {
	const length = content.length + 2;
	return Buffer.from([0xff, marker, length >> 8, length & 0xff, ...content]);
}

/** The frame header of a JPEG file; 0xc0 is baseline, 0xc2 progressive. */
export function jpegFrame(width: number, height: number, marker = 0xc0): Buffer {
	return jpegSegment(marker, [8, height >> 8, height & 0xff, width >> 8, width & 0xff, 1, 1, 0x11, 0]);
}

/** The header of a scan and its coded data. */
export function jpegScan(data: readonly number[] = [1, 2, 3]): Buffer {
	return Buffer.concat([jpegSegment(0xda, [1, 1, 0, 0, 63, 0]), Buffer.from(data)]);
}

/** A JPEG file of these parts between its start and end markers. */
export function jpeg(...parts: readonly Uint8Array[]): Buffer {
	return Buffer.concat([Buffer.from([0xff, 0xd8]), ...parts, Buffer.from([0xff, 0xd9])]);
}

/** A real lossy WebP, 24 by 16 pixels. */
export const LOSSY_WEBP = Buffer.from(
	"UklGRj4AAABXRUJQVlA4IDIAAADQAgCdASoYABAAP83W4mY/tK4nMAgD8DmJQBadBaSAAP7XlVtirjv4oea3sHTNQQAAAA==",
	"base64",
);

/** A real lossless WebP, 24 by 16 pixels. */
export const LOSSLESS_WEBP = Buffer.from("UklGRhwAAABXRUJQVlA4TA8AAAAvF8ADAAcQ9Y/+ByKi/wEA", "base64");

/** A real WebP with transparency and so with the extended header, 24 by 16 pixels. */
export const EXTENDED_WEBP = Buffer.from(
	"UklGRmIAAABXRUJQVlA4WAoAAAAQAAAAFwAADwAAQUxQSAoAAAABB9C/iAhERP8DVlA4IDIAAADQAgCdASoYABAAP83W4mY/tK4nMAgD8DmJQBadBaSA" +
		"AP7XlVtirjv4oea3sHTNQQAAAA==",
	"base64",
);

/** One chunk of a WebP file. */
export function webpChunk(type: string, data: Uint8Array): Buffer {
	const length = Buffer.alloc(4);
	length.writeUInt32LE(data.length);
	return Buffer.concat([Buffer.from(type, "latin1"), length, data, Buffer.alloc(data.length % 2)]);
}

/** A WebP file of these chunks. */
export function webp(...chunks: readonly Uint8Array[]): Buffer {
	return webpChunk("RIFF", Buffer.concat([Buffer.from("WEBP"), ...chunks]));
}

/** The extended header of a WebP file. */
export function webpCanvas(width: number, height: number, flags = 0): Buffer {
	const data = Buffer.alloc(10);
	data.writeUInt8(flags, 0);
	data.writeUIntLE(width - 1, 4, 3);
	data.writeUIntLE(height - 1, 7, 3);
	return webpChunk("VP8X", data);
}

/** A lossy picture that is only a header. */
export function webpLossy(width: number, height: number, frameTag = 0x10): Buffer {
	const data = Buffer.alloc(12);
	data.set([frameTag, 0, 0, 0x9d, 0x01, 0x2a]);
	data.writeUInt16LE(width, 6);
	data.writeUInt16LE(height, 8);
	return webpChunk("VP8 ", data);
}

/** What no provider may see; every kind of metadata below holds it. */
export const PERSONAL = Buffer.from("50.0875 N 14.4213 E, Jane");

/** How the tests spell an EXIF block. */
export interface ExifRecipe {
	readonly orientation?: number;
	readonly byteOrder?: "II" | "MM";
}

/** An EXIF block as a camera writes it: its maker, the orientation, and where the picture was taken. */
export function exif({ orientation = 1, byteOrder = "II" }: ExifRecipe = {}): Buffer {
	const isLittle = byteOrder === "II";
	const block = Buffer.alloc(68 + 2 * PERSONAL.length);
	const view = new DataView(block.buffer, block.byteOffset, block.length);
	const entry = (offset: number, tag: number, type: number, count: number, value: number) => {
		view.setUint16(offset, tag, isLittle);
		view.setUint16(offset + 2, type, isLittle);
		view.setUint32(offset + 4, count, isLittle);
		if (type === 3) view.setUint16(offset + 8, value, isLittle);
		else view.setUint32(offset + 8, value, isLittle);
	};
	block.write(byteOrder);
	view.setUint16(2, 42, isLittle);
	view.setUint32(4, 8, isLittle);
	view.setUint16(8, 3, isLittle);
	entry(10, 0x010f, 2, PERSONAL.length, 68);
	entry(22, 0x0112, 3, 1, orientation);
	entry(34, 0x8825, 4, 1, 50);
	view.setUint16(50, 1, isLittle);
	entry(52, 0x001d, 2, PERSONAL.length, 68 + PERSONAL.length);
	block.set(PERSONAL, 68);
	block.set(PERSONAL, 68 + PERSONAL.length);
	return block;
}

/** The EXIF segment of a JPEG file. */
export function jpegExif(block: Uint8Array = exif()): Buffer {
	return jpegSegment(0xe1, [...Buffer.from("Exif\0\0", "latin1"), ...block]);
}

/** A segment that begins with a name, such as `ICC_PROFILE`. */
export function jpegNamed(marker: number, name: string, content: Uint8Array = PERSONAL): Buffer {
	return jpegSegment(marker, [...Buffer.from(name, "latin1"), ...content]);
}

/** The real JPEG with other segments behind its JFIF header. */
export function jpegWith(...segments: readonly Uint8Array[]): Buffer {
	return Buffer.concat([JPEG.subarray(0, JFIF_END), ...segments, JPEG.subarray(JFIF_END)]);
}

/** A WebP with its extended header and these chunks behind its picture; 0x08 in the flags announces EXIF, 0x04 XMP. */
export function webpWith(flags: number, ...chunks: readonly Uint8Array[]): Buffer {
	return webp(webpCanvas(24, 16, flags), LOSSY_WEBP.subarray(12), ...chunks);
}

const JFIF_END = 20;

function uint32(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32BE(value);
	return bytes;
}
