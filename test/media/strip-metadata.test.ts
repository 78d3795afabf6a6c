import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { type LoadImageContext, loadImage } from "../../src/media/index.ts";
import {
	EXTENDED_WEBP,
	exif,
	JPEG,
	jpeg,
	jpegExif,
	jpegFrame,
	jpegNamed,
	jpegScan,
	jpegSegment,
	jpegWith,
	LOSSLESS_WEBP,
	LOSSY_WEBP,
	PERSONAL,
	png,
	pngChunk,
	webp,
	webpCanvas,
	webpChunk,
	webpLossy,
	webpWith,
} from "./image-files.ts";

const LIMITS = { maxBytes: 30_000_000 };
/** The smallest block that says "turn it by a quarter to the right". */
const QUARTER_TURN = Buffer.from("4d4d002a00000008000101120003000000010006000000000000", "hex");
const PROFILE = Buffer.from("a colour profile");

async function strip(data: Uint8Array, context: LoadImageContext = {}): Promise<Buffer> {
	const { image, warnings } = await loadImage("image", data, LIMITS, context);
	expect(warnings).toEqual([]);
	expect(image.sha256).toBe(createHash("sha256").update(image.data).digest("hex"));
	return Buffer.from(image.data);
}

/** The header segments of a JPEG file, and the rest from its scan on. */
function jpegParts(data: Buffer): { readonly segments: readonly Buffer[]; readonly scan: Buffer } {
	const segments: Buffer[] = [];
	let offset = 2;
	while (data.readUInt8(offset + 1) !== 0xda) {
		expect(data.readUInt8(offset)).toBe(0xff);
		const end = offset + 2 + data.readUInt16BE(offset + 2);
		segments.push(data.subarray(offset, end));
		offset = end;
	}
	return { segments, scan: data.subarray(offset) };
}

/** The chunks of a PNG file; all checksums must be right. */
function pngParts(data: Buffer): readonly { readonly type: string; readonly content: Buffer }[] {
	const chunks = [];
	for (let offset = 8; offset < data.length; ) {
		const end = offset + 12 + data.readUInt32BE(offset);
		expect(data.readUInt32BE(end - 4)).toBe(crc32(data.subarray(offset + 4, end - 4)));
		chunks.push({ type: data.toString("latin1", offset + 4, offset + 8), content: data.subarray(offset + 8, end - 4) });
		offset = end;
	}
	return chunks;
}

/** The chunks of a WebP file; its own length must be right, and every chunk must start at an even place. */
function webpParts(data: Buffer): readonly { readonly type: string; readonly content: Buffer }[] {
	expect(data.readUInt32LE(4)).toBe(data.length - 8);
	const chunks = [];
	for (let offset = 12; offset < data.length; ) {
		const length = data.readUInt32LE(offset + 4);
		const type = data.toString("latin1", offset, offset + 4);
		chunks.push({ type, content: data.subarray(offset + 8, offset + 8 + length) });
		offset += 8 + length + (length % 2);
		expect(offset).toBeLessThanOrEqual(data.length);
	}
	return chunks;
}

const typesOf = (chunks: readonly { readonly type: string }[]) => chunks.map(({ type }) => type);

describe("an image without metadata", () => {
	it.each([
		["PNG", png(24, 16)],
		["JPEG", JPEG],
		["lossy WebP", LOSSY_WEBP],
		["lossless WebP", LOSSLESS_WEBP],
		["transparent WebP", EXTENDED_WEBP],
	])("stays as it is, byte for byte: %s", async (_name, data) => {
		expect((await strip(data)).equals(data)).toBe(true);
	});
});

