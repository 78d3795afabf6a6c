/** Serves a valid MP4 of any size at `/<bytes>`, with ranges, and prints its port. A process of its own. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { TINY_VIDEO } from "../../test/support/tiny-video.ts";

const SLICE = Buffer.alloc(256 * 1024);

/** The tiny video, and a `free` box that fills the rest. */
function* videoOf(sizeBytes: number): Generator<Uint8Array> {
	yield TINY_VIDEO;
	const box = Buffer.from("\0\0\0\0free", "latin1");
	let leftBytes = sizeBytes - TINY_VIDEO.byteLength;
	box.writeUInt32BE(leftBytes);
	yield box;
	for (leftBytes -= box.length; leftBytes > 0; leftBytes -= SLICE.length) yield SLICE.subarray(0, leftBytes);
}

const server = createServer(async (request, response) => {
	const sizeBytes = Number(request.url?.slice(1));
	response.writeHead(200, { "content-type": "video/mp4", "content-length": sizeBytes });
	for (const slice of videoOf(sizeBytes)) {
		if (response.destroyed) return;
		if (!response.write(slice)) await new Promise((resolve) => response.once("drain", resolve));
	}
	response.end();
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
