import { describe, expect, it } from "vitest";
import { InputError, isVideoError } from "../../src/errors/index.ts";
import { type ImageLimits, loadImage } from "../../src/media/index.ts";
import {
	EXTENDED_WEBP,
	JPEG,
	jpeg,
	jpegFrame,
	jpegScan,
	jpegSegment,
	LOSSLESS_WEBP,
	LOSSY_WEBP,
	PNG_SIGNATURE,
	png,
	pngChunk,
	pngHeader,
	webp,
	webpCanvas,
	webpChunk,
	webpLossy,
} from "./image-files.ts";

const LIMITS: ImageLimits = { maxBytes: 1_000_000 };
const SCAN = jpegScan();
const PICTURE = png(24, 16);

async function problemOf(data: Uint8Array, limits = LIMITS): Promise<string> {
	const error = await loadImage("image", data, limits).catch((caught: unknown) => caught);
	if (!isVideoError(error)) expect.unreachable(`not refused with an error of ours: ${String(error)}`);
	expect(error).toBeInstanceOf(InputError);
	expect(error.message).toMatch(/^image: [^\n]+$/);
	return error.message;
}

describe("a whole image", () => {
	it.each<[string, Uint8Array, string, number, number]>([
		["a PNG", PICTURE, "image/png", 24, 16],
		["a PNG with text and a transparency", png(3, 9, [pngChunk("tEXt", Buffer.from("a"))]), "image/png", 3, 9],
		["a PNG whose comment has a wrong checksum", png(3, 9, [Buffer.from("\0\0\0\0tEXt1234")]), "image/png", 3, 9],
		["a baseline JPEG", JPEG, "image/jpeg", 24, 16],
		["a progressive JPEG", jpeg(jpegFrame(640, 480, 0xc2), SCAN, jpegSegment(0xc4, [0]), SCAN), "image/jpeg", 640, 480],
		[
			"a JPEG with restarts and stuffed zeros",
			jpeg(jpegFrame(9, 8), jpegScan([1, 255, 0, 255, 208, 255, 255, 0, 2])),
			"image/jpeg",
			9,
			8,
		],
		["a JPEG with a thumbnail", jpeg(jpegSegment(0xe1, [...JPEG]), jpegFrame(9, 8), SCAN), "image/jpeg", 9, 8],
		[
			"a JPEG with padding before a marker",
			jpeg(Buffer.from([255, 255, 255]), jpegFrame(9, 8), SCAN),
			"image/jpeg",
			9,
			8,
		],
		["a lossy WebP", LOSSY_WEBP, "image/webp", 24, 16],
		["a lossless WebP", LOSSLESS_WEBP, "image/webp", 24, 16],
		["a transparent WebP", EXTENDED_WEBP, "image/webp", 24, 16],
		[
			"a WebP with an odd number of bytes before its picture",
			webp(webpCanvas(8, 6), webpChunk("ICCP", Buffer.alloc(3)), webpLossy(8, 6)),
			"image/webp",
			8,
			6,
		],
		["a WebP that is scaled up when shown", webp(webpLossy(640 + 0x4000, 480 + 0x8000)), "image/webp", 640, 480],
	])("%s is measured from its header", async (_name, data, mediaType, width, height) => {
		const { image, warnings } = await loadImage("image", data, LIMITS, { keepMetadata: true });
		expect(image).toMatchObject({ mediaType, width, height });
		expect(image.data.length).toBe(data.length);
		expect(warnings).toEqual([]);
	});
});

describe("an image that is cut off", () => {
	it.each([
		["PNG", PICTURE],
		["JPEG", JPEG],
		["lossy WebP", LOSSY_WEBP],
		["lossless WebP", LOSSLESS_WEBP],
		["transparent WebP", EXTENDED_WEBP],
	])("is refused at every byte: %s", async (_name, whole) => {
		for (let length = 0; length < whole.length; length += 1) {
			const message = await problemOf(whole.subarray(0, length));
			if (length > 16) expect(message).toMatch(/is cut off: the .* stops after \d+ bytes; give the whole file/);
		}
	});
});

