import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isVideoError, MediaError } from "../../src/errors/index.ts";
import {
	bytesReader,
	describeBytes,
	loadImage,
	probeOrSniff,
	sniffVideo,
	verifyVideoFile,
} from "../../src/media/index.ts";
import { TINY_VIDEO } from "../support/tiny-video.ts";
import { EXTENDED_WEBP, JPEG, LOSSLESS_WEBP, LOSSY_WEBP, png } from "./image-files.ts";
import { makeVideo } from "./video-files.ts";

const IMAGES = [png(24, 16), JPEG, LOSSY_WEBP, LOSSLESS_WEBP, EXTENDED_WEBP];
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

/** A place in the file, as a share of its length. */
const place = fc.double({ min: 0, max: 1, noNaN: true });
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

/** A start that a sniffer knows, and anything behind it. */
const pretender = (originals: readonly Uint8Array[]) =>
	fc
		.tuple(fc.constantFrom(...originals), fc.integer({ min: 4, max: 64 }), fc.uint8Array({ maxLength: 300 }))
		.map(([original, length, rest]) => Buffer.concat([original.subarray(0, length), rest]));

describe("whatever the bytes are", () => {
	it("sniffing and naming them gives an answer", () => {
		fc.assert(
			fc.property(
				fc.oneof(broken([...IMAGES, ...VIDEOS]), pretender([...IMAGES, ...VIDEOS]), fc.uint8Array()),
				(data) => {
					expect([undefined, "mp4", "mov", "webm", "mkv"]).toContain(sniffVideo(data));
					expect(describeBytes(data)).toMatch(/^[A-Za-z0-9 ]+$/);
				},
			),
			{ numRuns: 5000 },
		);
	});

	it("an image is either whole and within the limits, or refused with an error of ours", async () => {
		await fc.assert(
			fc.asyncProperty(fc.oneof(broken(IMAGES), pretender(IMAGES), fc.uint8Array()), async (data) => {
				try {
					const { image, warnings } = await loadImage("image", data, { maxBytes: 1000 });
					expect(image.width * image.height).toBeGreaterThan(0);
					expect(Math.max(image.width, image.height)).toBeLessThanOrEqual(16_384);
					expect(Buffer.from(data).indexOf(image.data)).toBe(0);
					expect(warnings.length).toBe(image.data.length === data.length ? 0 : 1);
				} catch (error) {
					if (!isVideoError(error)) throw error;
					expect(error.message).toMatch(/^image[^\n]+$/);
				}
			}),
			{ numRuns: 5000 },
		);
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

	it("a video is either verified, or refused with a MediaError", async () => {
		await fc.assert(
			fc.asyncProperty(fc.oneof(broken(VIDEOS), pretender(VIDEOS)), async (data) => {
				try {
					const { container } = await verifyVideoFile(bytesReader(data));
					expect(container).toBe(sniffVideo(data));
				} catch (error) {
					expect(error).toBeInstanceOf(MediaError);
				}
			}),
			{ numRuns: 5000 },
		);
	});

	it("a probe ends in time, with metadata, a warning or a MediaError", async () => {
		const folder = await mkdtemp(join(tmpdir(), "reelay-media-"));
		const path = join(folder, "broken.bin");
		try {
			await fc.assert(
				fc.asyncProperty(broken(VIDEOS), async (data) => {
					await writeFile(path, data);
					try {
						const { metadata, warning } = await probeOrSniff(path, { timeoutMs: 250 });
						expect(metadata.container).toBe(sniffVideo(data));
						for (const value of [metadata.width, metadata.height, metadata.durationSeconds, metadata.fps]) {
							if (value !== undefined) expect(value).toBeGreaterThan(0);
						}
						expect(warning ?? "").not.toContain("\n");
					} catch (error) {
						expect(error).toBeInstanceOf(MediaError);
					}
				}),
				{ numRuns: 150 },
			);
		} finally {
			await rm(folder, { recursive: true });
		}
	});
});
