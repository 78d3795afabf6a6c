import { ByteWriter } from "./byte-writer.ts";
import { orientationExif, UPRIGHT } from "./exif-orientation.ts";
import { JPEG_MARKERS, type JpegSegment, jpegSegments } from "./jpeg-segments.ts";
import { latin1 } from "./sniff-image.ts";

const JFIF_LENGTH = 14;
const ADOBE_LENGTH = 12;
/** More than the orientation's own segment. */
const GROWTH = 64;

/**
 * A JPEG file of the same picture without its metadata. What is not known to matter to the picture is left
 * out: a list of what is personal would never be complete.
 *
 * @param data A file that `inspectJpeg` took, up to its end marker.
 */
export function stripJpeg(data: Uint8Array, orientation: number): Uint8Array {
	const writer = new ByteWriter(data.length + GROWTH).write([0xff, 0xd8]);
	let exif = orientation === UPRIGHT ? undefined : exifSegment(orientation);
	for (const segment of jpegSegments(data)) {
		if (segment.problem !== undefined) break;
		// A JFIF header comes first where there is one.
		if (exif !== undefined && segment.marker !== JPEG_MARKERS.jfif) {
			writer.write(exif);
			exif = undefined;
		}
		const kept = keptPart(segment);
		if (kept !== undefined) writer.write(kept);
	}
	return writer.bytes();
}

function keptPart({ marker, content, bytes }: JpegSegment): Uint8Array | readonly number[] | undefined {
	// Frames, scans, tables and the end of the image: what the picture is decoded with.
	if (marker >= 0xc0 && marker <= 0xdf) return bytes;
	switch (marker) {
		case JPEG_MARKERS.jfif:
			return startsWith(content, "JFIF\0", JFIF_LENGTH) ? jfifWithoutThumbnail(content) : undefined;
		case JPEG_MARKERS.colourProfile:
			return startsWith(content, "ICC_PROFILE\0") ? bytes : undefined;
		// It tells how colours are coded.
		case JPEG_MARKERS.adobe:
			return startsWith(content, "Adobe", ADOBE_LENGTH)
				? segmentOf(marker, content.subarray(0, ADOBE_LENGTH))
				: undefined;
		default:
			return undefined;
	}
}

/** A thumbnail may still show what was cut off or painted over in the picture. */
function jfifWithoutThumbnail(content: Uint8Array): readonly number[] {
	return segmentOf(JPEG_MARKERS.jfif, [...content.subarray(0, JFIF_LENGTH - 2), 0, 0]);
}

function exifSegment(orientation: number): readonly number[] {
	return segmentOf(JPEG_MARKERS.exif, [...Buffer.from("Exif\0\0", "latin1"), ...orientationExif(orientation)]);
}

function segmentOf(marker: number, content: Uint8Array | readonly number[]): readonly number[] {
	const length = content.length + 2;
	return [0xff, marker, length >> 8, length & 0xff, ...content];
}

function startsWith(content: Uint8Array, name: string, minimumLength = name.length): boolean {
	return content.length >= minimumLength && latin1(content, 0, name.length) === name;
}
