import { mkdtemp, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CancelledError, isVideoError, MediaError } from "../../src/errors/index.ts";
import { type ByteReader, bytesReader, verifyVideoFile } from "../../src/media/index.ts";
import { TINY_VIDEO } from "../support/tiny-video.ts";
import {
	box,
	ebmlHeader,
	element,
	endlessElement,
	FTYP,
	indexOf,
	largeBox,
	makeVideo,
	uint32,
	type VideoRecipe,
} from "./video-files.ts";

const SEGMENT = 0x18538067;
const TRACKS = 0x1654ae6b;
const CLUSTER = 0x1f43b675;
const BLOCK = 0xa3;

const PICTURES = box("mdat", Buffer.alloc(100));
const tracks = element(TRACKS, Buffer.alloc(20));
const cluster = element(CLUSTER, element(BLOCK, Buffer.alloc(30)));

const RECIPES: readonly VideoRecipe[] = [
	{ container: "mp4", index: "first" },
	{ container: "mp4", index: "last", hasAudio: true },
	{ container: "mp4", index: "fragmented" },
	{ container: "mov" },
	{ container: "webm" },
	{ container: "webm", isLive: true, hasAudio: true },
	{ container: "mkv", codec: "av1" },
];

const verify = (...parts: readonly Uint8Array[]) => verifyVideoFile(bytesReader(Buffer.concat(parts)));

async function problemOf(...parts: readonly Uint8Array[]): Promise<string> {
	const error = await verify(...parts).catch((caught: unknown) => caught);
	if (!isVideoError(error)) expect.unreachable(`not refused with an error of ours: ${String(error)}`);
	expect(error).toBeInstanceOf(MediaError);
	expect(error.message).not.toContain("\n");
	return error.message;
}

/** Counts what is asked of a reader. */
function counting(data: Uint8Array): ByteReader & { bytes: number; largest: number } {
	return {
		size: data.length,
		bytes: 0,
		largest: 0,
		async read(offset, length) {
			this.bytes += length;
			this.largest = Math.max(this.largest, length);
			return data.subarray(offset, offset + length);
		},
	};
}

describe("a whole video", () => {
	it.each(RECIPES)("is verified: $container, index $index, live $isLive", async (recipe) => {
		expect(await verify(await makeVideo(recipe))).toEqual({ container: recipe.container });
	});

	it.each<[string, readonly Uint8Array[]]>([
		["the smallest real one", [TINY_VIDEO]],
		["with sizes in 64 bits", [FTYP, indexOf([200]), largeBox("mdat", Buffer.alloc(100))]],
		["with offsets in 64 bits", [FTYP, indexOf([200], 1, true), PICTURES]],
		["whose pictures reach to the end", [FTYP, indexOf([150]), uint32(0), Buffer.from("mdat"), Buffer.alloc(100)]],
		["with free space and boxes that nobody knows", [FTYP, box("free"), box("zzzz"), indexOf([]), PICTURES]],
		["whose index ends in a zero", [FTYP, box("moov", box("mvhd"), Buffer.alloc(4)), PICTURES]],
		["whose index ends in many zeros", [FTYP, box("moov", box("mvhd"), Buffer.alloc(24)), PICTURES]],
		["old QuickTime", [box("wide"), PICTURES, box("moov", box("mvhd"))]],
	])("is verified: MP4 %s", async (_name, parts) => {
		await expect(verify(...parts)).resolves.toBeDefined();
	});

	it.each<[string, readonly Uint8Array[]]>([
		["of known size", [ebmlHeader("webm"), element(SEGMENT, Buffer.concat([tracks, cluster, cluster]))]],
		["of unknown size", [ebmlHeader("webm"), endlessElement(SEGMENT, tracks), cluster]],
		[
			"with clusters of unknown size",
			[
				ebmlHeader("webm"),
				endlessElement(SEGMENT, tracks),
				endlessElement(CLUSTER, element(BLOCK, Buffer.alloc(9))),
				endlessElement(CLUSTER, element(BLOCK, Buffer.alloc(9))),
				element(0x1c53bb6b, Buffer.alloc(9)),
			],
		],
		[
			"with padding behind it",
			[ebmlHeader("webm"), element(SEGMENT, Buffer.concat([tracks, cluster])), element(0xec, Buffer.alloc(9))],
		],
	])("is verified: WebM %s", async (_name, parts) => {
		await expect(verify(...parts)).resolves.toBeDefined();
	});

	it("is verified from a path", async () => {
		const folder = await mkdtemp(join(tmpdir(), "reelay-media-"));
		try {
			const path = join(folder, "a.mp4");
			await writeFile(path, TINY_VIDEO);
			expect(await verifyVideoFile(path)).toEqual({ container: "mp4" });
		} finally {
			await rm(folder, { recursive: true });
		}
	});

	it("is verified without reading its pictures", async () => {
		const reader = counting(Buffer.concat([FTYP, box("mdat", Buffer.alloc(20_000_000)), indexOf([40])]));
		await verifyVideoFile(reader);
		expect(reader.bytes).toBeLessThan(100_000);
	});

	it("is verified in pieces, however long its index is", async () => {
		const offsets = Array.from({ length: 100_000 }, (_, index) => index);
		const reader = counting(Buffer.concat([FTYP, indexOf(offsets), PICTURES]));
		await verifyVideoFile(reader);
		expect(reader.largest).toBeLessThanOrEqual(65_536);
	});
});

