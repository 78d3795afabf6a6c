import { describe, expect, it } from "vitest";
import { loadImage } from "../../src/media/index.ts";
import {
	exif,
	jpegExif,
	jpegFrame,
	jpegNamed,
	jpeg as jpegOf,
	jpegScan,
	jpegWith,
	png,
	pngChunk,
	webpChunk,
	webpWith,
} from "./image-files.ts";

const LIMITS = { maxBytes: 1_000_000 };

/** A picture stored 24 by 16 pixels in each format, with this block as its EXIF. */
const WITH_EXIF = {
	JPEG: (block: Uint8Array) => jpegWith(jpegExif(block)),
	PNG: (block: Uint8Array) => png(24, 16, [pngChunk("eXIf", block)]),
	WebP: (block: Uint8Array) => webpWith(0x08, webpChunk("EXIF", block)),
};

async function factsOf(data: Uint8Array, keepMetadata = false) {
	const { image, warnings } = await loadImage("image", data, LIMITS, { keepMetadata });
	expect(warnings).toEqual([]);
	return { width: image.width, height: image.height, orientation: image.orientation };
}

const UPRIGHT = { width: 24, height: 16, orientation: undefined };

describe.each(Object.entries(WITH_EXIF))("the orientation of a %s", (_name, withExif) => {
	it.each([2, 3, 4])("is told, and keeps its sides: %i", async (orientation) => {
		expect(await factsOf(withExif(exif({ orientation })))).toEqual({ width: 24, height: 16, orientation });
	});

	it.each([5, 6, 7, 8])("is told, and swaps its sides: %i", async (orientation) => {
		const expected = { width: 16, height: 24, orientation };
		expect(await factsOf(withExif(exif({ orientation })))).toEqual(expected);
		expect(await factsOf(withExif(exif({ orientation, byteOrder: "MM" })))).toEqual(expected);
		expect(await factsOf(withExif(exif({ orientation })), true)).toEqual(expected);
	});

	it("is not mentioned when it is stored as it is shown", async () => {
		const { image } = await loadImage("image", withExif(exif({ orientation: 1 })), LIMITS);
		expect(image).not.toHaveProperty("orientation");
		expect(image).toMatchObject({ width: 24, height: 16 });
	});

	const turned = exif({ orientation: 6 });
	const changed = (offset: number, ...values: readonly number[]) => {
		const block = Buffer.from(turned);
		block.set(values, offset);
		return block;
	};
	it.each<[string, Uint8Array]>([
		["is empty", Buffer.alloc(0)],
		["stops in its header", turned.subarray(0, 6)],
		["stops in its table", turned.subarray(0, 40)],
		["starts with another mark", changed(0, 0x49, 0x4d)],
		["has another version", changed(2, 43)],
		["has its table behind its end", changed(4, 0xff, 0xff, 0xff, 0xff)],
		["has its table at its last byte", changed(4, turned.length - 1, 0, 0, 0)],
		["has a table longer than itself", changed(8, 0xff, 0xff)],
		["gives 0 as the orientation", changed(30, 0)],
		["gives 9 as the orientation", changed(30, 9)],
		["gives the orientation as a text", changed(24, 2)],
		["gives two orientations at once", changed(26, 2)],
		["has no orientation", changed(22, 0x13)],
	])("is upright when the block %s", async (_problem, block) => {
		expect(await factsOf(withExif(block))).toEqual(UPRIGHT);
	});

	it("is read from the last entry of a table that ends with the block", async () => {
		const block = Buffer.from("4d4d002a00000008000101120003000000010006", "hex");
		expect(await factsOf(withExif(Buffer.concat([block, Buffer.alloc(2)])))).toMatchObject({ orientation: 6 });
	});
});

describe("the orientation", () => {
	const turned = exif({ orientation: 6 });
	const prefixed = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), turned]);
	const twice = [exif({ orientation: 3 }), turned];

	it("is read behind the name that some writers put in front, in PNG and WebP too", async () => {
		expect(await factsOf(WITH_EXIF.PNG(prefixed))).toMatchObject({ orientation: 6 });
		expect(await factsOf(WITH_EXIF.WebP(prefixed))).toMatchObject({ orientation: 6 });
	});

	it.each([
		["JPEG", jpegWith(...twice.map(jpegExif))],
		[
			"PNG",
			png(
				24,
				16,
				twice.map((block) => pngChunk("eXIf", block)),
			),
		],
		["WebP", webpWith(0x08, ...twice.map((block) => webpChunk("EXIF", block)))],
	])("is that of the first block when there are two: %s", async (_name, data) => {
		expect(await factsOf(data)).toMatchObject({ orientation: 3 });
	});

	it.each([
		["a JPEG names it behind its picture", jpegOf(jpegFrame(24, 16), jpegScan(), jpegExif(turned), jpegScan())],
		["a PNG's block has a wrong checksum", png(24, 16, [spoil(pngChunk("eXIf", turned))])],
		["a WebP does not announce it", webpWith(0, webpChunk("EXIF", turned))],
	])("counts as upright, as decoders have it, when %s", async (_name, data) => {
		expect(await factsOf(data)).toEqual(UPRIGHT);
	});

	it("is found behind another use of the same marker", async () => {
		const xmp = jpegNamed(0xe1, "http://ns.adobe.com/xap/1.0/\0");
		expect(await factsOf(jpegWith(xmp, jpegExif(turned)))).toMatchObject({ orientation: 6 });
	});

	it("does not hide a side that is too long", async () => {
		for (const withExif of Object.values(WITH_EXIF)) {
			const limits = { ...LIMITS, maxSide: 23 };
			await expect(loadImage("image", withExif(turned), limits)).rejects.toThrow("measures 24x16 pixels");
		}
	});
});

/** The same bytes with the last one changed. */
function spoil(data: Buffer): Buffer {
	data.writeUInt8(data.readUInt8(data.length - 1) ^ 1, data.length - 1);
	return data;
}
