import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runBatch } from "../../src/batch/index.ts";
import { type GenerateOptions, InputError } from "../../src/index.ts";
import { FakeProvider, fail } from "../support/fake-provider.ts";
import { testService } from "../support/service.ts";
import { meansOf, meansOfService, requests, videoOf } from "./means.ts";

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