describe("a video that is cut off", () => {
	it.each(RECIPES.filter(({ index, isLive }) => index !== "fragmented" && isLive !== true))(
		"is refused at every byte: $container, index $index",
		async (recipe) => {
			const whole = await makeVideo(recipe);
			for (let length = 0; length < whole.length; length += 1) {
				expect(await problemOf(whole.subarray(0, length))).toMatch(/cut off|not a video/);
			}
		},
	);

	it.each(RECIPES.filter(({ index, isLive }) => index === "fragmented" || isLive === true))(
		"is refused within a part, which is all that can be told: $container",
		async (recipe) => {
			const whole = await makeVideo(recipe);
			let accepted = 0;
			for (let length = 0; length < whole.length; length += 1) {
				accepted += await verify(whole.subarray(0, length)).then(
					() => 1,
					() => 0,
				);
			}
			expect(accepted).toBeLessThan(whole.length / 50);
		},
	);

	it("is told how much is missing, where the file says so", async () => {
		expect(await problemOf(FTYP, indexOf([150]), PICTURES.subarray(0, 50))).toMatch(
			/^the video is cut off after (\d+) of at least (\d+) bytes; download it again$/,
		);
	});

	it("is refused when its pictures reach to the end, wherever that is now", async () => {
		expect(await problemOf(FTYP, indexOf([5000]), uint32(0), Buffer.from("mdat"), Buffer.alloc(100))).toContain(
			"cut off after 208 of at least 5000 bytes",
		);
	});

	it("is refused when one of its 64-bit offsets is behind its end", async () => {
		expect(await problemOf(FTYP, indexOf([40, 5000], 2, true), PICTURES)).toContain("of at least 5000 bytes");
	});
});

describe("a video that was never finished", () => {
	it.each<[string, readonly Uint8Array[], string]>([
		["MP4 without an index", [FTYP, PICTURES], "no index"],
		["MP4 without pictures", [FTYP, indexOf([])], "no pictures"],
		["MP4 with an empty place for pictures", [FTYP, indexOf([]), box("mdat")], "no pictures"],
		["WebM without tracks", [ebmlHeader("webm"), element(SEGMENT, cluster)], "no tracks"],
		["WebM without pictures", [ebmlHeader("webm"), element(SEGMENT, tracks)], "no pictures"],
	])("is refused: %s", async (_name, parts, problem) => {
		expect(await problemOf(...parts)).toContain(problem);
	});
});

describe("a video that breaks its container's rules", () => {
	const whole = [ebmlHeader("webm"), element(SEGMENT, Buffer.concat([tracks, cluster]))];
	const shortSegment = element(SEGMENT, Buffer.concat([tracks, cluster]));
	shortSegment.writeUInt8(shortSegment.readUInt8(11) - 4, 11);
	it.each<[string, readonly Uint8Array[]]>([
		["MP4: an impossible size", [FTYP, uint32(7), Buffer.from("free"), indexOf([]), PICTURES]],
		["MP4: an impossible 64-bit size", [FTYP, uint32(1), Buffer.from("free"), uint32(0), uint32(15), PICTURES]],
		["MP4: something behind its end", [TINY_VIDEO, Buffer.alloc(32)]],
		[
			"MP4: a box longer than its parent",
			[FTYP, box("moov", uint32(99), Buffer.from("trak"), Buffer.alloc(20)), PICTURES],
		],
		["MP4: fewer offsets than it says", [FTYP, indexOf([40], 2), PICTURES]],
		["MP4: far fewer offsets than it says", [FTYP, indexOf([40], 0xffffffff), PICTURES]],
		["WebM: something behind its end", [...whole, cluster]],
		["WebM: zeros behind its end", [...whole, Buffer.alloc(32)]],
		["WebM: zeros inside", [ebmlHeader("webm"), endlessElement(SEGMENT, tracks), cluster, Buffer.alloc(32)]],
		["WebM: an element longer than its parent", [ebmlHeader("webm"), shortSegment, element(0xec, Buffer.alloc(9))]],
		["WebM: tracks without a size", [ebmlHeader("webm"), endlessElement(SEGMENT, endlessElement(TRACKS, cluster))]],
	])("is refused as damaged: %s", async (_name, parts) => {
		expect(await problemOf(...parts)).toContain("damaged");
	});

	it.each<[string, () => Uint8Array]>([
		["boxes", () => Buffer.concat([FTYP, Buffer.alloc(8 * 300_000, box("free"))])],
		[
			"elements",
			() =>
				Buffer.concat([
					ebmlHeader("webm"),
					endlessElement(SEGMENT, Buffer.alloc(3 * 300_000, Buffer.from([0xec, 0x81, 0]))),
				]),
		],
		["boxes in its index", () => Buffer.concat([FTYP, box("moov", Buffer.alloc(8 * 300_000, box("trak")))])],
	])("is refused when it has an absurd number of %s", async (_name, make) => {
		expect(await problemOf(make())).toContain("absurd number of parts");
	});

	it("is walked no deeper than its index goes", async () => {
		let nested = box("trak");
		for (let depth = 0; depth < 3000; depth += 1) nested = box("trak", nested);
		await expect(verify(FTYP, box("moov", nested), PICTURES)).resolves.toBeDefined();
	});
});

