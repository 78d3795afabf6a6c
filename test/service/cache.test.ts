import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { ConfigurationError, MemoryLedger, type VideoResult, type VideoServiceOptions } from "../../src/index.ts";
import type { OperationStatus } from "../../src/provider/index.ts";
import { endProcessOf } from "../support/dead-process.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { FakeProvider, type FakeScript, SUCCEEDED } from "../support/fake-provider.ts";
import { temporaryFolder, testService } from "../support/service.ts";
import { TINY_VIDEO } from "../support/tiny-video.ts";

const SEEDED = { prompt: "Waves", seed: 7 };
const RUNNING: OperationStatus = { state: "running" };

/** A service with a cache; several may share one folder and one ledger, as processes do. */
async function cachingService(options: VideoServiceOptions = {}, script: FakeScript = {}) {
	const provider = new FakeProvider({ looks: [() => RUNNING, () => RUNNING, () => SUCCEEDED], ...script });
	const directory = await temporaryFolder();
	const { videos, folder, clock } = await testService({
		providers: [provider],
		textToVideo: { model: `${provider.id}:one`, fallbacks: [] },
		cache: { directory },
		...options,
	});
	return { videos, folder, provider, directory, clock };
}

function paid(results: readonly VideoResult[]): number {
	return results.filter(({ cost }) => cost.source !== "cache").length;
}

describe("identical requests with a seed", () => {
	it("at the same time cost once, and give each caller a file", async () => {
		const { videos, provider, folder } = await cachingService();
		const outputs = Array.from({ length: 100 }, (_, index) => join(folder, `${index}.mp4`));
		const results = await Promise.all(outputs.map((output) => videos.textToVideo(SEEDED, { output })));
		expect([provider.posts, provider.billed]).toEqual([1, 1]);
		expect(results.map(({ path }) => path)).toEqual(outputs);
		for (const path of outputs) expect(await readFile(path)).toEqual(Buffer.from(TINY_VIDEO));
		expect(paid(results)).toBe(1);
		expect(results.filter(({ fromCache }) => fromCache)).toHaveLength(99);
		expect(new Set(results.map(({ id }) => id)).size).toBe(100);
	});

	it("submitted at the same time give jobs with a place of their own", async () => {
		const { videos, provider, folder } = await cachingService();
		const outputs = ["a.mp4", "b.mp4", "c.mp4"].map((name) => join(folder, name));
		const jobs = await Promise.all(outputs.map((output) => videos.submit(SEEDED, { output })));
		const results = await Promise.all(jobs.map((job) => job.wait()));
		expect(results.map(({ path }) => path)).toEqual(outputs);
		expect([provider.posts, paid(results)]).toEqual([1, 1]);
	});

	it("at the same time are told alike which model did not make the video", async () => {
		const refuse = () => {
			throw new ConfigurationError("FAKE_KEY is not set");
		};
		const second = new FakeProvider({ id: "second", looks: [() => RUNNING, () => SUCCEEDED] });
		const { videos, provider } = await cachingService(
			{ textToVideo: { model: "fake:one", fallbacks: ["second:one"] } },
			{ starts: [refuse] },
		);
		videos.register(provider).register(second);
		const results = await Promise.all([videos.textToVideo(SEEDED), videos.textToVideo(SEEDED)]);
		expect([paid(results), second.posts]).toEqual([1, 1]);
		for (const { model, warnings } of results) {
			expect(model).toBe("second:one");
			expect(warnings).toContain("fake:one did not make this: FAKE_KEY is not set");
		}
	});

	it("later are taken from the cache, by any service with the same folder", async () => {
		const first = await cachingService();
		const made = await first.videos.textToVideo(SEEDED);
		const { videos, provider } = await cachingService({ cache: { directory: first.directory } });
		const again = await videos.textToVideo(SEEDED);
		expect(provider.posts).toBe(0);
		expect(again).toMatchObject({
			fromCache: true,
			model: "fake:one",
			sha256: made.sha256,
			metadata: made.metadata,
			cost: { usd: 0, source: "cache" },
			attempts: [],
		});
		expect(again.path).not.toBe(made.path);
		expect(await again.bytes()).toEqual(await made.bytes());
		const resumed = await videos.resume(again.id);
		expect([resumed.state, (await resumed.wait()).path]).toEqual(["succeeded", again.path]);
		expect(await videos.jobs()).toMatchObject([{ state: "succeeded", billed: "no", model: "fake:one" }]);
	});

	it.each([
		["another seed", { ...SEEDED, seed: 8 }, {}],
		["another prompt", { ...SEEDED, prompt: "Wave" }, {}],
		["zero for no seed", { ...SEEDED, seed: 0 }, {}],
		["another model", SEEDED, { model: "fake:two" }],
		["the cache off", SEEDED, { cache: false }],
	] as const)("are not taken for a request with %s", async (_what, request, options) => {
		const { videos, provider } = await cachingService();
		await videos.textToVideo(SEEDED);
		expect((await videos.textToVideo(request, options)).fromCache).toBe(false);
		expect(provider.posts).toBe(2);
	});

	it("are not shared between accounts", async () => {
		const first = await cachingService({}, { account: "aaaaaaaa" });
		await first.videos.textToVideo(SEEDED);
		const second = await cachingService({ cache: { directory: first.directory } }, { account: "bbbbbbbb" });
		expect((await second.videos.textToVideo(SEEDED)).fromCache).toBe(false);
		expect(second.provider.posts).toBe(1);
	});
});

