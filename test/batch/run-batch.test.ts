import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type BatchProgress, runBatch } from "../../src/batch/index.ts";
import { ContentRefusedError, type GenerateOptions, InputError } from "../../src/index.ts";
import { VirtualClock } from "../policies/virtual-clock.ts";
import { FakeProvider, fail } from "../support/fake-provider.ts";
import { testService } from "../support/service.ts";
import { meansOf, meansOfService, requests, videoOf } from "./means.ts";

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

describe("the options of a batch", () => {
	it("hold for every item that does not say otherwise, false and 0 included", async () => {
		const given: GenerateOptions[] = [];
		await runBatch(
			[
				{ prompt: "a" },
				{ request: { prompt: "b" }, options: { overwrite: false, maxCostUsd: 0, model: undefined } },
				{ request: { prompt: "c" } },
			],
			{ model: "fake:one", overwrite: true, maxCostUsd: 2 },
			meansOf(async (request, { signal: _signal, ...options }) => {
				given.push(options);
				return videoOf(request);
			}),
		);
		const shared = { model: "fake:one", overwrite: true, maxCostUsd: 2 };
		expect(given).toEqual([shared, { ...shared, overwrite: false, maxCostUsd: 0 }, shared]);
	});

	it("name each file by the item's place, from 1", async () => {
		const outputs: (string | undefined)[] = [];
		await runBatch(
			[{ prompt: "a" }, { request: { prompt: "b" }, options: { output: "x/{index}.webm" } }, { prompt: "c" }],
			{ output: "out/{index}-{prompt}", concurrency: 1 },
			meansOf(async (request, { output }) => {
				outputs.push(output);
				return videoOf(request);
			}),
		);
		expect(outputs).toEqual(["out/1-{prompt}", "x/2.webm", "out/3-{prompt}"]);
	});

	it.each([
		[{ concurrency: 0 }, "concurrency"],
		[{ concurrency: 1.5 }, "concurrency"],
		[{ concurrency: "5" }, "concurrency"],
		[{ concurrency: Number.NaN }, "concurrency"],
		[{ concurrency: Number.POSITIVE_INFINITY }, "concurrency"],
		[{ concurrencyPerProvider: 0 }, "concurrencyPerProvider"],
		[{ concurrencyPerProvider: { fal: -1 } }, "concurrencyPerProvider.fal"],
		[{ onProgress: "log" }, "onProgress"],
		[{ idempotencyKey: "one" }, "idempotencyKey"],
	])("are checked before anything is sent: %j", async (options, field) => {
		const generate = fail(new RangeError("never called"));
		await expect(runBatch(requests(1), options as never, meansOf(generate))).rejects.toMatchObject({
			code: "invalid_input",
			field,
		});
	});

	it("that no call takes are refused before anything is sent", async () => {
		const checkOptions = (options: unknown) => {
			if (Object.keys(options as object).includes("concurency")) throw new InputError("concurency", "is unknown");
		};
		const means = meansOf(fail(new RangeError("never called")), { checkOptions });
		await expect(runBatch(requests(1), { concurency: 3 } as never, means)).rejects.toMatchObject({
			field: "concurency",
		});
	});

	it("are refused beside a request, where they would be lost", async () => {
		const item = { request: { prompt: "a" }, model: "fake:one" } as never;
		const batch = await runBatch(
			[item, { prompt: "b" }],
			{},
			meansOf(async (request) => videoOf(request)),
		);
		expect(batch).toMatchObject({ successful: 1, failed: 1 });
		expect(batch.failures()[0]?.error).toMatchObject({ code: "invalid_input", field: "model", billed: "no" });
	});
});

describe("the files of a batch", () => {
	const makesAll = meansOf(async (request) => videoOf(request));

	it("are never written over each other", async () => {
		const refused = { code: "invalid_input", field: "output" };
		await expect(runBatch(requests(2), { output: "kite.mp4" }, makesAll)).rejects.toMatchObject(refused);
		await expect(runBatch(requests(2), { output: "{prompt}.mp4", overwrite: true }, makesAll)).rejects.toMatchObject(
			refused,
		);
		const items = ["a.mp4", "b.mp4", "./a.mp4"].map((output) => ({ request: { prompt: "x" }, options: { output } }));
		await expect(runBatch(items, {}, makesAll)).rejects.toThrow(/^output: item 1 and item 3 would both be written/);
	});

	it("may share a folder, or a name that tells them apart", async () => {
		const { folder } = await testService();
		await mkdir(join(folder, "there"));
		for (const options of [
			{ output: "nowhere/" },
			{ output: join(folder, "there") },
			{ output: "{prompt}.mp4" },
			{ output: "{index}.mp4", overwrite: true },
			{ output: "{id}.mp4", overwrite: true },
		]) {
			expect(await runBatch(requests(2), options, makesAll)).toMatchObject({ successful: 2 });
		}
		expect(await runBatch(requests(1), { output: "kite.mp4" }, makesAll)).toMatchObject({ successful: 1 });
	});

	it("need an ending when nothing else tells what they are", async () => {
		const batch = await runBatch(requests(2), { output: "clip-{index}" }, makesAll);
		expect(batch.failures().map(({ error }) => error.message)).toEqual(
			Array(2).fill('output: "clip-{index}" needs an ending, such as "clip-{index}.mp4"'),
		);
	});

	it("get their places in a real service, also where one exists already", async () => {
		const provider = new FakeProvider();
		const { videos, folder } = await testService({ providers: [provider], textToVideo: { model: "fake:one" } });
		const output = join(folder, "{index}-{prompt}.mp4");
		const batch = await runBatch([{ prompt: "Red kite" }, { prompt: "Sea" }], { output }, meansOfService(videos));
		expect(batch.successes().map(({ video }) => video.path)).toEqual([
			join(folder, "1-red-kite.mp4"),
			join(folder, "2-sea.mp4"),
		]);
		const literal = { output: join(folder, "{index}-sea.mp4") };
		const second = await runBatch(requests(2), literal, meansOfService(videos));
		expect(second.results.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
		expect(second.failures()[0]?.error).toMatchObject({ code: "invalid_input", field: "output" });
		expect(provider.billed).toBe(3);
	});
});