describe("what a photo says of people and places", () => {
	const xmp = Buffer.concat([Buffer.from("<x:xmpmeta>"), PERSONAL]);
	const turned = exif({ orientation: 6 });
	const upright = exif();
	const photos = (block: Buffer): readonly (readonly [string, Buffer])[] => [
		["EXIF in a JPEG", jpegWith(jpegExif(block))],
		["XMP in a JPEG", jpegWith(jpegExif(block), jpegNamed(0xe1, "http://ns.adobe.com/xap/1.0/\0"))],
		["IPTC in a JPEG", jpegWith(jpegExif(block), jpegNamed(0xed, "Photoshop 3.0\0"))],
		["a comment in a JPEG", jpegWith(jpegExif(block), jpegNamed(0xfe, ""))],
		["a maker's own segment in a JPEG", jpegWith(jpegExif(block), jpegNamed(0xe4, "Maker\0"))],
		["proof of origin in a JPEG", jpegWith(jpegExif(block), jpegNamed(0xeb, "JP\0\x01"))],
		["a list of further pictures in a JPEG", jpegWith(jpegExif(block), jpegNamed(0xe2, "MPF\0"))],
		["a reserved segment in a JPEG", jpegWith(jpegExif(block), jpegNamed(0x02, ""))],
		["the thumbnail of a JPEG's EXIF", jpegWith(jpegExif(Buffer.concat([block, JPEG, PERSONAL])))],
		["EXIF in a PNG", png(24, 16, [pngChunk("eXIf", block)])],
		[
			"texts in a PNG",
			png(
				24,
				16,
				["tEXt", "zTXt", "iTXt"].map((type) => pngChunk(type, PERSONAL)),
			),
		],
		["a time and a maker's own chunk in a PNG", png(24, 16, [pngChunk("tIME", PERSONAL), pngChunk("caBX", PERSONAL)])],
		["an unknown chunk in a PNG", png(24, 16, [pngChunk("ABCD", PERSONAL)])],
		["EXIF in a WebP", webpWith(0x08, webpChunk("EXIF", block))],
		["XMP in a WebP", webpWith(0x0c, webpChunk("XMP ", xmp), webpChunk("EXIF", block))],
		["an unknown chunk in a WebP", webpWith(0, webpChunk("note", xmp))],
	];
	it.each([...photos(upright), ...photos(turned)])("is not sent: %s", async (_name, photo) => {
		expect(photo.includes(PERSONAL)).toBe(true);
		expect((await strip(photo)).includes(PERSONAL)).toBe(false);
	});

	it.each(photos(turned))("is sent when the caller wants it to be: %s", async (_name, photo) => {
		expect((await strip(photo, { keepMetadata: true })).equals(photo)).toBe(true);
	});

	it("is still cut off behind the end of the image, wanted or not", async () => {
		const photo = jpegWith(jpegExif());
		const data = Buffer.concat([photo, PERSONAL]);
		const { image, warnings } = await loadImage("image", data, LIMITS, { keepMetadata: true });
		expect(Buffer.from(image.data).equals(photo)).toBe(true);
		expect(warnings).toEqual([expect.stringContaining(`${PERSONAL.length} bytes behind the end`)]);
	});

	it("is not sent when its block cannot be parsed", async () => {
		const broken = Buffer.concat([Buffer.from("II*\0\xff\xff\xff\xff", "latin1"), PERSONAL]);
		for (const photo of [
			jpegWith(jpegExif(broken)),
			png(24, 16, [pngChunk("eXIf", broken)]),
			webpWith(0x08, webpChunk("EXIF", broken)),
		]) {
			const stripped = await strip(photo);
			expect(stripped.includes(PERSONAL)).toBe(false);
			expect(stripped.includes(Buffer.from("EXIF", "latin1"))).toBe(false);
			expect(stripped.toString("latin1")).not.toMatch(/exif/i);
		}
	});
});