describe("requests without a seed", () => {
	it("are all different, unless the user says otherwise", async () => {
		const { videos, provider } = await cachingService();
		await Promise.all([videos.textToVideo({ prompt: "Waves" }), videos.textToVideo({ prompt: "Waves" })]);
		expect(provider.posts).toBe(2);
		const results = await Promise.all([1, 2].map(() => videos.textToVideo({ prompt: "Waves" }, { cache: "unseeded" })));
		expect([provider.posts, paid(results)]).toEqual([3, 1]);
	});
});

describe("a job that another process has in flight", () => {
	it("is waited for, and its video is handed out", async () => {
		const ledger = new MemoryLedger();
		const first = await cachingService({ ledger });
		const job = await first.videos.submit(SEEDED);
		const second = await cachingService({ ledger, cache: { directory: first.directory } });
		const [own, other] = await Promise.all([job.wait(), second.videos.textToVideo(SEEDED)]);
		expect([own.fromCache, other.fromCache]).toEqual([false, true]);
		expect([first.provider.posts, second.provider.posts]).toEqual([1, 0]);
	});

	it("is gone on with when that process has died, and fills the cache", async () => {
		const ledger = new MemoryLedger();
		const first = await cachingService({ ledger });
		const job = await first.videos.submit(SEEDED);
		await endProcessOf(ledger, job.id);
		const second = await cachingService({ ledger, cache: { directory: first.directory } });
		const video = await second.videos.textToVideo(SEEDED);
		expect([first.provider.posts, second.provider.posts]).toEqual([1, 0]);
		expect(video.fromCache).toBe(true);
		const third = await cachingService({ cache: { directory: first.directory } });
		expect((await third.videos.textToVideo(SEEDED)).fromCache).toBe(true);
	});

	it("is not waited for when it is kept from others", async () => {
		const ledger = new MemoryLedger();
		const first = await cachingService({ ledger });
		await first.videos.submit(SEEDED, { cache: false });
		expect((await first.videos.textToVideo(SEEDED)).fromCache).toBe(false);
		expect(first.provider.posts).toBe(2);
	});
});

describe("a caller that gives up", () => {
	it("stops neither the job nor the others who wait for it", async () => {
		const { videos, provider } = await cachingService();
		const controller = new AbortController();
		const stopped = videos.textToVideo(SEEDED, { signal: controller.signal });
		const others = [videos.textToVideo(SEEDED), videos.textToVideo(SEEDED)];
		videos.on("progress", () => controller.abort());
		await expect(stopped).rejects.toMatchObject({ code: "cancelled" });
		const results = await Promise.all(others);
		expect(provider.posts).toBe(1);
		expect(results).toHaveLength(2);
	});
});

