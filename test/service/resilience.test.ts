import { describe, expect, it } from "vitest";
import { ProviderError, type VideoServiceOptions } from "../../src/index.ts";
import { FakeProvider, fail, SUCCEEDED } from "../support/fake-provider.ts";
import { temporaryFolder, testService } from "../support/service.ts";

const prompt = "a kite";
const two = { model: "first:one", fallbacks: ["second:one"] };
const down = fail(
	new ProviderError("the service is down", { phase: "submit", billed: "no", status: 503, retryable: true }),
);
const timeless = { submitTimeoutMs: 0, lookTimeoutMs: 0, submitBackoffMs: 1 };

async function twoModels(options: VideoServiceOptions = {}) {
	const first = new FakeProvider({ id: "first", starts: [down] });
	const second = new FakeProvider({ id: "second" });
	return { first, second, ...(await testService({ providers: [first, second], ...options })) };
}

describe("a service that fails", () => {
	it("gets a handful of a thousand submissions, and every job its video elsewhere", async () => {
		const { first, second, videos } = await twoModels();
		const jobs = await Promise.all(Array.from({ length: 1000 }, () => videos.submit({ prompt }, two)));
		expect(new Set(jobs.map(({ model }) => model))).toEqual(new Set(["second:one"]));
		expect(second.billed).toBe(1000);
		// As many as were under way when the breaker opened, and no more than the budget lets repeat.
		expect(first.posts).toBeLessThanOrEqual(1200);
		const before = first.posts;
		await Promise.all(Array.from({ length: 100 }, () => videos.submit({ prompt }, two)));
		expect(first.posts).toBe(before);
	});

	it("is probed by one of a hundred jobs once its time is over; the others go on at once", async () => {
		const policies = { ...timeless, breaker: { consecutiveFailures: 1, halfOpenAfterMs: 30_000 } };
		const { first, videos, clock } = await twoModels({ policies });
		await videos.submit({ prompt }, two);
		expect(first.posts).toBe(1);
		await clock.sleep(30_000);
		const jobs = await Promise.all(Array.from({ length: 100 }, () => videos.submit({ prompt }, two)));
		expect(first.posts).toBe(2);
		expect(jobs.every(({ model }) => model === "second:one")).toBe(true);
	});

	it("is used again as soon as a probe succeeds", async () => {
		const policies = { ...timeless, breaker: { consecutiveFailures: 1, halfOpenAfterMs: 30_000 } };
		const { first, videos, clock } = await twoModels({ policies });
		await videos.submit({ prompt }, two);
		Object.assign(first, { start: new FakeProvider({ id: "first" }).start.bind(new FakeProvider({ id: "first" })) });
		expect((await videos.submit({ prompt }, two)).model).toBe("second:one");
		await clock.sleep(30_000);
		expect((await videos.submit({ prompt }, two)).model).toBe("first:one");
		expect((await videos.submit({ prompt }, two)).model).toBe("first:one");
	});

	it("is remembered by the next process", async () => {
		const env = { REELAY_STATE_DIRECTORY: await temporaryFolder() };
		const policies = { ...timeless, breaker: { consecutiveFailures: 1 } };
		const before = await twoModels({ env, policies, ledger: undefined });
		await before.videos.submit({ prompt }, two);
		await before.videos.close();
		const after = await twoModels({ env, policies, ledger: undefined });
		const job = await after.videos.submit({ prompt }, two);
		expect([job.model, job.attempts[0]?.outcome, after.first.posts]).toEqual(["second:one", "skipped", 0]);
		expect(await after.videos.health()).toMatchObject([
			{ model: "first:one", stages: { submit: { state: "open" } } },
			{},
		]);
	});

	it("is asked once when nothing is to be repeated: zero is a value", async () => {
		const { first, videos } = await twoModels({ policies: { ...timeless, submitRetries: 0 } });
		await videos.submit({ prompt }, two);
		expect(first.posts).toBe(1);
	});
});

describe("limits", () => {
	it("hold submissions back until there is room, in order, and can be given up waiting for", async () => {
		const provider = new FakeProvider();
		const ends: (() => void)[] = [];
		provider.status = () => new Promise((resolve) => ends.push(() => resolve(SUCCEEDED)));
		const { videos } = await testService({
			providers: [provider],
			policies: { ...timeless, limits: { maxInFlight: 2 } },
		});
		const generate = (signal?: AbortSignal) =>
			videos.textToVideo({ prompt }, { model: "fake:one", signal }).catch((error: unknown) => error);
		const jobs = [generate(), generate()];
		await expect.poll(() => ends.length, { timeout: 10_000 }).toBe(2);
		const giveUp = new AbortController();
		const given = generate(giveUp.signal);
		jobs.push(generate(), generate());
		await expect.poll(async () => (await videos.health())[0]?.waiting, { timeout: 10_000 }).toBe(3);
		giveUp.abort();
		expect(await given).toMatchObject({ code: "cancelled", billed: "no" });
		expect(provider.posts).toBe(2);
		for (let done = 0; done < 4; done++) {
			await expect.poll(() => ends.length, { timeout: 10_000 }).toBeGreaterThan(done);
			expect(provider.posts).toBeLessThanOrEqual(done + 2);
			ends[done]?.();
		}
		await Promise.all(jobs);
		expect(provider.posts).toBe(4);
	});
});