describe("a JPEG that is stripped", () => {
	const adobe = jpegNamed(0xee, "Adobe", Buffer.from([0, 100, 0, 0, 0, 0, 1]));
	const original = jpegParts(JPEG);
	const [jfif = Buffer.alloc(0), ...tables] = original.segments;

	it("keeps its picture, its colours and its orientation, in the places where they belong", async () => {
		const profile = [1, 2].map((part) =>
			jpegNamed(0xe2, "ICC_PROFILE\0", Buffer.concat([Buffer.from([part, 2]), PROFILE])),
		);
		const photo = jpegWith(jpegNamed(0xfe, "hello"), ...profile, adobe, jpegExif(exif({ orientation: 6 })));
		const { segments, scan } = jpegParts(await strip(photo));
		expect(segments).toEqual([jfif, jpegExif(QUARTER_TURN), ...profile, adobe, ...tables]);
		expect(scan.equals(original.scan)).toBe(true);
	});

	it("loses its thumbnails, which may show what was cut off", async () => {
		const header = Buffer.from(jfif);
		header.set([2, 1], 16);
		header.writeUInt16BE(16 + 6, 2);
		const thumbnail = Buffer.concat([header, Buffer.from("pixels")]);
		const extension = jpegNamed(0xe0, "JFXX\0\x10", JPEG);
		const parts = [thumbnail, extension, ...tables, original.scan.subarray(0, -2)];
		expect((await strip(jpeg(...parts))).equals(JPEG)).toBe(true);
	});

	it("loses what stands between two scans, and keeps each of them", async () => {
		const scans = [jpegScan([1, 255, 0, 2]), jpegScan([3, 255, 208, 4])] as const;
		const table = jpegSegment(0xc4, [7]);
		const frame = jpegFrame(9, 8, 0xc2);
		const data = jpeg(frame, scans[0], jpegExif(), table, jpegNamed(0xfe, ""), scans[1]);
		expect((await strip(data)).equals(jpeg(frame, scans[0], table, scans[1]))).toBe(true);
	});

	it.each([
		["a JFIF header that is cut off", jpegSegment(0xe0, [...Buffer.from("JFIF\0\x01\x02")])],
		["an Adobe segment that is cut off", jpegSegment(0xee, [...Buffer.from("Adobe\0d")])],
		["padding before a marker", Buffer.from([0xff, 0xff])],
		["restart markers outside of its picture", Buffer.from([0xff, 0xd0, 0xff, 0x01])],
	])("loses what decoders skip: %s", async (_name, part) => {
		expect((await strip(jpegWith(part))).equals(JPEG)).toBe(true);
	});

	it("keeps no more of an Adobe segment than decoders read", async () => {
		const longer = jpegNamed(0xee, "Adobe", Buffer.concat([adobe.subarray(9), PERSONAL]));
		expect((await strip(jpegWith(longer))).equals(jpegWith(adobe))).toBe(true);
	});
});

describe("a PNG that is stripped", () => {
	it("keeps its picture, its colours and its orientation, in the places where they belong", async () => {
		const palette = [pngChunk("gAMA", Buffer.alloc(4)), pngChunk("iCCP", PROFILE), pngChunk("tRNS", Buffer.alloc(2))];
		const photo = png(24, 16, [
			pngChunk("tEXt", PERSONAL),
			...palette,
			pngChunk("eXIf", exif({ orientation: 6 })),
			pngChunk("pHYs", Buffer.alloc(9)),
		]);
		const chunks = pngParts(await strip(photo));
		expect(typesOf(chunks)).toEqual(["IHDR", "gAMA", "iCCP", "tRNS", "pHYs", "eXIf", "IDAT", "IEND"]);
		expect(chunks.find(({ type }) => type === "eXIf")?.content).toEqual(QUARTER_TURN);
		const rest = chunks.filter(({ type }) => type !== "eXIf");
		expect(rest).toEqual(pngParts(photo).filter(({ type }) => type !== "eXIf" && type !== "tEXt"));
	});

	it("keeps every part of its picture when something stands between or behind them", async () => {
		const parts = [Buffer.from("one"), Buffer.from("two")].map((part) => pngChunk("IDAT", part));
		const note = pngChunk("iTXt", PERSONAL);
		const photo = png(24, 16, [note, ...parts.flatMap((part) => [part, note])]);
		expect((await strip(photo)).equals(png(24, 16, parts))).toBe(true);
	});

	it("loses a colour chunk whose checksum is wrong, as decoders ignore it", async () => {
		const broken = pngChunk("iCCP", PROFILE);
		broken.writeUInt8(broken.readUInt8(8) ^ 1, 8);
		expect((await strip(png(24, 16, [broken]))).equals(png(24, 16))).toBe(true);
	});
});

