/** A process that stores and reads videos in a cache that others use too. Prints one line of JSON a round. */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { VideoCache } from "../../src/cache/index.ts";
import { contentOf, keyOf, makeVideo } from "./videos.ts";

const [directory = "", folder = "", rounds = "", maxBytes = "", sizeBytes = ""] = process.argv.slice(2);
const own = join(folder, String(process.pid));
await mkdir(own, { recursive: true });
const cache = new VideoCache({ directory, maxBytes: Number(maxBytes) });
for (let round = 0; round < Number(rounds); round++) {
	const prompt = `video ${Math.floor(Math.random() * 8)}`;
	const size = Number(sizeBytes);
	const warning = await cache.store(keyOf(prompt), await makeVideo(own, prompt, size));
	const other = `video ${Math.floor(Math.random() * 8)}`;
	await using found = await cache.find(keyOf(other));
	// Others evict and replace meanwhile.
	await new Promise((resolve) => setImmediate(resolve));
	const read =
		found === undefined ? "miss" : contentOf(other, size).equals(await readFile(found.path)) ? "right" : "wrong";
	process.stdout.write(`${JSON.stringify({ warning, read })}\n`);
}