describe("an image with something behind its end", () => {
	it.each([
		["PNG", PICTURE],
		["JPEG", JPEG],
		["WebP", LOSSY_WEBP],
	])("is sent without it, with a warning: %s", async (_name, whole) => {
		const polyglot = Buffer.concat([whole, Buffer.from("PK\x03\x04 a ZIP archive")]);
		const plain = await loadImage("image", whole, LIMITS);
		const { image, warnings } = await loadImage("image", polyglot, LIMITS);
		expect(Buffer.from(image.data).equals(whole)).toBe(true);
		expect(image.sha256).toBe(plain.image.sha256);
		expect(warnings).toEqual(["image: 18 bytes behind the end of the image are not sent"]);
	});
});

describe("an image that is too big when decoded", () => {
	it.each([
		["PNG", png(60_000, 60_000)],
		["JPEG", jpeg(jpegFrame(60_000, 60_000), SCAN)],
		["WebP by its canvas", webp(webpCanvas(60_000, 60_000), webpLossy(8, 8))],
		["PNG of which only the header came", Buffer.concat([PNG_SIGNATURE, pngHeader(60_000, 60_000)])],
		["PNG with the largest sides", png(0xffffffff, 0xffffffff)],
	])("is refused by its header: %s", async (_name, data) => {
		expect(await problemOf(data)).toMatch(
			/measures \d+x\d+ pixels, and no side may be longer than 16384; scale it down/,
		);
	});

	it("is refused above 40 megapixels, and taken at the limit", async () => {
		await expect(loadImage("image", png(8000, 5000), LIMITS)).resolves.toBeDefined();
		expect(await problemOf(png(8001, 5000))).toContain("more than the limit of 40000000");
	});

	it("is measured by the caller's limits when there are any", async () => {
		await expect(loadImage("image", png(20_000, 2), { ...LIMITS, maxSide: 20_000 })).resolves.toBeDefined();
		expect(await problemOf(png(101, 2), { ...LIMITS, maxSide: 100 })).toContain("longer than 100");
		expect(await problemOf(png(10, 11), { ...LIMITS, maxPixels: 109 })).toContain("limit of 109");
	});
});

describe("an image without an area", () => {
	it.each([
		["PNG without a width", png(0, 5)],
		["PNG without a height", png(5, 0)],
		["JPEG whose height comes later", jpeg(jpegFrame(5, 0), SCAN)],
		["WebP", webp(webpLossy(0, 5))],
	])("is refused: %s", async (_name, data) => {
		expect(await problemOf(data)).toContain("has no area");
	});
});

describe("an image that moves", () => {
	it.each([
		["PNG", png(5, 5, [pngChunk("acTL", Buffer.alloc(8))])],
		["WebP by its flag", webp(webpCanvas(5, 5, 2), webpLossy(5, 5))],
		["WebP by its frames", webp(webpCanvas(5, 5), webpChunk("ANMF", Buffer.alloc(16)))],
	])("is refused: %s", async (_name, data) => {
		expect(await problemOf(data)).toMatch(/is an animated (PNG|WebP); give an image with one frame/);
	});
});

