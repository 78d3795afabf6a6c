import { describe, expect, it } from "vitest";
import { describeBytes, SNIFF_BYTES, sniffVideo, type VideoContainer } from "../../src/media/index.ts";
import { TINY_VIDEO } from "../support/tiny-video.ts";
import { JPEG, LOSSY_WEBP, png } from "./image-files.ts";
import { box, ebmlHeader, element, endlessElement, FTYP, makeVideo } from "./video-files.ts";

const latin1 = (text: string) => Buffer.from(text, "latin1");
const brand = (name: string) => box("ftyp", latin1(name), Buffer.alloc(4));

describe("the first bytes of a video", () => {
	it.each<[string, Uint8Array, VideoContainer]>([
		["MP4", FTYP, "mp4"],
		["MP4 of a camera", brand("mp42"), "mp4"],
		["MP4 of a brand that nobody knows", brand("zzzz"), "mp4"],
		["QuickTime", brand("qt  "), "mov"],
		["old QuickTime, index first", box("moov"), "mov"],
		["old QuickTime, padding first", box("wide"), "mov"],
		["old QuickTime, free space first", box("free", Buffer.alloc(100)), "mov"],
		["old QuickTime, pictures first", latin1("\xf0\0\0\0mdat"), "mov"],
		["QuickTime whose pictures reach to the end", latin1("\0\0\0\0mdat"), "mov"],
		["WebM", ebmlHeader("webm"), "webm"],
		[
			"WebM with padding in its header",
			element(0x1a45dfa3, Buffer.concat([element(0xec, Buffer.alloc(9)), element(0x4282, latin1("webm\0\0"))])),
			"webm",
		],
		["Matroska", ebmlHeader("matroska"), "mkv"],
		["a real video", TINY_VIDEO, "mp4"],
	])("tell its container: %s", (_name, head, container) => {
		expect(sniffVideo(head)).toBe(container);
		expect(describeBytes(head)).toMatch(/^an? (MP4|QuickTime|WebM|Matroska) video$/);
	});

	it.each<VideoContainer>(["mp4", "mov", "webm", "mkv"])("are enough of what a muxer writes: %s", async (container) => {
		expect(sniffVideo((await makeVideo({ container })).subarray(0, SNIFF_BYTES))).toBe(container);
	});

	it.each<[string, Uint8Array]>([
		["nothing", Buffer.alloc(0)],
		["a few bytes", latin1("\0\0\0\x20ftyp")],
		["an AVIF image", brand("avif")],
		["a HEIC image", brand("heic")],
		["a sound file", brand("M4A ")],
		["a text whose second word is free", latin1("The free world is a")],
		["an impossible first size", latin1("\0\0\0\x07moov")],
		["another kind of EBML", ebmlHeader("webp")],
		["EBML without a kind", element(0x1a45dfa3, Buffer.alloc(0))],
		["EBML cut off", ebmlHeader("webm").subarray(0, 14)],
		["EBML without an end", endlessElement(0x1a45dfa3, Buffer.alloc(4))],
		["EBML of zeros", latin1("\x1a\x45\xdf\xa3\0\0\0\0\0\0\0\0")],
		["an image", png(3, 3)],
	])("are not taken for one: %s", (_name, head) => {
		expect(sniffVideo(head)).toBeUndefined();
	});
});

describe("the words for bytes", () => {
	it.each<[string, Uint8Array]>([
		["empty", Buffer.alloc(0)],
		["a PNG image", png(3, 3)],
		["a JPEG image", JPEG],
		["a WebP image", LOSSY_WEBP],
		["a GIF image", latin1("GIF87a")],
		["a BMP image", latin1("BM\x36\x00\x0c\x00\0\0\0\0\x36\0\0\0")],
		["a TIFF image", latin1("II*\0\x08\0\0\0")],
		["a TIFF image", latin1("MM\0*\0\0\0\x08")],
		["an AVIF image", brand("avif")],
		["a HEIC image", brand("heic")],
		["a HEIC image", brand("mif1")],
		["a HEIC image", Buffer.concat([box("ftyp", latin1("mif1\0\0\0\0mif1heic")), box("meta", latin1("avif"))])],
		["an AVIF image", box("ftyp", latin1("mif1\0\0\0\0mif1avif"))],
		["a JPEG XL image", latin1("\xff\x0a\xfa")],
		["an icon file", latin1("\0\0\x01\0\x01\0")],
		["an M4A sound file", brand("M4A ")],
		["a WAV sound file", latin1("RIFF\x24\0\0\0WAVEfmt ")],
		["an AVI video", latin1("RIFF\x24\0\0\0AVI LIST")],
		["an MP3 file", latin1("ID3\x04")],
		["a PDF document", latin1("%PDF-1.4\n")],
		["a ZIP archive", latin1("PK\x03\x04\x14")],
		["gzip data", latin1("\x1f\x8b\x08")],
		["an HLS playlist", latin1("#EXTM3U\n")],
		["an HTML page", latin1("\n <!DOCTYPE html>\n<html>")],
		["an HTML page", latin1("<!-- cached --><HTML lang=en>")],
		["an SVG image", latin1('<svg xmlns="http://www.w3.org/2000/svg">')],
		["an SVG image", latin1('<?xml version="1.0"?>\n<!DOCTYPE svg>\n<svg>')],
		["an SVG image", Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("<svg>", "utf16le")])],
		["an XML document", latin1("<Error><Code>AccessDenied</Code></Error>")],
		["JSON", latin1('{"error":{"code":404}}')],
		["JSON", Buffer.from("\ufeff [1,2]")],
		["text", latin1("upstream connect error")],
		["text", Buffer.from("zażółć gęślą jaźń")],
		["unknown data", latin1("\x00\x01\x02\x03")],
	])("are %s", (words, head) => {
		expect(describeBytes(head)).toBe(words);
	});
});
