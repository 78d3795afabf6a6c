import { createHash } from "node:crypto";
import {
	appendFile,
	chmod,
	chown,
	link,
	mkdir,
	readFile,
	rm,
	stat,
	symlink,
	truncate,
	writeFile,
} from "node:fs/promises";
import { describe, expect, it, vi } from "vitest";
import { VideoCache } from "../../src/cache/index.ts";
import { filesIn } from "../support/service.ts";
import { expectFound, filesOf, makeCache, readCached, storeVideo } from "./support.ts";
import { CONTENT_BYTES, contentOf, keyOf, makeVideo } from "./videos.ts";

const DAY_MS = 86_400_000;

async function onlyFileOf(cache: VideoCache, kind: "content-" | "index-"): Promise<string> {
	const [path, ...others] = await filesOf(cache, kind);
	expect(others).toEqual([]);
	return path ?? "";
}

describe("a cache", () => {
	it("gives back the video that was stored, with all that was known of it", async () => {
		const { cache, folder, clock } = await makeCache();
		const video = await makeVideo(folder, "kite");
		expect(await cache.store(keyOf("kite"), video)).toBeUndefined();
		await rm(video.path);
		await using found = await expectFound(cache, "kite");
		const { path, ...rest } = video;
		expect(found).toMatchObject({ ...rest, madeAtMs: clock.nowMs });
		expect(await readFile(found.path)).toEqual(contentOf("kite"));
		expect(found.path).not.toBe(path);
	});

	it("knows nothing of a request that was not stored, and makes no folder to find that out", async () => {
		const { cache, folder } = await makeCache();
		expect(await readCached(cache, "kite")).toBeUndefined();
		expect(await filesIn(folder)).toEqual([]);
		await storeVideo(cache, folder, "kite");
		expect(await readCached(cache, "sea")).toBeUndefined();
	});

	it("keeps one file of two requests that led to the same video, until the last of them has gone", async () => {
		const { cache, folder, clock } = await makeCache();
		const video = await makeVideo(folder, "kite");
		await cache.store(keyOf("kite"), video);
		clock.nowMs += 20 * DAY_MS;
		await cache.store(keyOf("a kite"), video);
		expect(await filesOf(cache, "content-")).toHaveLength(1);
		clock.nowMs += 20 * DAY_MS;
		await cache.prune();
		expect(await readCached(cache, "kite")).toBeUndefined();
		expect(await readCached(cache, "a kite")).toEqual(contentOf("kite"));
	});

	it.each([
		["maxBytes", 0],
		["maxBytes", Number.NaN],
		["maxAgeMs", -1],
	])("refuses a limit that is no number above 0: %s %s", async (name, value) => {
		expect(() => new VideoCache({ directory: "unused", [name]: value })).toThrowError(
			expect.objectContaining({ code: "configuration", message: expect.stringContaining(`cache.${name}: must be`) }),
		);
	});

	it("gives the newer video when a key is stored again", async () => {
		const { cache, folder } = await makeCache();
		await storeVideo(cache, folder, "kite");
		await cache.store(keyOf("kite"), await makeVideo(folder, "sea"));
		expect(await readCached(cache, "kite")).toEqual(contentOf("sea"));
	});

	it("keeps a video for 30 days and no longer, and forgets one from the future", async () => {
		const { cache, folder, clock } = await makeCache();
		await storeVideo(cache, folder, "kite");
		clock.nowMs += 30 * DAY_MS;
		expect(await readCached(cache, "kite")).toEqual(contentOf("kite"));
		clock.nowMs += 1;
		expect(await readCached(cache, "kite")).toBeUndefined();
		expect(await filesOf(cache, "content-")).toEqual([]);
		expect(await filesOf(cache, "index-")).toEqual([]);
		await storeVideo(cache, folder, "kite");
		clock.nowMs -= 31 * DAY_MS;
		expect(await readCached(cache, "kite")).toBeUndefined();
	});

	it("hands out a file that is not the user's, and lets nothing stay of the handing out", async () => {
		const { cache, folder } = await makeCache();
		const video = await makeVideo(folder, "kite");
		await cache.store(keyOf("kite"), video);
		await writeFile(video.path, "changed by the user");
		expect(await readCached(cache, "kite")).toEqual(contentOf("kite"));
		expect(await filesOf(cache, "readers")).toEqual([]);
		expect(await filesOf(cache, "tmp")).toEqual([]);
	});
});

