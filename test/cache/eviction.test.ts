import { createHash } from "node:crypto";
import { mkdir, readFile, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { VideoCache } from "../../src/cache/index.ts";
import { expectFound, filesOf, makeCache, readCached, storeVideo } from "./support.ts";
import { CONTENT_BYTES, contentOf, keyOf } from "./videos.ts";

const HOUR_MS = 3_600_000;
const ROOM_FOR_THREE = { maxBytes: 3 * CONTENT_BYTES + 10 };

describe("a cache that is full", () => {
	it("makes room for the new video by removing the longest unused", async () => {
		const { cache, folder, clock } = await makeCache(ROOM_FOR_THREE);
		for (const prompt of ["one", "two", "three"]) {
			await storeVideo(cache, folder, prompt);
			clock.nowMs += 1000;
		}
		expect(await readCached(cache, "one")).toBeDefined();
		clock.nowMs += 1000;
		expect(await storeVideo(cache, folder, "four")).toBeUndefined();
		expect(await filesOf(cache, "index-")).toHaveLength(3);
		const left = ["one", "two", "three", "four"].map(async (prompt) => (await readCached(cache, prompt)) !== undefined);
		expect(await Promise.all(left)).toEqual([true, false, true, true]);
		expect(await filesOf(cache, "content-")).toHaveLength(3);
	});

	it("leaves alone what another process is storing: that has a file before it has a row", async () => {
		const { cache, folder, clock } = await makeCache(ROOM_FOR_THREE);
		for (const prompt of ["one", "two"]) await storeVideo(cache, folder, prompt);
		const [whole = ""] = await filesOf(cache, "content-");
		const rowless = join(whole, "..", "f".repeat(60));
		await writeFile(rowless, contentOf("half"));
		await utimes(rowless, new Date(clock.nowMs - 1000), new Date(clock.nowMs - 1000));
		clock.nowMs += 58_000;
		await storeVideo(new VideoCache({ directory: cache.directory, clock, ...ROOM_FOR_THREE }), folder, "three");
		expect(await filesOf(cache, "content-")).toContain(rowless);
		expect(await filesOf(cache, "content-")).toHaveLength(3);
	});

	it("never holds more than it may in two hundred writes, twenty at a time", { timeout: 60_000 }, async () => {
		const { cache, folder, clock } = await makeCache(ROOM_FOR_THREE);
		for (let round = 0; round < 10; round++) {
			await Promise.all(
				Array.from({ length: 20 }, async (_, index) => {
					clock.nowMs += 1;
					await storeVideo(cache, folder, `video ${round} ${index}`);
				}),
			);
			expect((await filesOf(cache, "content-")).length).toBeLessThanOrEqual(3);
		}
		expect(await filesOf(cache, "content-")).toHaveLength(3);
	});

	it("does not take a video that is larger than all of it, and removes nothing for it", async () => {
		const { cache, folder } = await makeCache(ROOM_FOR_THREE);
		await storeVideo(cache, folder, "one");
		expect(await storeVideo(cache, folder, "huge", 4 * CONTENT_BYTES)).toMatch(/^cache: .*raise REELAY_CACHE_SIZE$/);
		expect(await readCached(cache, "one")).toEqual(contentOf("one"));
	});

	it("takes what another process has put there into account when it has not looked for a minute", async () => {
		const { cache, folder, clock } = await makeCache(ROOM_FOR_THREE);
		const neighbour = new VideoCache({ directory: cache.directory, clock });
		await storeVideo(cache, folder, "one");
		clock.nowMs += 1000;
		for (const prompt of ["two", "three", "four"]) await storeVideo(neighbour, folder, prompt);
		clock.nowMs += 60_001;
		await storeVideo(cache, folder, "five");
		expect(await filesOf(cache, "content-")).toHaveLength(3);
		expect(await readCached(cache, "one")).toBeUndefined();
	});
});

describe("a video that is being read", () => {
	it("is not evicted, however long it was not used, and however full the cache is", async () => {
		const { cache, folder, clock } = await makeCache(ROOM_FOR_THREE);
		await storeVideo(cache, folder, "one");
		const reading = await expectFound(cache, "one");
		for (const prompt of ["two", "three", "four", "five"]) {
			clock.nowMs += 1000;
			await storeVideo(cache, folder, prompt);
		}
		expect(await readFile(reading.path)).toEqual(contentOf("one"));
		expect(await readCached(cache, "one")).toEqual(contentOf("one"));
		await reading[Symbol.asyncDispose]();
		clock.nowMs += 1000;
		// Reading it again made it the last one used: two more are between it and its end.
		for (const prompt of ["six", "seven", "eight"]) {
			clock.nowMs += 1000;
			await storeVideo(cache, folder, prompt);
		}
		expect(await readCached(cache, "one")).toBeUndefined();
	});

	it("stays whole when another process removes it all the same", async () => {
		const { cache, folder, clock } = await makeCache();
		await storeVideo(cache, folder, "one");
		await using reading = await expectFound(cache, "one");
		const neighbour = new VideoCache({ directory: cache.directory, clock, maxAgeMs: 1 });
		clock.nowMs += 10;
		expect(await readCached(neighbour, "one")).toBeUndefined();
		expect(await filesOf(cache, "content-")).toEqual([]);
		expect(await readFile(reading.path)).toEqual(contentOf("one"));
	});

	it("leaves no room when all of them are: then the new one is not kept", async () => {
		const { cache, folder } = await makeCache({ maxBytes: CONTENT_BYTES });
		await storeVideo(cache, folder, "one");
		await using _reading = await expectFound(cache, "one");
		expect(await storeVideo(cache, folder, "two")).toBeUndefined();
		expect(await readCached(cache, "two")).toBeUndefined();
		expect(await readCached(cache, "one")).toEqual(contentOf("one"));
	});

	it("is let go after an hour when its reader has died", async () => {
		const { cache, folder, clock } = await makeCache({ maxBytes: CONTENT_BYTES });
		await storeVideo(cache, folder, "one");
		await expectFound(cache, "one");
		clock.nowMs += HOUR_MS;
		await storeVideo(cache, folder, "two");
		expect(await readCached(cache, "two")).toBeUndefined();
		clock.nowMs += 1;
		await storeVideo(cache, folder, "two");
		expect(await readCached(cache, "two")).toEqual(contentOf("two"));
		expect(await filesOf(cache, "readers")).toEqual([]);
		expect(await filesOf(cache, "content-")).toHaveLength(1);
	});
});

describe("what a process that died has left", () => {
	it("is removed when it is old enough, and not before: it may be at work", async () => {
		const { cache, folder, clock } = await makeCache();
		await storeVideo(cache, folder, "one");
		const half = join(cache.directory, "tmp", "half");
		const [whole = ""] = await filesOf(cache, "content-");
		const rowless = join(whole, "..", "f".repeat(60));
		for (const [path, ageMs] of [
			[half, HOUR_MS - 1000],
			[rowless, 59_000],
		] as const) {
			await writeFile(path, "left behind");
			const then = new Date(clock.nowMs - ageMs);
			await utimes(path, then, then);
		}
		await cache.prune();
		expect(await filesOf(cache, "tmp")).toEqual([half]);
		expect(await filesOf(cache, "content-")).toHaveLength(2);
		clock.nowMs += 2000;
		await cache.prune();
		expect(await filesOf(cache, "tmp")).toEqual([]);
		expect(await filesOf(cache, "content-")).toEqual([whole]);
		expect(await readCached(cache, "one")).toEqual(contentOf("one"));
	});
});

describe("pruning", () => {
	it("removes what has reached its end, and what the index has no file for", async () => {
		const { cache, folder, clock } = await makeCache({ maxAgeMs: 1000 });
		await storeVideo(cache, folder, "old");
		clock.nowMs += 600;
		const [old] = await filesOf(cache, "content-");
		await storeVideo(cache, folder, "gone");
		for (const path of await filesOf(cache, "content-")) if (path !== old) await rm(path);
		await storeVideo(cache, folder, "torn");
		for (const path of await filesOf(cache, "content-")) if (path !== old) await truncate(path, 1);
		await storeVideo(cache, folder, "new");
		clock.nowMs += 600;
		await cache.prune();
		expect(await filesOf(cache, "content-")).toHaveLength(1);
		expect(await filesOf(cache, "index-")).toHaveLength(1);
		expect(await readCached(cache, "new")).toEqual(contentOf("new"));
	});

	it("gets over an index that somebody has made unreadable", async () => {
		const { cache, folder } = await makeCache();
		await storeVideo(cache, folder, "one");
		const [row = ""] = await filesOf(cache, "index-");
		const text = (await readFile(row, "utf8")).split("\t")[1] ?? "";
		for (const [index, integrity] of ["nothing", "md9-AAAA", 7, {}].entries()) {
			const senseless = JSON.stringify({ ...JSON.parse(text), key: `${index}`, integrity });
			const line = `\n${createHash("sha1").update(senseless).digest("hex")}\t${senseless}`;
			await mkdir(join(cache.directory, "index-v5", "00", "00"), { recursive: true });
			await writeFile(join(cache.directory, "index-v5", "00", "00", `${index}`), line);
		}
		const fresh = new VideoCache({ directory: cache.directory });
		expect(await storeVideo(fresh, folder, "two")).toBeUndefined();
		expect(await readCached(fresh, "two")).toEqual(contentOf("two"));
	});

	it("does nothing where there is no cache", async () => {
		const { cache } = await makeCache();
		await cache.prune();
		expect(await cache.find(keyOf("one"))).toBeUndefined();
	});
});