describe("an image that breaks its format's rules", () => {
	const badChecksum = Buffer.from(PICTURE);
	badChecksum.writeUInt8(badChecksum.readUInt8(29) ^ 1, 29);
	const badPicture = Buffer.from(PICTURE);
	badPicture.writeUInt8(badPicture.readUInt8(45) ^ 1, 45);
	const idat = pngChunk("IDAT", Buffer.alloc(9));
	const iend = pngChunk("IEND");
	const size = pngHeader(5, 5);

	it.each<[string, Uint8Array]>([
		["PNG: the header's checksum", badChecksum],
		["PNG: the picture's checksum", badPicture],
		["PNG: no header", Buffer.concat([PNG_SIGNATURE, idat, iend])],
		["PNG: two headers", Buffer.concat([PNG_SIGNATURE, size, size, idat, iend])],
		["PNG: a short header", Buffer.concat([PNG_SIGNATURE, pngChunk("IHDR", Buffer.alloc(12)), idat, iend])],
		["PNG: no picture", Buffer.concat([PNG_SIGNATURE, size, iend])],
		["PNG: an empty picture", Buffer.concat([PNG_SIGNATURE, size, pngChunk("IDAT"), iend])],
		["PNG: no chunk where one belongs", Buffer.concat([PNG_SIGNATURE, size, Buffer.alloc(40)])],
		["JPEG: no picture", jpeg(jpegFrame(5, 5))],
		["JPEG: an empty picture", jpeg(jpegFrame(5, 5), jpegScan([]))],
		["JPEG: a picture before its header", jpeg(SCAN, jpegFrame(5, 5))],
		["JPEG: two headers", jpeg(jpegFrame(5, 5), SCAN, jpegFrame(6, 6), SCAN)],
		["JPEG: a short header", jpeg(jpegSegment(0xc0, [8, 0, 5]), SCAN)],
		["JPEG: no marker where one belongs", jpeg(Buffer.from([0xff, 0xe0, 0, 2, 7]), jpegFrame(5, 5), SCAN)],
		["JPEG: a stuffed zero outside a picture", jpeg(Buffer.from([0xff, 0]), jpegFrame(5, 5), SCAN)],
		["JPEG: a segment without a length", jpeg(Buffer.from([0xff, 0xe0, 0, 1]), jpegFrame(5, 5), SCAN)],
		["WebP: no picture", webp(webpCanvas(5, 5))],
		["WebP: no chunk", webp()],
		["WebP: two pictures", webp(webpLossy(5, 5), webpLossy(5, 5))],
		["WebP: two widths", webp(webpCanvas(5, 5), webpLossy(6, 5))],
		["WebP: two heights", webp(webpCanvas(5, 5), webpLossy(5, 6))],
		["WebP: a canvas behind its picture", webp(webpLossy(5, 5), webpCanvas(5, 5))],
		["WebP: two canvases", webp(webpCanvas(5, 5), webpCanvas(5, 5), webpLossy(5, 5))],
		["WebP: a short canvas", webp(webpChunk("VP8X", Buffer.alloc(6)), webpLossy(5, 5))],
		["WebP: a picture without its mark", webp(webpChunk("VP8 ", Buffer.alloc(12)))],
		["WebP: a picture that needs another", webp(webpLossy(5, 5, 0x11))],
		["WebP: a lossless picture without its mark", webp(webpChunk("VP8L", Buffer.alloc(12)))],
		["WebP: a chunk longer than the file", webp(webpLossy(5, 5), Buffer.from("EXIF\xff\0\0\0", "latin1"))],
	])("is refused as damaged: %s", async (_name, data) => {
		expect(await problemOf(data)).toMatch(
			/is a damaged (PNG|JPEG|WebP) file: .+; save it again, or give another image/,
		);
	});

	it("is refused when few services could read it: an arithmetic JPEG", async () => {
		expect(await problemOf(jpeg(jpegFrame(5, 5, 0xc9), SCAN))).toContain("save it as an ordinary JPEG");
	});
});

describe("a file that is no image of ours", () => {
	it.each<[string, string | readonly number[]]>([
		["empty", ""],
		[
			"an SVG image",
			'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
		],
		["a GIF image", "GIF89a\x01\0\x01\0"],
		["a PDF document", "%PDF-1.7"],
		["an HTML page", "<html><body>Not found"],
		["a HEIC image", "\0\0\0\x18ftypheic\0\0\0\0mif1heic"],
		["an AVIF image", "\0\0\0\x1cftypavif"],
		["an MP4 video", "\0\0\0\x1cftypisom"],
		["text", "push graphic-context\nviewbox 0 0 640 480"],
	])("is named: %s", async (name, content) => {
		const message = await problemOf(
			typeof content === "string" ? Buffer.from(content, "latin1") : Buffer.from(content),
		);
		expect(message).toBe(`image: is ${name}; give a PNG, JPEG or WebP image`);
	});
});