describe("an entry that is not what was stored", () => {
	const SHORT = CONTENT_BYTES - 1;
	it.each([
		["cut short", (path: string) => truncate(path, SHORT)],
		["empty", (path: string) => truncate(path, 0)],
		["grown", (path: string) => appendFile(path, "more")],
		["of the same length with one other byte", (path: string) => writeFile(path, flipped("kite", SHORT))],
		["another video of the same length", (path: string) => writeFile(path, contentOf("sea"))],
		["gone", (path: string) => rm(path)],
		["a folder", (path: string) => rm(path).then(() => mkdir(path))],
		["a link to another file", (path: string) => replaceByLink(path)],
	])("because its file is %s is a miss, and is removed so that it can be stored again", async (_what, damage) => {
		const { cache, folder } = await makeCache();
		await storeVideo(cache, folder, "kite");
		await damage(await onlyFileOf(cache, "content-"));
		expect(await readCached(cache, "kite")).toBeUndefined();
		expect(await filesOf(cache, "index-")).toEqual([]);
		expect(await filesOf(cache, "readers")).toEqual([]);
		await storeVideo(cache, folder, "kite");
		expect(await readCached(cache, "kite")).toEqual(contentOf("kite"));
	});

	it("because its file was torn is replaced when it is stored again before anybody has looked", async () => {
		const { cache, folder } = await makeCache();
		await storeVideo(cache, folder, "kite");
		await truncate(await onlyFileOf(cache, "content-"), 10);
		await storeVideo(cache, folder, "kite");
		expect(await readCached(cache, "kite")).toEqual(contentOf("kite"));
	});

	it.each([
		["cut short", (row: string) => row.slice(0, -20)],
		["changed", (row: string) => row.replace("fake:one", "fake:two")],
		["signed and of another size", (row: string) => resigned(row, (entry) => Object.assign(entry, { sizeBytes: 3 }))],
		[
			"signed and without a price",
			(row: string) => resigned(row, (entry) => Object.assign(entry, { cost: undefined })),
		],
		["signed and of a later reelay", (row: string) => resigned(row, (entry) => Object.assign(entry, { news: true }))],
		[
			"signed and of another file",
			(row: string) => resigned(row, (entry) => Object.assign(entry, { sha256: "0".repeat(64) })),
		],
	])("because its row is %s is a miss", async (_what, change) => {
		const { cache, folder } = await makeCache();
		await storeVideo(cache, folder, "kite");
		const path = await onlyFileOf(cache, "index-");
		await writeFile(path, change(await readFile(path, "utf8")));
		expect(await readCached(cache, "kite")).toBeUndefined();
		await storeVideo(cache, folder, "kite");
		expect(await readCached(cache, "kite")).toEqual(contentOf("kite"));
	});

	it("because its row names no file is a miss that removes nothing else", async () => {
		const { cache, folder } = await makeCache();
		await storeVideo(cache, folder, "kite");
		const path = await onlyFileOf(cache, "index-");
		const row = JSON.parse((await readFile(path, "utf8")).split("\t")[1] ?? "");
		await storeVideo(cache, folder, "sea");
		await writeFile(path, signed({ ...row, integrity: "nothing" }));
		expect(await readCached(cache, "kite")).toBeUndefined();
		expect(await readCached(cache, "sea")).toEqual(contentOf("sea"));
	});

	it("because its row was put under another key is a miss: nobody is handed what others asked for", async () => {
		const { cache, folder } = await makeCache();
		await storeVideo(cache, folder, "kite");
		const kites = await onlyFileOf(cache, "index-");
		await storeVideo(cache, folder, "sea");
		const seas = (await filesOf(cache, "index-")).find((path) => path !== kites) ?? "";
		await writeFile(seas, await readFile(kites));
		expect(await readCached(cache, "sea")).toBeUndefined();
		expect(await readCached(cache, "kite")).toEqual(contentOf("kite"));
	});
});

