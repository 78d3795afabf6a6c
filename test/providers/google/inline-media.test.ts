import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { withInlineMedia } from "../../../providers/google/inline-media.ts";
import type { JsonValue } from "../../../src/provider/index.ts";
import { lookRequest } from "../../../src/provider-kit/index.ts";
import { temporaryFolder } from "../../support/service.ts";

const url = new URL("https://service.example/look");
const video = randomBytes(100_000);
const base64 = video.toString("base64");

/** The answer that a text in these pieces becomes, and what was left out of it. */
async function received(text: string, pieceBytes: number) {
	const bytes = Buffer.from(text);
	const body = new ReadableStream<Uint8Array>({
		start(controller) {
			for (let at = 0; at < bytes.byteLength; at += pieceBytes) controller.enqueue(bytes.subarray(at, at + pieceBytes));
			controller.close();
		},
	});
	const { context, media } = withInlineMedia({
		fetch: async () => new Response(body),
		signal: new AbortController().signal,
	});
	const { json } = await lookRequest(context, { url, maxBytes: 1024 * 1024 });
	return { json: json as { readonly data: string } & JsonValue, media };
}

describe("a long base64 text in an answer", () => {
	it.each([1, 7, 4_096, 65_537, 1_000_000])("is decoded when it comes in pieces of %i bytes", async (pieceBytes) => {
		const { json, media } = await received(JSON.stringify({ before: 'a "b \\', data: base64, after: [1] }), pieceBytes);
		expect(json).toEqual({ before: 'a "b \\', data: expect.any(String), after: [1] });
		expect(json.data.length).toBeLessThan(20);
		expect(Buffer.compare(Buffer.from(media.decode(json.data) ?? []), video)).toBe(0);
	});

	it.each([3, 65_537])("may be spelled with escapes, cut anywhere, in pieces of %i bytes", async (pieceBytes) => {
		expect(base64.slice(-2)).toBe("==");
		const escaped = base64.replaceAll("/", "\\/").replaceAll("=", "\\u003d");
		const { json, media } = await received(`{"data":"${escaped}"}`, pieceBytes);
		expect(Buffer.compare(Buffer.from(media.decode(json.data) ?? []), video)).toBe(0);
	});

	it("can be one of several, and each is found by its own place", async () => {
		const other = randomBytes(90_000);
		const text = JSON.stringify([{ data: base64 }, { data: other.toString("base64url") }]);
		const { json, media } = await received(text, 16_384);
		const found = (json as unknown as { data: string }[]).map(({ data }) => Buffer.from(media.decode(data) ?? []));
		expect(found.map((bytes, at) => bytes.equals(at === 0 ? video : other))).toEqual([true, true]);
	});

	it("can be written to a file", async () => {
		const { json, media } = await received(JSON.stringify({ data: base64 }), 16_384);
		const path = join(await temporaryFolder(), "video");
		await writeFile(path, media.decode(json.data) ?? "");
		expect((await readFile(path)).equals(video)).toBe(true);
	});
});

describe("any other text in an answer", () => {
	it.each([1, 5, 65_536])("arrives as it was sent, in pieces of %i bytes", async (pieceBytes) => {
		const texts = [
			"",
			'"',
			"\\",
			"\n\u2028ü海🏔️",
			"A".repeat(65_536),
			`${"long ".repeat(20_000)}!`,
			"\\\\".repeat(40_000),
		];
		const { json } = await received(JSON.stringify(texts), pieceBytes);
		expect(JSON.stringify(json) === JSON.stringify(texts)).toBe(true);
	});

	it("that stops being base64 in the middle is an answer that cannot be read", async () => {
		const read = received(JSON.stringify({ data: `${base64}***` }), 16_384);
		await expect(read).rejects.toMatchObject({ code: "provider_error", phase: "poll", retryable: true });
	});

	it("is not mistaken for a video that was left out", async () => {
		const { media } = await received(JSON.stringify({ data: base64 }), 16_384);
		expect(media.decode("\u0000media:7")).toBeUndefined();
		expect(media.decode("not base64!")).toBeUndefined();
	});
});

it("a large video needs little more memory than itself", { timeout: 60_000 }, async () => {
	const script = `
		import { createGoogleProvider } from ${JSON.stringify(join(import.meta.dirname, "../../../providers/google/index.ts"))};
		const key = { reveal: () => "key-for-tests" };
		const provider = createGoogleProvider({ credentials: { GEMINI_API_KEY: key }, variables: {} });
		const { signal } = new AbortController();
		const look = (fetch) => provider.status({ via: "gemini", id: "v1_a" }, { fetch, signal });
		await look(async () => Response.json({ status: "queued" }));
		const piece = Buffer.alloc(65_536, "AAAA");
		const answer = async function* () {
			yield Buffer.from('{"status":"completed","output_video":{"type":"video","data":"');
			for (let sent = 0; sent < 4_267; sent++) yield new Uint8Array(piece);
			yield Buffer.from('"}}');
		};
		const before = process.memoryUsage.rss();
		const { assets } = await look(async () => new Response(ReadableStream.from(answer())));
		console.log(JSON.stringify({ size: assets[0].data.byteLength, peak: process.resourceUsage().maxRSS * 1024 - before }));`;
	const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
	const { size, peak } = JSON.parse(stdout) as { readonly size: number; readonly peak: number };
	expect(size).toBe(4_267 * 49_152);
	expect(peak / size).toBeLessThan(1.5);
});