describe("a file that is no video", () => {
	it.each([
		["<!doctype html><title>403</title>", "the file is an HTML page, not a video"],
		['{"error":"expired"}', "the file is JSON, not a video"],
		["", "the file is empty, not a video"],
		["\x89PNG\r\n\x1a\n", "the file is a PNG image, not a video"],
		["PK\x03\x04", "the file is a ZIP archive, not a video"],
		["\0\x01\x02", "the file is unknown data, not a video"],
	])("is named: %j", async (content, message) => {
		expect(await problemOf(Buffer.from(content, "latin1"))).toBe(message);
	});
});

describe("verifying a file", () => {
	let folder: string;
	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), "reelay-media-"));
	});
	afterAll(() => rm(folder, { recursive: true }));

	it("gives every error what only the caller knows", async () => {
		const errorDetails = { billed: "yes", phase: "download", token: "rl1.x" } as const;
		const path = join(folder, "page.mp4");
		await writeFile(path, "<html>");
		await expect(verifyVideoFile(path, { errorDetails })).rejects.toMatchObject(errorDetails);
		await expect(verifyVideoFile(folder, { errorDetails })).rejects.toMatchObject(errorDetails);
		await expect(verifyVideoFile(join(folder, "none"), { errorDetails })).rejects.toMatchObject(errorDetails);
	});

	it("says what is wrong with a path", async () => {
		await expect(verifyVideoFile(join(folder, "none"))).rejects.toThrow("does not exist");
		await expect(verifyVideoFile(folder)).rejects.toThrow("is no regular file");
	});

	it("ends when the signal is aborted", async () => {
		const signal = AbortSignal.abort();
		await expect(verifyVideoFile(bytesReader(TINY_VIDEO), { signal })).rejects.toThrow(CancelledError);
	});

	it("ends when the signal is aborted on the way", async () => {
		const controller = new AbortController();
		const data = Buffer.concat([FTYP, ...Array.from({ length: 9 }, () => box("free", Buffer.alloc(20_000)))]);
		let reads = 0;
		const reader: ByteReader = {
			size: data.length,
			async read(offset, length) {
				reads += 1;
				if (reads === 3) controller.abort();
				return data.subarray(offset, offset + length);
			},
		};
		await expect(verifyVideoFile(reader, { signal: controller.signal })).rejects.toThrow(CancelledError);
		expect(reads).toBe(3);
	});

	it("handles a file of hundreds of gigabytes in no time", async () => {
		const path = join(folder, "huge.mp4");
		const size = 2 ** 38;
		await writeFile(path, Buffer.concat([FTYP, indexOf([5000]), uint32(0), Buffer.from("mdat")]));
		await truncate(path, size);
		await expect(verifyVideoFile(path)).resolves.toEqual({ container: "mp4" });
	});

	it.skipIf(process.platform !== "linux")("leaves no file open", async () => {
		const path = join(folder, "cut.mp4");
		await writeFile(path, TINY_VIDEO.subarray(0, 900));
		const before = await readdir("/proc/self/fd");
		for (let round = 0; round < 10; round += 1) await verifyVideoFile(path).catch(() => undefined);
		expect((await readdir("/proc/self/fd")).length).toBeLessThanOrEqual(before.length);
	});
});