describe("a video that is to be stored", () => {
	it.each([
		["was cut", (path: string) => truncate(path, 100)],
		["was changed", (path: string) => writeFile(path, contentOf("sea"))],
		["was made a link", (path: string) => replaceByLink(path)],
		["was removed", (path: string) => rm(path)],
	])("is not kept when its file %s meanwhile, and the reason is told", async (_what, change) => {
		const { cache, folder } = await makeCache();
		const video = await makeVideo(folder, "kite");
		await change(video.path);
		expect(await cache.store(keyOf("kite"), video)).toMatch(/^cache: .* did not take the video.*changed/);
		expect(await readCached(cache, "kite")).toBeUndefined();
		for (const kind of ["content-", "index-", "tmp"] as const) expect(await filesOf(cache, kind)).toEqual([]);
	});

	it("leaves nothing when the caller gives up, at any moment, and is not warned about", async () => {
		const { cache, folder } = await makeCache();
		const video = await makeVideo(folder, "kite", 8 * 1_048_576);
		for (const turns of [0, 1, 3, 10, 30]) {
			const controller = new AbortController();
			const stored = cache.store(keyOf("kite"), video, { signal: controller.signal });
			for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
			controller.abort();
			expect(await stored).toBeUndefined();
			for (const kind of ["content-", "index-", "tmp"] as const) expect(await filesOf(cache, kind)).toEqual([]);
		}
	});
});

describe("a search that is given up", () => {
	it("ends with a cancellation, and lets go of the file", async () => {
		const { cache, folder } = await makeCache();
		await storeVideo(cache, folder, "kite", 8 * 1_048_576);
		for (const turns of [0, 2, 8]) {
			const controller = new AbortController();
			const found = cache.find(keyOf("kite"), { signal: controller.signal });
			for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
			controller.abort();
			await expect(found).rejects.toMatchObject({ code: "cancelled", billed: "no" });
		}
		expect(await filesOf(cache, "readers")).toEqual([]);
		expect(await readCached(cache, "kite")).toBeDefined();
	});
});

describe.skipIf(process.platform === "win32")("the folder of a cache", () => {
	it("is for this user alone, also when somebody has opened it", async () => {
		const { cache, folder } = await makeCache();
		await storeVideo(cache, folder, "kite");
		expect((await stat(cache.directory)).mode & 0o777).toBe(0o700);
		await chmod(cache.directory, 0o777);
		expect(await readCached(cache, "kite")).toEqual(contentOf("kite"));
		expect((await stat(cache.directory)).mode & 0o777).toBe(0o700);
	});

	it("of another user is not used: whoever owns it could put in what he likes", async () => {
		const { cache, folder } = await makeCache();
		const video = await makeVideo(folder, "kite");
		await cache.store(keyOf("kite"), video);
		if (process.getuid?.() === 0) await chown(cache.directory, 12_345, 12_345);
		else vi.spyOn(process, "getuid").mockReturnValue(12_345);
		expect(await readCached(cache, "kite")).toBeUndefined();
		expect(await cache.store(keyOf("sea"), video)).toMatch(/^cache: .* belongs to somebody else; choose another/);
		vi.restoreAllMocks();
	});
});

function flipped(name: string, at: number): Buffer {
	const data = contentOf(name);
	data.writeUInt8(data.readUInt8(at) ^ 1, at);
	return data;
}

async function replaceByLink(path: string): Promise<void> {
	await link(path, `${path}.elsewhere`);
	await rm(path);
	await symlink(`${path}.elsewhere`, path);
}

/** A row that somebody has changed and who knows how cacache protects rows. */
function resigned(row: string, change: (entry: object) => void): string {
	const parsed = JSON.parse(row.split("\t")[1] ?? "");
	change(parsed.metadata);
	return signed(parsed);
}

function signed(row: object): string {
	const text = JSON.stringify(row);
	return `\n${createHash("sha1").update(text).digest("hex")}\t${text}`;
}
