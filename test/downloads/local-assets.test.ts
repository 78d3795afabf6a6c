import { execFileSync } from "node:child_process";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { VideoAsset } from "../../src/provider/index.ts";
import { makeVideo } from "../media/video-files.ts";
import { downloadFolder, networkFor } from "../support/download-folder.ts";
import { folderState, planIn, type RunOptions, save } from "../support/download-run.ts";
import { sha256Of, videoOf } from "../support/download-video.ts";

const VIDEO = videoOf(3_000_000);
const MEBIBYTE = 1_048_576;

async function saveLocal(asset: VideoAsset, name = "video.mp4", options: Partial<RunOptions> = {}) {
	const folder = await downloadFolder();
	const plan = await planIn(folder, name);
	const outcome = await save(asset, { network: networkFor(), plan, ...options }).catch((error: unknown) => error);
	return { folder, outcome, names: (await folderState(folder)).names };
}

describe("a video that came as bytes", () => {
	it("is written, hashed and verified like any other", async () => {
		const { outcome, names, folder } = await saveLocal({ kind: "bytes", data: VIDEO });
		expect(outcome).toMatchObject({
			sizeBytes: VIDEO.byteLength,
			sha256: sha256Of(VIDEO),
			container: "mp4",
			warnings: [],
		});
		expect((await readFile(join(folder, "video.mp4"))).equals(VIDEO)).toBe(true);
		expect(names).toEqual(["video.mp4"]);
	});

	it.each([
		["is empty", Buffer.alloc(0)],
		["is a web page", Buffer.from("<!doctype html><title>Oops</title>")],
		["is cut off", VIDEO.subarray(0, 1_000_000)],
	])("and %s leaves nothing", async (_what, data) => {
		const { outcome, names } = await saveLocal({ kind: "bytes", data });
		expect(outcome).toMatchObject({ code: "bad_media", billed: "yes", retryable: true });
		expect(names).toEqual([]);
	});

	it("and is too large is refused before anything is written", async () => {
		const { outcome, names } = await saveLocal({ kind: "bytes", data: VIDEO }, undefined, { maxBytes: 2_999_999 });
		expect(outcome).toMatchObject({ code: "file_too_large", billed: "yes", maxBytes: 2_999_999, sizeBytes: 3_000_000 });
		expect(names).toEqual([]);
	});

	it("is not copied in memory", async () => {
		const data = videoOf(64 * MEBIBYTE);
		const before = process.memoryUsage().arrayBuffers;
		let peak = before;
		const onProgress = () => {
			peak = Math.max(peak, process.memoryUsage().arrayBuffers);
		};
		const sampler = setInterval(onProgress, 1);
		const { outcome } = await saveLocal({ kind: "bytes", data }, undefined, { onProgress });
		clearInterval(sampler);
		expect(outcome).toMatchObject({ sizeBytes: data.byteLength });
		expect((peak - before) / MEBIBYTE).toBeLessThan(4);
	});

	it("is not written any more when nobody waits for it", async () => {
		const stop = new AbortController();
		const onProgress = () => stop.abort();
		const data = videoOf(8 * MEBIBYTE);
		const { outcome, names } = await saveLocal({ kind: "bytes", data }, undefined, { signal: stop.signal, onProgress });
		expect(outcome).toMatchObject({ code: "cancelled", phase: "download", billed: "yes" });
		expect(names).toEqual([]);
	});
});

describe("a video that is a file of the provider's", () => {
	it("is copied, and left where it is", async () => {
		const source = join(await downloadFolder(), "render.mp4");
		await writeFile(source, VIDEO);
		const { outcome } = await saveLocal({ kind: "file", path: source });
		expect(outcome).toMatchObject({ sizeBytes: VIDEO.byteLength, sha256: sha256Of(VIDEO) });
		expect((await readFile(source)).equals(VIDEO)).toBe(true);
	});

	it("is refused when it is not an ordinary file", async () => {
		const place = await downloadFolder();
		await writeFile(join(place, "real.mp4"), VIDEO);
		await symlink(join(place, "real.mp4"), join(place, "link.mp4"));
		await mkdir(join(place, "folder.mp4"));
		const paths = ["missing.mp4", "link.mp4", "folder.mp4"].map((name) => join(place, name));
		if (process.platform !== "win32") {
			execFileSync("mkfifo", [join(place, "pipe.mp4")]);
			paths.push(join(place, "pipe.mp4"));
		}
		for (const path of [...paths, "relative.mp4", ""]) {
			const { outcome, names } = await saveLocal({ kind: "file", path });
			expect(outcome).toMatchObject({
				code: "download_failed",
				billed: "yes",
				message: expect.stringContaining("is not an ordinary file with an absolute path"),
			});
			expect(names).toEqual([]);
		}
	});

	it("is refused when it is too large", async () => {
		const source = join(await downloadFolder(), "render.mp4");
		await writeFile(source, VIDEO);
		const { outcome } = await saveLocal({ kind: "file", path: source }, undefined, { maxBytes: 10 });
		expect(outcome).toMatchObject({ code: "file_too_large", billed: "yes" });
	});
});

describe("the name of a video", () => {
	it.each([
		["kite.avi", '"kite.avi" holds mp4 video, which its name does not say; rename it to end in .mp4'],
		["kite", '"kite" holds mp4 video, which its name does not say; rename it to end in .mp4'],
		["kite.webm", '"kite.webm" holds mp4 video although its name says webm; rename it if a player objects'],
	])("that does not fit it is kept, with a warning: %s", async (name, warning) => {
		const { outcome, names } = await saveLocal({ kind: "bytes", data: VIDEO }, name);
		expect(outcome).toMatchObject({ warnings: [warning] });
		expect(names).toEqual([name]);
	});

	it("from a template ends in what it holds", async () => {
		const webm = await makeVideo({ container: "webm" });
		const { outcome, names } = await saveLocal({ kind: "bytes", data: webm }, "{prompt}-{index}");
		expect(outcome).toMatchObject({ container: "webm", warnings: [] });
		expect(names).toEqual(["waves-1.webm"]);
	});
});