describe("a WebP that is stripped", () => {
	const ALPHA = 0x10;
	const PROFILED = 0x20;
	const lossy = LOSSY_WEBP.subarray(12);

	it("keeps its picture, its colours and its orientation, and announces what is left", async () => {
		const photo = webp(
			webpCanvas(24, 16, ALPHA | PROFILED | 0x0c),
			webpChunk("ICCP", PROFILE.subarray(1)),
			webpChunk("ALPH", Buffer.from([0, 1, 2])),
			lossy,
			webpChunk("EXIF", exif({ orientation: 6 })),
			webpChunk("XMP ", PERSONAL),
		);
		const chunks = webpParts(await strip(photo));
		expect(typesOf(chunks)).toEqual(["VP8X", "ICCP", "ALPH", "VP8 ", "EXIF"]);
		expect(chunks[0]?.content).toEqual(webpCanvas(24, 16, ALPHA | PROFILED | 0x08).subarray(8));
		expect(chunks.slice(1, 4)).toEqual(webpParts(photo).slice(1, 4));
		expect(chunks[4]?.content).toEqual(QUARTER_TURN);
	});

	it("announces no metadata when none is left", async () => {
		const photo = webpWith(ALPHA | 0x0c, webpChunk("EXIF", exif()), webpChunk("XMP ", PERSONAL));
		expect((await strip(photo)).equals(webpWith(ALPHA))).toBe(true);
	});

	it("loses metadata that it did not announce", async () => {
		const photo = webp(lossy, webpChunk("EXIF", exif({ orientation: 6 })));
		expect((await strip(photo)).equals(LOSSY_WEBP)).toBe(true);
	});

	it("is padded where its writer forgot to", async () => {
		const padded = webp(webpLossy(8, 6), webpChunk("ALPH", Buffer.alloc(3)));
		const unpadded = Buffer.from(padded.subarray(0, -1));
		unpadded.writeUInt32LE(unpadded.length - 8, 4);
		expect((await strip(unpadded)).equals(padded)).toBe(true);
	});

	it("loses bytes that are too few for another chunk", async () => {
		const longer = Buffer.concat([LOSSY_WEBP, Buffer.from("short")]);
		longer.writeUInt32LE(longer.length - 8, 4);
		expect((await strip(longer)).equals(LOSSY_WEBP)).toBe(true);
	});

	it("keeps nothing behind the known part of its extended header", async () => {
		const header = webpCanvas(24, 16, ALPHA);
		const longer = webpChunk("VP8X", Buffer.concat([header.subarray(8), PERSONAL]));
		expect((await strip(webp(longer, lossy))).equals(webp(header, lossy))).toBe(true);
	});
});

describe("a file of a million tiny blocks", () => {
	const fill = (block: Buffer) => Buffer.alloc(4_000_000 - (4_000_000 % block.length), block);
	it.each([
		["a JPEG of comments", jpegWith(fill(jpegSegment(0xfe, [])))],
		["a JPEG of EXIF blocks", jpegWith(fill(jpegExif(exif({ orientation: 6 }))))],
		["a JPEG of thumbnails", jpegWith(fill(jpegNamed(0xe0, "JFIF\0", Buffer.alloc(9, 1))))],
		["a PNG of texts", png(24, 16, [fill(pngChunk("tEXt"))])],
		["a PNG of EXIF blocks", png(24, 16, [fill(pngChunk("eXIf", exif({ orientation: 6 })))])],
		["a PNG of colours", png(24, 16, [fill(pngChunk("gAMA"))])],
		["a WebP of notes", webpWith(0, fill(webpChunk("note", Buffer.alloc(0))))],
		["a WebP of colour profiles", webpWith(0, fill(webpChunk("ICCP", Buffer.alloc(1))))],
	])("is stripped in a moment: %s", async (_name, data) => {
		const started = performance.now();
		const stripped = await strip(data);
		expect(performance.now() - started).toBeLessThan(2000);
		expect(stripped.length).toBeLessThanOrEqual(data.length);
	});
});
