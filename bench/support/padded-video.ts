import { TINY_VIDEO } from "../../test/support/tiny-video.ts";

const SLICE = Buffer.alloc(256 * 1024);

/** A valid MP4 of any size from two kilobytes on: the tiny video, and a `free` box that fills the rest. */
export function* paddedVideo(sizeBytes: number): Generator<Uint8Array> {
	yield TINY_VIDEO;
	const box = Buffer.from("\0\0\0\0free", "latin1");
	let leftBytes = sizeBytes - TINY_VIDEO.byteLength;
	box.writeUInt32BE(leftBytes);
	yield box;
	for (leftBytes -= box.length; leftBytes > 0; leftBytes -= SLICE.length) yield SLICE.subarray(0, leftBytes);
}
