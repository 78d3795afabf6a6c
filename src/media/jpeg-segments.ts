import { damaged, type ImageProblem } from "./pixel-limits.ts";

/** The markers that are looked at. */
export const JPEG_MARKERS = {
	endOfImage: 0xd9,
	startOfScan: 0xda,
	jfif: 0xe0,
	exif: 0xe1,
	colourProfile: 0xe2,
	adobe: 0xee,
} as const;

/** A marker and what belongs to it. */
export interface JpegSegment {
	/** The byte behind 0xff. */
	readonly marker: number;
	/** What the segment holds, without its length; empty for the end of the image. */
	readonly content: Uint8Array;
	/** The segment as it is stored, from its 0xff to its end; for a scan, with the coded data. */
	readonly bytes: Uint8Array;
	/** Where it ends in the file. */
	readonly end: number;
	readonly problem?: never;
}

const PREFIX = 0xff;

/**
 * Walks the segments of a JPEG file, through the data of every scan, up to its end marker. What breaks the
 * format's rules is the last thing that is told; a file that is cut off just ends.
 */
export function* jpegSegments(data: Uint8Array): Generator<JpegSegment | ImageProblem> {
	const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
	let offset = 2;
	while (offset < data.length) {
		if (data[offset] !== PREFIX) return yield damaged("JPEG", `no marker at byte ${offset}`);
		while (data[offset] === PREFIX) offset += 1;
		const marker = data[offset];
		offset += 1;
		if (marker === undefined) return;
		const start = offset - 2;
		if (marker === JPEG_MARKERS.endOfImage) {
			return yield { marker, content: data.subarray(offset, offset), bytes: data.subarray(start, offset), end: offset };
		}
		if (isStandalone(marker)) continue;
		if (marker === 0x00) return yield damaged("JPEG", `no marker at byte ${offset}`);
		if (offset + 2 > data.length) return;
		const length = view.getUint16(offset);
		if (length < 2) return yield damaged("JPEG", `the segment at byte ${offset} has no length`);
		if (offset + length > data.length) return;
		const content = data.subarray(offset + 2, offset + length);
		offset += length;
		if (marker === JPEG_MARKERS.startOfScan) offset = endOfScan(data, offset);
		yield { marker, content, bytes: data.subarray(start, offset), end: offset };
	}
}

/** Markers without a length: restarts, and the one for temporary use. */
function isStandalone(marker: number): boolean {
	return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}

/** Where the coded data of a scan ends: at a marker that is neither a stuffed zero nor a restart. */
function endOfScan(data: Uint8Array, start: number): number {
	for (let offset = start; offset + 1 < data.length; offset += 1) {
		if (data[offset] !== PREFIX) continue;
		const next = data[offset + 1] ?? 0;
		if (next !== 0x00 && next !== PREFIX && !(next >= 0xd0 && next <= 0xd7)) return offset;
	}
	return data.length;
}
