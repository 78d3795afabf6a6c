import { latin1 } from "./sniff-image.ts";

/** The orientation of a picture that is stored the way it is shown. */
export const UPRIGHT = 1;
/** From here on, what is stored as width is shown as height. */
const FIRST_QUARTER_TURN = 5;
const LAST = 8;

const TIFF_HEADER = 8;
const DIRECTORY_COUNT = 2;
const DIRECTORY_ENTRY = 12;
const ORIENTATION_TAG = 0x0112;
const SHORT = 3;
/** What introduces the block in a JPEG file, with a byte of padding. Some writers leave it in other formats too. */
const IDENTIFIER = "Exif\0";
const IDENTIFIER_LENGTH = 6;

/** Whether the picture is shown with its stored width as its height. */
export function swapsSides(orientation: number): boolean {
	return orientation >= FIRST_QUARTER_TURN;
}

/** Whether the bytes start as EXIF does in a JPEG file. */
export function startsAsExif(data: Uint8Array): boolean {
	return latin1(data, 0, IDENTIFIER.length) === IDENTIFIER;
}

/**
 * How a picture must be turned or mirrored to be shown, as EXIF numbers it: 1 to 8. A block that cannot be
 * parsed, or says nothing of it, is upright.
 */
export function readOrientation(exif: Uint8Array): number {
	const tiff = startsAsExif(exif) ? exif.subarray(IDENTIFIER_LENGTH) : exif;
	const byteOrder = latin1(tiff, 0, 4);
	const isLittleEndian = byteOrder === "II*\0";
	if ((!isLittleEndian && byteOrder !== "MM\0*") || tiff.length < TIFF_HEADER) return UPRIGHT;
	const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
	const directory = view.getUint32(4, isLittleEndian);
	const firstEntry = directory + DIRECTORY_COUNT;
	if (firstEntry > tiff.length) return UPRIGHT;
	const end = firstEntry + view.getUint16(directory, isLittleEndian) * DIRECTORY_ENTRY;
	if (end > tiff.length) return UPRIGHT;
	for (let entry = firstEntry; entry < end; entry += DIRECTORY_ENTRY) {
		if (view.getUint16(entry, isLittleEndian) !== ORIENTATION_TAG) continue;
		const type = view.getUint16(entry + 2, isLittleEndian);
		const count = view.getUint32(entry + 4, isLittleEndian);
		const value = view.getUint16(entry + 8, isLittleEndian);
		return type === SHORT && count === 1 && value >= UPRIGHT && value <= LAST ? value : UPRIGHT;
	}
	return UPRIGHT;
}

/** The smallest EXIF block that tells an orientation, and nothing else. */
export function orientationExif(orientation: number): Uint8Array {
	const tiff = new Uint8Array(TIFF_HEADER + DIRECTORY_COUNT + DIRECTORY_ENTRY + 4);
	const view = new DataView(tiff.buffer);
	tiff.set([0x4d, 0x4d, 0x00, 0x2a]);
	view.setUint32(4, TIFF_HEADER);
	view.setUint16(8, 1);
	view.setUint16(10, ORIENTATION_TAG);
	view.setUint16(12, SHORT);
	view.setUint32(14, 1);
	view.setUint16(18, orientation);
	return tiff;
}
