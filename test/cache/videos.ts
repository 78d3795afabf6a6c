import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheKey, type FinishedVideo } from "../../src/cache/index.ts";

/** The size of a test's video unless it says otherwise, in bytes. */
export const CONTENT_BYTES = 10_000;

/** Bytes that a name decides. */
export function contentOf(name: string, sizeBytes: number = CONTENT_BYTES): Buffer {
	const seed = createHash("sha256").update(name).digest();
	return Buffer.alloc(sizeBytes, seed);
}

/** A finished video of which the name decides every byte. */
export async function makeVideo(folder: string, name: string, sizeBytes = CONTENT_BYTES): Promise<FinishedVideo> {
	const data = contentOf(name, sizeBytes);
	const path = join(folder, `${name}.mp4`);
	await writeFile(path, data);
	return {
		path,
		sizeBytes,
		sha256: createHash("sha256").update(data).digest("hex"),
		metadata: { container: "mp4", codec: "avc", width: 64, height: 36, durationSeconds: 1, fps: 24, hasAudio: false },
		model: "fake:one",
		warnings: [`made from ${name}`],
		cost: { usd: 0.25, source: "service" },
	};
}

/** The key of a request with that prompt. */
export function keyOf(prompt: string): string {
	return cacheKey({
		model: "fake:one",
		request: { task: "text-to-video", model: "one", prompt, seed: 1, providerOptions: {} },
	});
}
