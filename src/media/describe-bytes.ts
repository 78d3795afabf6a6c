import { hasBytes, latin1, sniffImage } from "./sniff-image.ts";
import { isAvif, isImageBrand, isSoundBrand, majorBrand, sniffVideo } from "./sniff-video.ts";

const IMAGE_NAMES = {
	"image/png": "a PNG image",
	"image/jpeg": "a JPEG image",
	"image/webp": "a WebP image",
} as const;

const VIDEO_NAMES = {
	mp4: "an MP4 video",
	mov: "a QuickTime video",
	webm: "a WebM video",
	mkv: "a Matroska video",
} as const;

const SIGNATURES: readonly (readonly [string, string])[] = [
	["GIF87a", "a GIF image"],
	["GIF89a", "a GIF image"],
	["II*\0", "a TIFF image"],
	["MM\0*", "a TIFF image"],
	["8BPS", "a Photoshop image"],
	["\0\0\x01\0", "an icon file"],
	["\xff\x0a", "a JPEG XL image"],
	["\0\0\0\x0cJXL ", "a JPEG XL image"],
	["\0\0\0\x0cjP  ", "a JPEG 2000 image"],
	["%PDF-", "a PDF document"],
	["PK\x03\x04", "a ZIP archive"],
	["PK\x05\x06", "a ZIP archive"],
	["\x1f\x8b", "gzip data"],
	["FLV\x01", "a Flash video"],
	["OggS", "an Ogg file"],
	["ID3", "an MP3 file"],
	["#EXTM3U", "an HLS playlist"],
];

/** What the first bytes of a file look like, as words for an error: `"an HTML page"`, `"empty"`, `"unknown data"`. */
export function describeBytes(head: Uint8Array): string {
	if (head.length === 0) return "empty";
	const image = sniffImage(head);
	if (image !== undefined) return IMAGE_NAMES[image];
	const brand = majorBrand(head);
	if (brand !== undefined && isImageBrand(brand)) return isAvif(head) ? "an AVIF image" : "a HEIC image";
	if (brand !== undefined && isSoundBrand(brand)) return "an M4A sound file";
	const video = sniffVideo(head);
	if (video !== undefined) return VIDEO_NAMES[video];
	const start = latin1(head, 0, 16);
	const known = SIGNATURES.find(([signature]) => start.startsWith(signature));
	if (known !== undefined) return known[1];
	if (start.startsWith("RIFF")) return riffName(start.slice(8, 12));
	if (start.startsWith("BM") && hasBytes(head, 6, [0, 0, 0, 0])) return "a BMP image";
	return describeText(head) ?? "unknown data";
}

function riffName(kind: string): string {
	if (kind === "AVI ") return "an AVI video";
	return kind === "WAVE" ? "a WAV sound file" : "an unknown RIFF file";
}

function describeText(head: Uint8Array): string | undefined {
	const text = decodeText(head.subarray(0, 1024));
	if (text === undefined) return undefined;
	const start = text.trimStart().toLowerCase();
	if (start.startsWith("{") || start.startsWith("[")) return "JSON";
	if (!start.startsWith("<")) return "text";
	if (/<(!doctype html|html|head|body|script|title)\b/.test(start)) return "an HTML page";
	return /<svg\b|<!doctype svg/.test(start) ? "an SVG image" : "an XML document";
}

/** The text, when the bytes are text: UTF-16 with its mark, or a superset of ASCII without control characters. */
function decodeText(head: Uint8Array): string | undefined {
	if (hasBytes(head, 0, [0xff, 0xfe])) return new TextDecoder("utf-16le").decode(head);
	if (hasBytes(head, 0, [0xfe, 0xff])) return new TextDecoder("utf-16be").decode(head);
	const isText = head.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === 0x1b);
	return isText ? new TextDecoder().decode(head) : undefined;
}
