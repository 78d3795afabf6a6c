import { describe, expect, it } from "vitest";
import { runBatch } from "../../src/batch/index.ts";
import {
	type Attempt,
	AuthenticationError,
	CancelledError,
	NoModelAvailableError,
	ProviderError,
	QuotaError,
	type VideoError,
	type VideoResult,
} from "../../src/index.ts";
import type { OperationStatus } from "../../src/provider/index.ts";
import { VirtualClock } from "../policies/virtual-clock.ts";
import { accept, FakeProvider, fail, SUCCEEDED } from "../support/fake-provider.ts";
import { testService } from "../support/service.ts";
import { meansOf, meansOfService, requests, videoOf } from "./means.ts";

const TOO_DEAR: Attempt = { model: "fake:one", outcome: "skipped", billed: "no", errorCode: "quota_exceeded" };

describe("a provider that would fail every item", () => {
	it.each([
		["refuses the key", new AuthenticationError("401: wrong key", { provider: "fake" }), "authentication"],
		["is out of credit", new QuotaError("402: no credit", { provider: "fake" }), "quota_exceeded"],
	])("because it %s is asked no more, and the rest is told why", async (_what, error, code) => {
		const provider = new FakeProvider({ starts: [accept, fail(error)] });
		const { videos } = await testService({ providers: [provider], textToVideo: { model: "fake:one" } });
		const batch = await runBatch(requests(20), { concurrency: 1 }, meansOfService(videos));
		expect(provider).toMatchObject({ posts: 2, billed: 1 });
		expect(batch).toMatchObject({ total: 20, successful: 1, failed: 19 });
		for (const { error } of batch.failures().slice(1)) {
			expect(error).toMatchObject({ code, provider: "fake", billed: "no", phase: "submit" });
			expect(error.message).toMatch(/^not sent, because it would fail like an item before it\. fake: .*40[12]: /);
			expect(error.jobId).toBeUndefined();
		}
	});

	it("burns no more items than were under way", async () => {
		const clock = new VirtualClock();
		let calls = 0;
		const generate = async () => {
			calls++;
			await clock.sleep(10);
			throw new AuthenticationError("401", { provider: "fake" });
		};
		const running = runBatch(requests(1000), { concurrency: 5 }, meansOf(generate, { clock }));
		await clock.advance(1000);
		expect(await running).toMatchObject({ failed: 1000, totalMs: 10 });
		expect(calls).toBe(5);
	});

	it("leaves the items of other providers alone, and those that have another one in their chain", async () => {
		const asked: string[] = [];
		const chains = [["a"], ["a"], ["b"], ["a", "b"], ["b", "a"], ["a", "a"]];
		const batch = await runBatch(
			requests(chains.length),
			{ concurrency: 1 },
			meansOf(
				async (request) => {
					asked.push(request.prompt);
					if (request.prompt === "1") throw new AuthenticationError("401", { provider: "a" });
					return videoOf(request);
				},
				{ providersOf: ({ prompt }) => chains[Number(prompt) - 1] ?? [] },
			),
		);
		expect(asked).toEqual(["1", "3", "4", "5"]);
		expect(batch.failures().map(({ index }) => index)).toEqual([0, 1, 5]);
	});

	it("counts for the next provider of a chain once the first one is out", async () => {
		const clock = new VirtualClock();
		let inB = 0;
		let most = 0;
		const running = runBatch(
			requests(6),
			{ concurrency: 6, concurrencyPerProvider: { a: 1, b: 2 } },
			meansOf(
				async (request) => {
					if (request.prompt === "1") throw new AuthenticationError("401", { provider: "a" });
					most = Math.max(most, ++inB);
					await clock.sleep(10);
					inB--;
					return videoOf(request);
				},
				{ clock, providersOf: ({ prompt }) => (prompt === "1" ? ["a"] : ["a", "b"]) },
			),
		);
		await clock.advance(100);
		expect(await running).toMatchObject({ successful: 5, totalMs: 30 });
		expect(most).toBe(2);
	});

	it("is known from the attempts of an item that another model served, or none could", async () => {
		const refused = (model: string): Attempt => ({
			model,
			outcome: "rejected",
			billed: "no",
			errorCode: "authentication",
			reason: "401",
		});
		const asked: string[] = [];
		const chains = [["a", "b"], ["c", "d"], ["a"], ["c"], ["b"], ["d"]];
		await runBatch(
			requests(chains.length),
			{ concurrency: 1 },
			meansOf(
				async (request) => {
					asked.push(request.prompt);
					if (request.prompt === "2") throw new NoModelAvailableError("none", { attempts: [refused("c:x")] });
					const attempts = request.prompt === "1" ? [refused("a:x")] : [];
					return { ...videoOf(request), attempts } as VideoResult;
				},
				{ providersOf: ({ prompt }) => chains[Number(prompt) - 1] ?? [] },
			),
		);
		expect(asked).toEqual(["1", "2", "5", "6"]);
	});

	it.each([
		["an item over its own limit", new QuotaError("maxCostUsd: too dear", { provider: "fake", phase: "input" })],
		["a chain over its limit", new NoModelAvailableError("none", { attempts: [TOO_DEAR, TOO_DEAR] })],
		["a job of another key", new AuthenticationError("another key", { provider: "fake", phase: "config" })],
		["a server that fails", new ProviderError("500", { provider: "fake", phase: "submit" })],
	])("is not to be taken for one: %s", async (_what, error) => {
		let calls = 0;
		const generate = async () => {
			calls++;
			throw error;
		};
		await runBatch(requests(4), { concurrency: 1 }, meansOf(generate));
		expect(calls).toBe(4);
	});
});

