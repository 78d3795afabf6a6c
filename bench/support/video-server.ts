/** Serves a valid MP4 of any size at `/<bytes>`, with ranges, and prints its port. A process of its own. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { paddedVideo } from "./padded-video.ts";

const server = createServer(async (request, response) => {
	const sizeBytes = Number(request.url?.slice(1));
	response.writeHead(200, { "content-type": "video/mp4", "content-length": sizeBytes });
	for (const slice of paddedVideo(sizeBytes)) {
		if (response.destroyed) return;
		if (!response.write(slice)) await new Promise((resolve) => response.once("drain", resolve));
	}
	response.end();
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
