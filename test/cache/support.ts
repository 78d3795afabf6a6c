import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { expect } from "vitest";
import { type CachedVideo, VideoCache, type VideoCacheOptions } from "../../src/cache/index.ts";
import { temporaryFolder } from "../support/service.ts";
import { keyOf, makeVideo } from "./videos.ts";

/** A clock that stands still until it is set. Files have the system's time, so it begins there. */
class SetClock {
	nowMs: number = Date.now();
	now(): number {
		return this.nowMs;
	}
	monotonic(): number {
		return this.nowMs;
	}
}

/** An empty cache in a folder of its own. */
export async function makeCache(options: Partial<VideoCacheOptions> = {}) {
	const folder = await temporaryFolder();
	const clock = new SetClock();
	return { cache: new VideoCache({ directory: join(folder, "cache"), clock, ...options }), folder, clock };
}

/** The files of a cache of one kind: contents, rows of the index, names of readers, files that are being written. */
export async function filesOf(cache: VideoCache, kind: "content-" | "index-" | "readers" | "tmp"): Promise<string[]> {
	const found = await readdir(cache.directory, { recursive: true, withFileTypes: true }).catch(() => []);
	const files = found.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
	return files.filter((path) => relative(cache.directory, path).startsWith(kind));
}

/** Stores a video that is made from its prompt. */
export async function storeVideo(cache: VideoCache, folder: string, prompt: string, sizeBytes?: number) {
	return cache.store(keyOf(prompt), await makeVideo(folder, prompt, sizeBytes));
}

/** Looks for a video, reads its file, and lets go of it. */
export async function readCached(cache: VideoCache, prompt: string): Promise<Buffer | undefined> {
	await using found = await cache.find(keyOf(prompt));
	return found === undefined ? undefined : await readFile(found.path);
}

/** Expects a video to be there. */
export async function expectFound(cache: VideoCache, prompt: string): Promise<CachedVideo> {
	const found = await cache.find(keyOf(prompt));
	expect(found, `${prompt} is in the cache`).toBeDefined();
	return found as CachedVideo;
}