describe("a batch that is cancelled", () => {
	it("leaves every accepted job resumable, and sends nothing for the rest", async () => {
		const stop = new AbortController();
		const running: OperationStatus = { state: "running" };
		let mayEnd = false;
		const provider: FakeProvider = new FakeProvider({
			looks: [
				() => {
					if (provider.billed === 3) stop.abort();
					return mayEnd ? SUCCEEDED : running;
				},
			],
		});
		const { videos } = await testService({ providers: [provider], textToVideo: { model: "fake:one" } });
		const batch = await runBatch(
			requests(10),
			{ concurrency: 3, signal: stop.signal, timeoutMs: 2 ** 40 },
			meansOfService(videos),
		);
		expect(batch).toMatchObject({ total: 10, successful: 0, failed: 10 });
		const errors = batch.failures().map(({ error }) => error);
		expect(errors.map(({ name, message }) => `${name}: ${message}`)).toEqual(
			errors.map(() => expect.stringMatching(/^CancelledError: /)),
		);
		const [accepted, others] = [errors.slice(0, 3), errors.slice(3)];
		for (const error of others) {
			expect(error).toMatchObject({ billed: "no", phase: "submit" });
			expect(error.token).toBeUndefined();
		}
		expect(provider.posts).toBe(3);
		mayEnd = true;
		for (const error of accepted) {
			expect(error.billed).toBe("yes");
			const video = await (await videos.resume(error.token ?? "")).wait();
			expect(video.id).toBe(error.jobId);
		}
		expect(provider).toMatchObject({ posts: 3, billed: 3 });
	});

	it("before it began sends nothing", async () => {
		const generate = fail(new RangeError("never called"));
		const batch = await runBatch(requests(3), { signal: AbortSignal.abort() }, meansOf(generate));
		expect(batch.failures().map(({ error }) => [error.code, error.billed])).toEqual(Array(3).fill(["cancelled", "no"]));
	});

	it("by the end of the service is cancelled like by its own signal", async () => {
		const closing = new AbortController();
		let calls = 0;
		const batch = await runBatch(
			requests(6),
			{ concurrency: 2 },
			meansOf(
				async (_request, { signal }) => {
					calls++;
					closing.abort();
					throw new CancelledError("stopped", { cause: signal?.reason });
				},
				{ closing: closing.signal },
			),
		);
		expect(batch.failures()).toHaveLength(6);
		expect(calls).toBe(1);
		expect(batch.failures().every(({ error }) => error.code === "cancelled")).toBe(true);
	});

	it("cancels items that have a signal of their own too", async () => {
		const stop = new AbortController();
		const item = { request: { prompt: "a" }, options: { signal: new AbortController().signal } };
		const batch = await runBatch(
			[item],
			{ signal: stop.signal },
			meansOf(async (_request, { signal }) => {
				stop.abort();
				signal?.throwIfAborted();
				throw new RangeError("goes on");
			}),
		);
		expect(batch.failures()[0]?.error.message).toMatch(/AbortError/);
	});

	it("for one item goes on with the others", async () => {
		const items = requests(3).map((request, index) =>
			index === 1 ? { request, options: { signal: AbortSignal.abort() } } : request,
		);
		const batch = await runBatch(
			items,
			{ signal: new AbortController().signal },
			meansOf(async (request, { signal }) => {
				if (signal?.aborted === true) throw new CancelledError("cancelled");
				return videoOf(request);
			}),
		);
		expect(batch.results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
	});
});

describe("the errors of a batch", () => {
	it("carry what is needed to go on, item by item", async () => {
		const provider = new FakeProvider({ looks: [(): OperationStatus => ({ state: "running" })] });
		const { videos } = await testService({ providers: [provider], textToVideo: { model: "fake:one" } });
		const batch = await runBatch(requests(2), { timeoutMs: 0 }, meansOfService(videos));
		const errors: readonly VideoError[] = batch.failures().map(({ error }) => error);
		expect(errors.map(({ code }) => code)).toEqual(["still_running", "still_running"]);
		expect(new Set(errors.map(({ token }) => token)).size).toBe(2);
	});
});
