import { chmod, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { VideoCache } from "../../src/cache/index.ts";
import { filesOf, makeCache, readCached, storeVideo } from "./support.ts";
import { contentOf, keyOf, makeVideo } from "./videos.ts";

const NOBODY = 65_534;

/** Lets nobody write to a cache any more, not even root: then this process stops to be root until the test ends. */
async function makeReadOnly(cache: VideoCache, folder: string): Promise<void> {
	const found = await readdir(cache.directory, { recursive: true, withFileTypes: true });
	const folders = found.filter((file) => file.isDirectory()).map((file) => join(file.parentPath, file.name));
	for (const path of [folder, cache.directory, ...folders]) await chmod(path, 0o555);
	const isRoot = process.getuid?.() === 0;
	if (isRoot) process.seteuid?.(NOBODY);
	onTestFinished(async () => {
		if (isRoot) process.seteuid?.(0);
		for (const path of [folder, cache.directory, ...folders]) await chmod(path, 0o755);
	});
}

describe.skipIf(process.platform === "win32")("a cache that cannot be written to", () => {
	it("gives what it has, takes nothing, and is never an error", async () => {
		const { cache, folder, clock } = await makeCache();
		await storeVideo(cache, folder, "kite");
		const other = await makeVideo(folder, "sea");
		await makeReadOnly(cache, folder);

		await using found = await cache.find(keyOf("kite"));
		expect(await readFile(found?.path ?? "")).toEqual(contentOf("kite"));
		expect(await cache.store(keyOf("sea"), other)).toMatch(/^cache: .* cannot be written \(EACCES\); allow it/);
		expect(await readCached(cache, "sea")).toBeUndefined();
		await cache.prune();
		clock.nowMs += 31 * 86_400_000;
		expect(await readCached(cache, "kite")).toBeUndefined();
		expect(await filesOf(cache, "content-")).toHaveLength(1);
	});

	it("is never an error either when it is not there and cannot be made", async () => {
		const { cache, folder } = await makeCache();
		const video = await makeVideo(folder, "sea");
		await storeVideo(cache, folder, "kite");
		await makeReadOnly(cache, folder);
		const missing = new VideoCache({ directory: join(folder, "missing", "cache") });
		expect(await missing.find(keyOf("sea"))).toBeUndefined();
		expect(await missing.store(keyOf("sea"), video)).toMatch(/^cache: .* cannot be written \(EACCES\)/);
		await missing.prune();
	});
});

describe("a cache whose folder is a file", () => {
	it("is a warning, and a miss", async () => {
		const { folder, clock } = await makeCache();
		const video = await makeVideo(folder, "kite");
		for (const directory of [video.path, join(video.path, "cache")]) {
			const cache = new VideoCache({ directory, clock });
			expect(await cache.store(keyOf("kite"), video)).toMatch(/^cache: /);
			expect(await cache.find(keyOf("kite"))).toBeUndefined();
			await cache.prune();
		}
	});
});
