import { createHash } from "node:crypto";
import { TINY_VIDEO } from "./tiny-video.ts";

/** A real video of exactly that many bytes: the tiny one, and a box of bytes that differ from seed to seed. */
export function videoOf(sizeBytes: number, seed = 1): Buffer {
	const video = Buffer.alloc(sizeBytes);
	video.set(TINY_VIDEO);
	const start = TINY_VIDEO.byteLength;
	video.writeUInt32BE(sizeBytes - start, start);
	video.write("free", start + 4, "latin1");
	let state = seed;
	for (let offset = start + 8; offset < sizeBytes; offset += 1) {
		state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
		video[offset] = state >>> 24;
	}
	return video;
}

/** SHA-256 in hexadecimal. */
export function sha256Of(data: Uint8Array): string {
	return createHash("sha256").update(data).digest("hex");
}