describe("a request that waits for the submission of another process", () => {
	it("leaves nothing when its caller gives up", async () => {
		const ledger = new MemoryLedger();
		const gate = Promise.withResolvers<void>();
		const sending = Promise.withResolvers<void>();
		const first = await cachingService({ ledger });
		const { start } = first.provider;
		first.provider.start = async (...call) => {
			sending.resolve();
			await gate.promise;
			return start.apply(first.provider, call);
		};
		const submitted = first.videos.submit(SEEDED);
		await sending.promise;
		const controller = new AbortController();
		const clock = new FakeClock();
		clock.sleep = (ms, signal) => {
			controller.abort();
			return FakeClock.prototype.sleep.call(clock, ms, signal);
		};
		const second = await cachingService({ ledger, clock, cache: { directory: first.directory } });
		const asked = second.videos.textToVideo(SEEDED, { signal: controller.signal });
		await expect(asked).rejects.toMatchObject({ code: "cancelled", billed: "no" });
		gate.resolve();
		await (await submitted).wait();
		expect([first.provider.posts, second.provider.posts]).toEqual([1, 0]);
		expect((await ledger.list()).map(({ state }) => state)).toEqual(["succeeded"]);
	});
});

describe("an idempotency key of the user's own", () => {
	it("names the job that took its video from the cache, too", async () => {
		const { videos, provider } = await cachingService();
		await videos.textToVideo(SEEDED);
		const first = await videos.textToVideo(SEEDED, { idempotencyKey: "order-1" });
		const again = await videos.textToVideo(SEEDED, { idempotencyKey: "order-1" });
		expect([first.fromCache, again.id, provider.posts]).toEqual([true, first.id, 1]);
		await expect(videos.textToVideo({ prompt: "Sea", seed: 1 }, { idempotencyKey: "order-1" })).rejects.toMatchObject({
			code: "invalid_input",
			field: "idempotencyKey",
		});
	});
});

describe("trouble with the cache", () => {
	it("is a warning of the video, and of nothing else", async () => {
		const file = join(await temporaryFolder(), "file");
		await writeFile(file, "no folder");
		const { videos, provider } = await cachingService({ cache: { directory: file } });
		const video = await videos.textToVideo(SEEDED);
		expect(video.warnings).toContainEqual(expect.stringMatching(/^cache: .* did not take the video/));
		const [again, other] = await Promise.all([videos.textToVideo(SEEDED), videos.textToVideo(SEEDED)]);
		expect([again.sha256, other.sha256, provider.posts]).toEqual([video.sha256, video.sha256, 2]);
	});

	it.each([
		["seedless", 'cache: must be true, false or "unseeded"'],
		[{ maxByte: 1 }, "cache.maxByte: there is no such option."],
		[{ maxBytes: -1 }, "cache.maxBytes: must be"],
	])("in its options is refused: %j", async (cache, message) => {
		await expect(testService({ cache: cache as never })).rejects.toMatchObject({
			code: "configuration",
			message: expect.stringContaining(message),
		});
	});
});

describe("several processes that ask for the same at the same moment", () => {
	it("submit it once, a hundred times over", async () => {
		const folder = await temporaryFolder();
		const child = fileURLToPath(new URL("./asking-process.ts", import.meta.url));
		for (let round = 0; round < 2; round++) {
			const startAtMs = Date.now() + 1500;
			const children = [1, 2, 3, 4].map((name) =>
				spawn(process.execPath, [child, folder, String(round), String(name), String(startAtMs), "25"], {
					stdio: "pipe",
				}),
			);
			const outputs = await Promise.all(
				children.map(async ({ stdout, stderr }) => (await Promise.all([text(stdout), text(stderr)])).join("")),
			);
			const results: { readonly sizeBytes: number; readonly fromCache: boolean }[] = outputs.flatMap((output) =>
				JSON.parse(output),
			);
			expect(results.map(({ sizeBytes }) => sizeBytes)).toEqual(Array(100).fill(TINY_VIDEO.byteLength));
			expect(results.filter(({ fromCache }) => !fromCache)).toHaveLength(1);
			expect(await readFile(join(folder, `submissions-${round}`), "utf8")).toBe("one\n");
		}
	}, 90_000);
});
