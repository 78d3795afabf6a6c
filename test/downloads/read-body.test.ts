import { Readable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { readBody } from "../../src/downloads/read-body.ts";

const RESET = new Error("the connection was reset");

/** A body that a test fills and breaks by hand. */
function openBody(...chunks: readonly string[]): Readable {
	const body = new Readable({ read() {} });
	for (const chunk of chunks) body.push(chunk);
	return body;
}

/** Reads a body in the background, and pauses at each chunk for as long as the promise takes. */
function reading(body: Readable, onChunk: (text: string) => Promise<void> | undefined = () => undefined) {
	const chunks: string[] = [];
	const end = readBody(body, (chunk) => {
		chunks.push(String(chunk));
		return onChunk(String(chunk));
	}).then(
		() => "whole",
		(error: unknown) => error,
	);
	return { chunks, end };
}

describe("reading a body", () => {
	it("hands over every chunk in order", async () => {
		const body = openBody("a", "b");
		const { chunks, end } = reading(body);
		await turn();
		body.push("c");
		body.push(null);
		expect(await end).toBe("whole");
		expect(chunks).toEqual(["a", "b", "c"]);
	});

	it("waits for the disk before it hands over more", async () => {
		const { promise: written, resolve } = Promise.withResolvers<void>();
		const body = openBody("a", "b");
		body.push(null);
		const { chunks, end } = reading(body, (text) => (text === "a" ? written : undefined));
		for (let turns = 0; turns < 5; turns += 1) await turn();
		expect(chunks).toEqual(["a"]);
		resolve();
		expect(await end).toBe("whole");
		expect(chunks).toEqual(["a", "b"]);
	});

	it("hands over what had arrived when the connection broke before anybody read", async () => {
		const body = openBody("a", "b").on("error", () => {});
		body.destroy(RESET);
		await turn();
		const { chunks, end } = reading(body);
		expect(await end).toBe(RESET);
		expect(chunks.join("")).toBe("ab");
	});

	it("hands over what had arrived when the connection broke while the disk was busy", async () => {
		const body = openBody("a");
		const { chunks, end } = reading(body, () => turn());
		await new Promise((seen) => body.once("pause", seen));
		body.push("b");
		body.destroy(RESET);
		expect(await end).toBe(RESET);
		expect(chunks).toEqual(["a", "b"]);
	});

	it("ends at the first chunk that is refused, with the reason, whatever comes after", async () => {
		const refusal = new Error("no video");
		const body = openBody("a", "b");
		const { chunks, end } = reading(body, () => {
			throw refusal;
		});
		expect(await end).toBe(refusal);
		body.push("c");
		body.destroy(RESET);
		await turn();
		expect(chunks).toEqual(["a"]);
	});

	it("ends when the disk fails, with its error", async () => {
		const full = new Error("the disk is full");
		const body = openBody("a", "b");
		const { chunks, end } = reading(body, () => Promise.reject(full));
		expect(await end).toBe(full);
		body.destroy(RESET);
		await turn();
		expect(chunks).toEqual(["a"]);
	});

	it("does not take an end before its time for the end", async () => {
		const body = openBody("a");
		const { end } = reading(body);
		await turn();
		body.destroy();
		expect(await end).toMatchObject({ code: "ERR_STREAM_PREMATURE_CLOSE" });
	});
});
