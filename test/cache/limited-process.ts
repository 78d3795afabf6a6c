/** Stores one video, of which another process has made the file. Prints what came of it as JSON. */
import { createHash } from "node:crypto";
import { VideoCache } from "../../src/cache/index.ts";
import { contentOf, keyOf } from "./videos.ts";

const [directory = "", path = "", prompt = "", size = ""] = process.argv.slice(2);
const warning = await new VideoCache({ directory }).store(keyOf(prompt), {
	path,
	sizeBytes: Number(size),
	sha256: createHash("sha256")
		.update(contentOf(prompt, Number(size)))
		.digest("hex"),
	metadata: { container: "mp4" },
	model: "fake:one",
	warnings: [],
	cost: { source: "unknown" },
});
process.stdout.write(JSON.stringify({ warning }));
