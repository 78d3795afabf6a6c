import { describe, expect, it } from "vitest";
import { endless, head, redirect, reply } from "../support/download-answers.ts";
import { networkFor, serverFor } from "../support/download-folder.ts";
import { QuickTime } from "../support/download-run.ts";
import type { Answer } from "../support/download-server.ts";

const IMAGE = Buffer.from("an image, as far as the network knows");

async function fetchImage(answers: readonly Answer[], options: { maxBytes?: number; signal?: AbortSignal } = {}) {
	const time = new QuickTime();
	const server = await serverFor(answers);
	const network = networkFor({ timing: time });
	const { maxBytes = 1_000, signal = new AbortController().signal } = options;
	const outcome = await network
		.fetchUrl("image", `${server.origin}/i.png?token=canary-0000`, maxBytes, signal)
		.catch((error: unknown) => error);
	return { outcome, server, time };
}

describe("an image at a URL", () => {
	it("is fetched unpacked, also behind a redirect", async () => {
		const { outcome, server } = await fetchImage([redirect(301, "/other.png"), reply(200, {}, IMAGE)]);
		expect(IMAGE.equals(outcome as Uint8Array)).toBe(true);
		expect(server.requests.map(({ headers }) => headers["accept-encoding"])).toEqual(["identity", "identity"]);
	});

	it.each([408, 425, 429, 500, 502, 503, 504])("is asked for again after status %i", async (status) => {
		const { outcome, server } = await fetchImage([reply(status), reply(status), reply(200, {}, IMAGE)]);
		expect(IMAGE.equals(outcome as Uint8Array)).toBe(true);
		expect(server.requests).toHaveLength(3);
	});

	it("is given up on after three tries", async () => {
		const { outcome, server, time } = await fetchImage([reply(503)]);
		expect(outcome).toMatchObject({ code: "invalid_input", field: "image", retryable: true, billed: "no" });
		expect([server.requests.length, time.waits.length]).toEqual([3, 2]);
	});

	it.each([400, 401, 403, 404, 410, 418])("is not asked for again after status %i", async (status) => {
		const { outcome, server } = await fetchImage([reply(status)]);
		expect(outcome).toMatchObject({ code: "invalid_input", retryable: false });
		expect(String(outcome)).toMatch(/answered with HTTP \d+; check the URL, or pass the image as a file or as bytes/);
		expect(String(outcome)).not.toContain("canary");
		expect(server.requests).toHaveLength(1);
	});

	it("is not waited for longer than it is worth", async () => {
		const { outcome, time } = await fetchImage([reply(503, { "Retry-After": "60" })]);
		expect(outcome).toMatchObject({ code: "invalid_input", retryAfterMs: 60_000 });
		expect(time.waits).toEqual([]);
	});

	it.each<[string, Answer]>([
		["its header says so", (socket) => void socket.write(head(200, { "Content-Length": 1_001 }))],
		["its body shows it", endless(IMAGE, { Connection: "close" })],
	])("is refused when it is too large and %s", async (_how, answer) => {
		const { outcome, server } = await fetchImage([answer]);
		expect(outcome).toMatchObject({ code: "file_too_large", maxBytes: 1_000 });
		expect(server.requests).toHaveLength(1);
	});

	it("is taken at exactly the limit", async () => {
		const { outcome } = await fetchImage([reply(200, {}, IMAGE)], { maxBytes: IMAGE.byteLength });
		expect(IMAGE.equals(outcome as Uint8Array)).toBe(true);
	});

	it("is refused when it is packed", async () => {
		const { outcome } = await fetchImage([reply(200, { "Content-Encoding": "gzip" }, IMAGE)]);
		expect(outcome).toMatchObject({ message: expect.stringContaining("sent the file packed (gzip)") });
	});

	it("is not fetched for somebody who stopped waiting", async () => {
		const stop = new AbortController();
		const { outcome } = await fetchImage([() => stop.abort()], { signal: stop.signal });
		expect(outcome).toMatchObject({ code: "cancelled", phase: "input" });
	});
});
