import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isVideoError, MediaError } from "../../src/errors/index.ts";
import {
	bytesReader,
	describeBytes,
	loadImage,
	probeOrSniff,
	sniffVideo,
	verifyVideoFile,
} from "../../src/media/index.ts";
import type { InputImage } from "../../src/provider/index.ts";
import { TINY_VIDEO } from "../support/tiny-video.ts";
import {
	EXTENDED_WEBP,
	exif,
	JPEG,
	jpegExif,
	jpegNamed,
	jpegWith,
	LOSSLESS_WEBP,
	LOSSY_WEBP,
	PERSONAL,
	png,
	pngChunk,
	webpChunk,
	webpWith,
} from "./image-files.ts";
import { makeVideo } from "./video-files.ts";

/** How many broken files each property sees. */
const RUNS = 10_000;
/** A probe that hangs costs a second and a thread, so not all of them are made without a look before. */
const UNVERIFIED_PROBES = 500;
/** No file takes longer, and all of them together take no more memory. */
const LONGEST_MS = 5000;
const MOST_BYTES = 512 * 2 ** 20;

const TURNED = exif({ orientation: 6 });
const IMAGES = [
	png(24, 16),
	png(24, 16, [pngChunk("eXIf", TURNED), pngChunk("tEXt", PERSONAL), pngChunk("gAMA", Buffer.alloc(4))]),
	JPEG,
	jpegWith(jpegNamed(0xfe, ""), jpegExif(TURNED), jpegNamed(0xe2, "ICC_PROFILE\0\x01\x01")),
	LOSSY_WEBP,
	LOSSLESS_WEBP,
	EXTENDED_WEBP,
	webpWith(0x0c, webpChunk("EXIF", TURNED), webpChunk("XMP ", PERSONAL)),
];
const VIDEOS = [
	TINY_VIDEO,
	await makeVideo({ container: "mp4", index: "fragmented" }),
	await makeVideo({ container: "mov", hasAudio: true }),
	await makeVideo({ container: "webm" }),
	await makeVideo({ container: "webm", isLive: true }),
	await makeVideo({ container: "mkv" }),
];

type Mutation =
	| { readonly kind: "byte"; readonly at: number; readonly value: number }
	| { readonly kind: "number"; readonly at: number; readonly value: number }
	| { readonly kind: "insert"; readonly at: number; readonly data: Uint8Array }
	| { readonly kind: "remove"; readonly at: number; readonly length: number }
	| { readonly kind: "cut"; readonly at: number };

/** A place in the file, as a share of its length. From `fc.double`, nearly all would be its first byte. */
const place = fc.integer({ min: 0, max: 0xffff }).map((value) => value / 0x10000);
const extremes = fc.constantFrom(0, 1, 7, 8, 0x7fffffff, 0x80000000, 0xffffffff);
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
	fc.record({ kind: fc.constant("byte" as const), at: place, value: fc.integer({ min: 0, max: 255 }) }),
	fc.record({ kind: fc.constant("number" as const), at: place, value: extremes }),
	fc.record({ kind: fc.constant("insert" as const), at: place, data: fc.uint8Array({ maxLength: 40 }) }),
	fc.record({ kind: fc.constant("remove" as const), at: place, length: fc.integer({ min: 1, max: 40 }) }),
	fc.record({ kind: fc.constant("cut" as const), at: place }),
);

function mutate(data: Buffer, change: Mutation): Buffer {
	const at = Math.floor(change.at * data.length);
	const [before, after] = [data.subarray(0, at), data.subarray(at)];
	switch (change.kind) {
		case "byte":
			return Buffer.concat([before, Buffer.from([change.value]), after.subarray(1)]);
		case "number": {
			const number = Buffer.alloc(4);
			number.writeUInt32BE(change.value);
			return Buffer.concat([before, number, after.subarray(4)]);
		}
		case "insert":
			return Buffer.concat([before, change.data, after]);
		case "remove":
			return Buffer.concat([before, after.subarray(change.length)]);
		case "cut":
			return before;
	}
}

const broken = (originals: readonly Uint8Array[]) =>
	fc
		.tuple(fc.constantFrom(...originals), fc.array(mutation, { minLength: 1, maxLength: 4 }))
		.map(([original, mutations]) => mutations.reduce(mutate, Buffer.from(original)));

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "reelay-media-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** A start that a sniffer knows, or nothing, and anything behind it. */
const pretender = (originals: readonly Uint8Array[]) =>
	fc
		.tuple(fc.constantFrom(...originals), fc.integer({ min: 0, max: 64 }), fc.uint8Array({ maxLength: 300 }))
		.map(([original, length, rest]) => Buffer.concat([original.subarray(0, length), rest]));

