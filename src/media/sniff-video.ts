import { readElement } from "./ebml-element.ts";
import { hasBytes, latin1 } from "./sniff-image.ts";
import type { VideoContainer } from "./video-metadata.ts";

/** How many bytes from the start of a file tell what it is. */
export const SNIFF_BYTES = 1024;

const EBML_HEADER_ID = 0x1a45dfa3;
const DOC_TYPE_ID = 0x4282;
const IMAGE_BRANDS = new Set(["avif", "avis", "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"]);
const SOUND_BRANDS = new Set(["M4A ", "M4B ", "M4P "]);
/** What a QuickTime file without `ftyp`, as older tools write it, may start with. */
const QUICKTIME_FIRST_BOXES = new Set(["moov", "mdat", "wide", "free", "skip", "pnot"]);

/** The main brand of an ISO media file, such as `isom` or `qt  `; `undefined` when there is no `ftyp` box first. */
export function majorBrand(head: Uint8Array): string | undefined {
	return head.length >= 12 && latin1(head, 4, 4) === "ftyp" ? latin1(head, 8, 4) : undefined;
}

/** Whether the brand names still pictures (AVIF, HEIC). */
export function isImageBrand(brand: string): boolean {
	return IMAGE_BRANDS.has(brand);
}

/**
 * Whether a file of still pictures is AVIF rather than HEIC. `mif1` tells neither; the brands that the file is
 * compatible with, in the rest of the same box, do.
 */
export function isAvif(head: Uint8Array): boolean {
	const boxSize = new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(0);
	return /avi[fs]/.test(latin1(head, 8, Math.min(boxSize, SNIFF_BYTES) - 8));
}

/** Whether the brand names sound without a picture. */
export function isSoundBrand(brand: string): boolean {
	return SOUND_BRANDS.has(brand);
}

/** Which video container starts here, from up to {@link SNIFF_BYTES} bytes; `undefined` when none does. */
export function sniffVideo(head: Uint8Array): VideoContainer | undefined {
	const brand = majorBrand(head);
	if (brand !== undefined) {
		if (isImageBrand(brand) || isSoundBrand(brand)) return undefined;
		return brand === "qt  " ? "mov" : "mp4";
	}
	if (QUICKTIME_FIRST_BOXES.has(latin1(head, 4, 4)) && isBoxSize(head)) return "mov";
	return sniffEbml(head);
}

/**
 * 0 means "to the end of the file", 1 "64 bits follow"; else the header counts too. Any four letters make
 * a size above 256 MiB, so a text whose second word is "free" is not taken for a video.
 */
function isBoxSize(head: Uint8Array): boolean {
	const size = new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(0);
	return size === 0 || size === 1 || (size >= 8 && (size < 2 ** 28 || latin1(head, 4, 4) === "mdat"));
}

function sniffEbml(head: Uint8Array): VideoContainer | undefined {
	if (!hasBytes(head, 0, [0x1a, 0x45, 0xdf, 0xa3])) return undefined;
	const header = readElement(head, 0);
	if (header?.id !== EBML_HEADER_ID || header.dataSize === undefined) return undefined;
	const end = Math.min(head.length, header.headerSize + header.dataSize);
	for (let offset = header.headerSize; offset < end; ) {
		const element = readElement(head, offset);
		if (element?.dataSize === undefined) return undefined;
		const dataOffset = offset + element.headerSize;
		if (element.id === DOC_TYPE_ID) {
			const docType = latin1(head, dataOffset, Math.min(element.dataSize, 16)).replace(/\0+$/, "");
			if (docType === "webm") return "webm";
			return docType === "matroska" ? "mkv" : undefined;
		}
		offset = dataOffset + element.dataSize;
	}
	return undefined;
}
