import { describe, expect, it } from "vitest";
import { type BatchEntry, streamBatch } from "../../src/batch/index.ts";
import { CancelledError, InputError, type TextToVideoRequest } from "../../src/index.ts";
import { settled, VirtualClock } from "../policies/virtual-clock.ts";
import { fail } from "../support/fake-provider.ts";
import { meansOf, requests, videoOf } from "./means.ts";

const makesAll = meansOf(async (request) => videoOf(request));

describe("a stream of items", () => {
	it("is told of as they end, with their places in the input", async () => {
		const clock = new VirtualClock();
		const means = meansOf(async (request) => {
			await clock.sleep(100 / Number(request.prompt));
			return videoOf(request);
		});
		const seen = collect(streamBatch(new Set(requests(3)), {}, means));
		await clock.advance(100);
		expect((await seen).map(({ index }) => index)).toEqual([2, 1, 0]);
	});

	it("may be endless, and is read no further ahead than a few items", async () => {
		let read = 0;
		async function* endless(): AsyncGenerator<TextToVideoRequest> {
			for (;;) yield { prompt: String(++read) };
		}
		let taken = 0;
		for await (const entry of streamBatch(endless(), { concurrency: 3 }, makesAll)) {
			expect(entry.status).toBe("fulfilled");
			if (taken % 500 === 0) await settled();
			// Three run, and four times as many wait, or have ended and were not taken.
			expect(read - taken).toBeLessThanOrEqual(3 + 4 * 3 + 1);
			if (++taken === 2000) break;
		}
	});

	it("waits for whoever takes slowly", async () => {
		let started = 0;
		const means = meansOf(async (request) => {
			started++;
			return videoOf(request);
		});
		const stream = streamBatch(requests(1000), { concurrency: 2 }, means);
		await stream.next();
		for (let turn = 0; turn < 100; turn++) await settled();
		expect(started).toBeGreaterThan(2);
		expect(started).toBeLessThanOrEqual(2 + 4 * 2 + 1);
		expect((await collect(stream)).length).toBe(999);
	});

	it("gives everything that was read before it throws what its source threw", async () => {
		async function* broken(): AsyncGenerator<TextToVideoRequest> {
			yield* requests(3);
			throw new RangeError("line 4 is cut off");
		}
		const seen: BatchEntry[] = [];
		const reading = async () => {
			for await (const entry of streamBatch(broken(), {}, makesAll)) seen.push(entry);
		};
		await expect(reading()).rejects.toThrow("line 4 is cut off");
		expect(seen.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
	});

	it("ends with its signal, though the source never would", async () => {
		const stop = new AbortController();
		let isClosed = false;
		const stuck: AsyncIterable<TextToVideoRequest> = {
			[Symbol.asyncIterator]: () => {
				let read = 0;
				return {
					next: () => (++read <= 3 ? Promise.resolve({ value: { prompt: "x" } }) : new Promise(() => undefined)),
					return: () => {
						isClosed = true;
						return new Promise(() => undefined);
					},
				};
			},
		};
		const means = meansOf(async (_request, { signal }) => {
			await aborted(signal);
			throw new CancelledError("stopped", { token: "rl1.x" });
		});
		const reading = collect(streamBatch(stuck, { concurrency: 2, signal: stop.signal }, means));
		await settled();
		stop.abort();
		expect((await reading).map((entry) => entry.status === "rejected" && entry.error.token)).toEqual([
			undefined,
			"rl1.x",
			"rl1.x",
		]);
		expect(isClosed).toBe(true);
	});

	it("stops what runs, and waits for it, when the loop is left", async () => {
		const ended: string[] = [];
		const means = meansOf(async (request, { signal }) => {
			if (request.prompt === "1") return videoOf(request);
			await aborted(signal);
			await settled();
			ended.push(request.prompt);
			throw new CancelledError("stopped");
		});
		let isClosed = false;
		function* source(): Generator<TextToVideoRequest> {
			try {
				for (let place = 1; ; place++) yield { prompt: String(place) };
			} finally {
				isClosed = true;
			}
		}
		for await (const entry of streamBatch(source(), { concurrency: 3 }, means)) {
			expect(entry.index).toBe(0);
			break;
		}
		expect(ended).toEqual(["2", "3"].concat(ended.includes("4") ? ["4"] : []));
		expect(isClosed).toBe(true);
	});

	it("knows no total", async () => {
		const totals: (number | undefined)[] = [];
		const onProgress = ({ total }: { readonly total?: number }) => void totals.push(total);
		await collect(streamBatch(requests(2), { onProgress }, makesAll));
		expect(new Set(totals)).toEqual(new Set([undefined]));
	});

	it("is refused at once when its options cannot be, or it is none", async () => {
		expect(() => streamBatch(requests(1), { concurrency: 0 }, makesAll)).toThrow(InputError);
		expect(() => streamBatch("prompts.txt" as never, {}, makesAll)).toThrow(/^requests: must be a list/);
		const shared = streamBatch(requests(1), { output: "kite.mp4" }, meansOf(fail(new RangeError("never called"))));
		await expect(collect(shared)).rejects.toThrow(/^output: every item would be written to "kite.mp4"; use a folder/);
	});
});

async function collect(stream: AsyncIterable<BatchEntry>): Promise<readonly BatchEntry[]> {
	const entries: BatchEntry[] = [];
	for await (const entry of stream) entries.push(entry);
	return entries;
}

function aborted(signal: AbortSignal | undefined): Promise<void> {
	return new Promise((resolve) => {
		if (signal?.aborted === true) resolve();
		signal?.addEventListener("abort", () => resolve(), { once: true });
	});
}