/** Feeds as many broken files as promised to `look`, which tells whether it took the file. */
async function fuzz(
	originals: readonly Uint8Array[],
	look: (data: Buffer) => Promise<boolean>,
	promised = RUNS,
): Promise<void> {
	const rssBefore = process.memoryUsage.rss();
	let runs = 0;
	let taken = 0;
	let longestMs = 0;
	let highestRss = rssBefore;
	const files = fc.oneof({ weight: 4, arbitrary: broken(originals) }, { weight: 1, arbitrary: pretender(originals) });
	await fc.assert(
		fc.asyncProperty(files, async (data) => {
			const started = performance.now();
			if (await look(data)) taken += 1;
			runs += 1;
			longestMs = Math.max(longestMs, performance.now() - started);
			highestRss = Math.max(highestRss, process.memoryUsage.rss());
		}),
		{ numRuns: promised },
	);
	expect(runs).toBe(promised);
	// Else the files would be too broken to show anything but the first check.
	expect(taken).toBeGreaterThan(promised / 50);
	expect(taken).toBeLessThan(promised);
	expect(longestMs).toBeLessThan(LONGEST_MS);
	expect(highestRss - rssBefore).toBeLessThan(MOST_BYTES);
}

describe("whatever the bytes are", () => {
	it("sniffing and naming them gives an answer", async () => {
		await fuzz([...IMAGES, ...VIDEOS], async (data) => {
			const container = sniffVideo(data);
			expect([undefined, "mp4", "mov", "webm", "mkv"]).toContain(container);
			expect(describeBytes(data)).toMatch(/^[A-Za-z0-9 ]+$/);
			return container !== undefined;
		});
	});

	it("an image is either whole, and sent as the same picture, or refused with an error of ours", async () => {
		const limits = { maxBytes: 1000 };
		await fuzz(IMAGES, async (data) => {
			try {
				const kept = await loadImage("image", data, limits, { keepMetadata: true });
				expect(kept.image.width * kept.image.height).toBeGreaterThan(0);
				expect(Math.max(kept.image.width, kept.image.height)).toBeLessThanOrEqual(16_384);
				expect(data.indexOf(kept.image.data)).toBe(0);
				expect(kept.warnings.length).toBe(kept.image.data.length === data.length ? 0 : 1);

				const { image, warnings } = await loadImage("image", data, limits);
				expect(warnings).toEqual(kept.warnings);
				expect(factsOf(image)).toEqual(factsOf(kept.image));

				const again = await loadImage("image", image.data, limits);
				expect(again.warnings).toEqual([]);
				expect({ ...factsOf(again.image), sha256: again.image.sha256 }).toEqual({
					...factsOf(kept.image),
					sha256: image.sha256,
				});
				return true;
			} catch (error) {
				if (!isVideoError(error)) throw error;
				expect(error.message).toMatch(/^image[^\n]+$/);
				return false;
			}
		});
	});

	it("text that may be base64 or a URL is either an image or refused with an error of ours", async () => {
		const text = fc.oneof(
			fc.string({ unit: "binary" }),
			fc.base64String(),
			fc.webUrl({ validSchemes: ["http", "https", "ftp", "file"] }),
			fc
				.tuple(fc.constantFrom("data:", "data:image/png;base64,", "https:", "file:///"), fc.string())
				.map((parts) => parts.join("")),
		);
		await fc.assert(
			fc.asyncProperty(text, fc.boolean(), async (value, isEncoded) => {
				const error = await loadImage("image", isEncoded ? { data: value } : value, { maxBytes: 50 }).catch(
					(caught: unknown) => caught,
				);
				expect(isVideoError(error), String(error)).toBe(true);
			}),
			{ numRuns: 2000 },
		);
	});

	it("a video is verified and then probed, as results are, or refused with a MediaError", async () => {
		await fuzz(VIDEOS, async (data) => {
			try {
				const { container } = await verifyVideoFile(bytesReader(data));
				expect(container).toBe(sniffVideo(data));
			} catch (error) {
				if (!(error instanceof MediaError)) throw error;
				return false;
			}
			await probe(data);
			return true;
		});
	}, 120_000);

	it("a probe ends in time, with metadata, a warning or a MediaError", async () => {
		await fuzz(VIDEOS, probe, UNVERIFIED_PROBES);
	}, 120_000);
});

/** Whether anything but the container could be told. */
async function probe(data: Uint8Array): Promise<boolean> {
	const path = join(folder, "broken.bin");
	await writeFile(path, data);
	try {
		const { metadata, warning } = await probeOrSniff(path, { timeoutMs: 1000 });
		expect(metadata.container).toBe(sniffVideo(data));
		for (const value of [metadata.width, metadata.height, metadata.durationSeconds, metadata.fps]) {
			if (value !== undefined) expect(value).toBeGreaterThan(0);
		}
		expect(warning ?? "").not.toContain("\n");
		return warning === undefined;
	} catch (error) {
		if (!(error instanceof MediaError)) throw error;
		return false;
	}
}

function factsOf({ mediaType, width, height, orientation }: InputImage) {
	return { mediaType, width, height, orientation };
}
