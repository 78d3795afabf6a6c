import { describe, expect, it } from "vitest";
import { type BatchProgress, runBatch } from "../../src/batch/index.ts";
import { ContentRefusedError, type GenerateOptions, InputError } from "../../src/index.ts";
import { VirtualClock } from "../policies/virtual-clock.ts";
import { fail } from "../support/fake-provider.ts";
import { meansOf, requests, videoOf } from "./means.ts";

describe("a batch", () => {
	it("gives the results in the order of the input, whatever ends first", async () => {
		const clock = new VirtualClock();
		const generate = async (request: { readonly prompt: string }) => {
			await clock.sleep(1000 / Number(request.prompt));
			return videoOf(request);
		};
		const running = runBatch(requests(4), {}, meansOf(generate, { clock }));
		await clock.advance(1000);
		const batch = await running;
		expect(batch.results.map((entry) => entry.status === "fulfilled" && entry.video.id)).toEqual(["1", "2", "3", "4"]);
		expect(batch).toMatchObject({ total: 4, successful: 4, failed: 0, successRate: 1, totalMs: 1000 });
	});

	it("loses no video to the failure of another", async () => {
		const refusal = new ContentRefusedError("refused");
		const batch = await runBatch(
			requests(5),
			{},
			meansOf(async (request) => {
				if (request.prompt === "2") throw refusal;
				if (request.prompt === "4") throw new RangeError("a defect");
				return videoOf(request);
			}),
		);
		expect(batch).toMatchObject({ total: 5, successful: 3, failed: 2, successRate: 0.6 });
		expect(batch.successes().map(({ index, video }) => [index, video.id])).toEqual([
			[0, "1"],
			[2, "3"],
			[4, "5"],
		]);
		const [first, second] = batch.failures();
		expect(first).toEqual({ index: 1, status: "rejected", error: refusal });
		expect(second?.error).toMatchObject({ code: "provider_error", billed: "unknown" });
		expect(second?.error.message).toContain("RangeError: a defect");
	});

	it.each([
		[23, 5],
		[100, 7],
		[3, 5],
		[1, 1],
	])("of %i items at %i at once takes no longer than the rounds that are needed", async (count, concurrency) => {
		const clock = new VirtualClock();
		const itemMs = 1000;
		let running = 0;
		let most = 0;
		const generate = async (request: { readonly prompt: string }) => {
			most = Math.max(most, ++running);
			await clock.sleep(itemMs);
			running--;
			return videoOf(request);
		};
		const batch = runBatch(requests(count), { concurrency }, meansOf(generate, { clock }));
		const idealMs = Math.ceil(count / concurrency) * itemMs;
		await clock.advance(2 * idealMs);
		const { totalMs, successful } = await batch;
		expect(successful).toBe(count);
		expect(most).toBe(Math.min(count, concurrency));
		expect(totalMs).toBeLessThanOrEqual(1.05 * idealMs);
	});

	it("works on five items at once unless it is told otherwise", async () => {
		const clock = new VirtualClock();
		let running = 0;
		const batch = runBatch(
			requests(8),
			{},
			meansOf(async (request) => {
				running++;
				await clock.sleep(1);
				return videoOf(request);
			}),
		);
		await clock.advance(0);
		expect(running).toBe(5);
		await clock.advance(10);
		await batch;
	});

	it("bounds each provider, and lets items of another go ahead of those that wait", async () => {
		const clock = new VirtualClock();
		const running = new Map<string, number>();
		const most = new Map<string, number>();
		const started: string[] = [];
		const generate = async (request: { readonly prompt: string }, { model = "" }: GenerateOptions) => {
			started.push(request.prompt);
			running.set(model, (running.get(model) ?? 0) + 1);
			most.set(model, Math.max(most.get(model) ?? 0, running.get(model) ?? 0));
			await clock.sleep(100);
			running.set(model, (running.get(model) ?? 0) - 1);
			return videoOf(request);
		};
		const items = requests(8).map((request, index) => ({ request, options: { model: index < 5 ? "slow" : "fast" } }));
		const batch = runBatch(
			items,
			{ concurrency: 4, concurrencyPerProvider: { slow: 2 } },
			meansOf(generate, { clock, providersOf: (_request, { model = "" }) => [model] }),
		);
		await clock.advance(1000);
		const { successful, totalMs } = await batch;
		expect(successful).toBe(8);
		expect(Object.fromEntries(most)).toEqual({ slow: 2, fast: 2 });
		expect(started).toEqual(["1", "2", "6", "7", "3", "4", "8", "5"]);
		expect(totalMs).toBe(300);
	});

	it("starts items in their order, whatever their providers", async () => {
		const started: string[] = [];
		await runBatch(
			requests(6),
			{ concurrency: 1 },
			meansOf(
				async (request) => {
					started.push(request.prompt);
					return videoOf(request);
				},
				{ providersOf: ({ prompt }) => (["1", "4"].includes(prompt) ? ["a"] : prompt === "5" ? [] : ["b"]) },
			),
		);
		expect(started).toEqual(["1", "2", "3", "4", "5", "6"]);
	});

	it("is done at once when there is nothing to do", async () => {
		const batch = await runBatch([], {}, meansOf(fail(new RangeError("never called"))));
		expect(batch).toMatchObject({ total: 0, successful: 0, failed: 0, successRate: 1, results: [] });
	});

	it("tells how far it is when items start and end, and survives a listener that throws", async () => {
		const seen: BatchProgress[] = [];
		const logged: object[] = [];
		const announced: BatchProgress[] = [];
		const batch = await runBatch(
			requests(3),
			{
				concurrency: 1,
				onProgress: (progress) => {
					seen.push(progress);
					throw new RangeError("from the listener");
				},
			},
			meansOf(
				async (request) => {
					if (request.prompt === "2") throw new InputError("prompt", "is bad");
					return videoOf(request);
				},
				{ logger: { error: (fields) => logged.push(fields) }, announce: (progress) => announced.push(progress) },
			),
		);
		expect(batch.successful).toBe(2);
		expect(seen).toEqual([
			{ total: 3, done: 0, successful: 0, failed: 0, running: 1 },
			{ total: 3, done: 1, successful: 1, failed: 0, running: 1 },
			{ total: 3, done: 2, successful: 1, failed: 1, running: 1 },
			{ total: 3, done: 3, successful: 2, failed: 1, running: 0 },
		]);
		expect(announced).toEqual(seen);
		expect(logged).toHaveLength(4);
	});
});
