import { createHash } from "node:crypto";
import type { OutgoingHttpHeaders } from "node:http";

/** An answer to a download. */
export interface VideoAnswer {
	readonly status: 200 | 206 | 416;
	readonly headers: OutgoingHttpHeaders;
	readonly body: Uint8Array;
}

/** The file, or the range of it that was asked for, as a file server answers. */
export function serveVideo(video: Uint8Array, headers: Readonly<Record<string, string>>): VideoAnswer {
	const etag = `"${createHash("sha256").update(video).digest("hex").slice(0, 16)}"`;
	const common = { "content-type": "video/mp4", "accept-ranges": "bytes", etag };
	const range = /^bytes=(\d+)-(\d*)$/.exec(headers["range"] ?? "");
	const isCurrent = headers["if-range"] === undefined || headers["if-range"] === etag;
	if (range === null || !isCurrent) return { status: 200, headers: common, body: video };
	const start = Number(range[1]);
	const end = Math.min(range[2] === "" ? video.byteLength : Number(range[2]) + 1, video.byteLength);
	if (start >= end) {
		return { status: 416, headers: { ...common, "content-range": `bytes */${video.byteLength}` }, body: Buffer.of() };
	}
	const contentRange = `bytes ${start}-${end - 1}/${video.byteLength}`;
	return { status: 206, headers: { ...common, "content-range": contentRange }, body: video.subarray(start, end) };
}
