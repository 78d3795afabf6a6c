import { describe, expect, it } from "vitest";
import type { ModelCapabilities } from "../../src/provider/index.ts";
import { EVERYTHING, FakeProvider } from "../support/fake-provider.ts";
import { testService } from "../support/service.ts";

const model = "fake:one";

async function serviceWith(facts: Partial<ModelCapabilities>, maxSeconds = 30, free = false) {
	const models: readonly ModelCapabilities[] = [
		{ id: "one", tasks: ["text-to-video"], options: EVERYTHING, ...facts },
		{ id: "two", tasks: ["text-to-video"], options: EVERYTHING },
	];
	const provider = new FakeProvider({ models, ...(free ? { traits: { billing: "free" } } : {}) });
	const { videos } = await testService({ providers: [provider], env: { MAX_VIDEO_DURATION: String(maxSeconds) } });
	return { provider, videos };
}

describe("the longest clip that may be made", () => {
	it.each<[facts: Partial<ModelCapabilities>, maxSeconds: number, asked: number | undefined]>([
		[{ durationSeconds: { values: [6, 10] } }, 5, 5],
		[{ durationSeconds: { values: [4, 6, 8] }, defaultDurationSeconds: 8 }, 3, undefined],
		[{ durationSeconds: { min: 5, max: 15, step: 1 } }, 4, 4],
		[{ options: { ...EVERYTHING, durationSeconds: false }, defaultDurationSeconds: 8 }, 5, undefined],
	])("passes a model over whose clips are all longer: %j with %d s at most", async (facts, maxSeconds, asked) => {
		const { provider, videos } = await serviceWith(facts, maxSeconds);
		const request = { prompt: "x", ...(asked === undefined ? {} : { durationSeconds: asked }) };
		const adjust = { model, onUnsupported: "adjust" } as const;
		const generating = videos.textToVideo(request, adjust);
		await expect(generating).rejects.toMatchObject({ code: "unsupported_option", field: "durationSeconds" });
		await expect(generating).rejects.toThrow(`and MAX_VIDEO_DURATION allows ${maxSeconds}; raise it or choose another`);
		expect(provider.posts).toBe(0);
		const video = await videos.textToVideo(request, { ...adjust, fallbacks: ["fake:two"] });
		expect(video.attempts[0]).toMatchObject({ model, outcome: "skipped", errorCode: "unsupported_option" });
		expect(video.model).toBe("fake:two");
	});

	it("moves no length that was asked for above it", async () => {
		const { provider, videos } = await serviceWith({ durationSeconds: { min: 3, max: 15, step: 2 } }, 10);
		await videos.textToVideo({ prompt: "x", durationSeconds: 10 }, { model });
		expect(provider.requests[0]?.durationSeconds).toBe(9);
	});

	it("holds for a model that counts frames at the rate that is asked for", async () => {
		const { provider, videos } = await serviceWith({ durationSeconds: { min: 5, max: 7.5 }, countedAtFps: 16 }, 5);
		const generating = videos.textToVideo({ prompt: "x", durationSeconds: 5, fps: 5 }, { model });
		await expect(generating).rejects.toThrow("fake:one takes 16 to 24, and MAX_VIDEO_DURATION allows 5");
		expect(provider.posts).toBe(0);
	});

	it("shortens the usual length to the longest that the model takes, and says so once", async () => {
		const facts = { durationSeconds: { values: [4, 6, 8] }, defaultDurationSeconds: 8 };
		const { provider, videos } = await serviceWith(facts, 5);
		const { models } = await videos.plan({ prompt: "x" }, { model });
		expect(models[0]?.adjustments).toEqual([
			"durationSeconds: MAX_VIDEO_DURATION shortened the usual length of fake:one to 4 s",
		]);
		await videos.textToVideo({ prompt: "x" }, { model });
		expect(provider.requests[0]?.durationSeconds).toBe(4);
	});

	it("is asked for where the usual length is not known and could be longer", async () => {
		const { provider, videos } = await serviceWith({ durationSeconds: { min: 4, max: 30, step: 1 } }, 5.5);
		const { warnings } = await videos.textToVideo({ prompt: "x" }, { model });
		expect(provider.requests[0]?.durationSeconds).toBe(5);
		expect(warnings).toContain(
			"durationSeconds: sent as 5, as MAX_VIDEO_DURATION allows no more and the usual length of fake:one is not known",
		);
	});

	it("changes nothing where no clip of the model is longer", async () => {
		const { provider, videos } = await serviceWith({ durationSeconds: { min: 4, max: 30, step: 1 } });
		const { warnings } = await videos.textToVideo({ prompt: "x" }, { model });
		expect(provider.requests[0]).not.toHaveProperty("durationSeconds");
		expect(warnings.filter((warning) => warning.startsWith("durationSeconds"))).toEqual([]);
	});
});

describe("a cost limit", () => {
	const priced = { priceUsdPerSecond: 0.05, defaultDurationSeconds: 5 };
	const longer = { prompt: "x", providerOptions: { fake: { duration: 30 } } };

	it("is not passed over through the provider's own options", async () => {
		const { provider, videos } = await serviceWith(priced);
		const generating = videos.textToVideo(longer, { model, maxCostUsd: 0.3 });
		await expect(generating).rejects.toMatchObject({ code: "quota_exceeded", phase: "input", billed: "no" });
		await expect(generating).rejects.toThrow(
			"maxCostUsd: providerOptions.fake.duration may change the price of fake:one, so it cannot be kept to 0.3; " +
				"leave out one of the two",
		);
		expect(provider.posts).toBe(0);
	});

	it("says of models in a chain why they were passed over, and asks the next", async () => {
		const { videos } = await serviceWith(priced);
		const free = new FakeProvider({ id: "free", traits: { billing: "free" } });
		const video = await videos.register(free).textToVideo(longer, { model, fallbacks: ["free:one"], maxCostUsd: 0.3 });
		expect(video.attempts[0]).toMatchObject({ outcome: "skipped", reason: expect.stringContaining("fake.duration") });
		expect(video.model).toBe("free:one");
	});

	it("allows what costs nothing: names of inputs, options of other providers, and free providers", async () => {
		const { provider, videos } = await serviceWith(priced);
		const providerOptions = { fake: { inputNames: { image: "picture" } }, local: { caption: false } };
		await videos.textToVideo({ prompt: "x", providerOptions }, { model, maxCostUsd: 0.3 });
		expect(provider.posts).toBe(1);
		const { provider: free, videos: own } = await serviceWith(priced, 30, true);
		await own.textToVideo(longer, { model, maxCostUsd: 0 });
		expect(free.posts).toBe(1);
	});

	it("counts the seconds of a model that counts frames at the rate that is asked for", async () => {
		const facts = { durationSeconds: { min: 1, max: 10 }, priceUsdPerSecond: 0.08, countedAtFps: 16 };
		const { provider, videos } = await serviceWith(facts);
		const request = { prompt: "x", durationSeconds: 2, fps: 48 };
		const generating = videos.textToVideo(request, { model, maxCostUsd: 0.2 });
		await expect(generating).rejects.toThrow("maxCostUsd: fake:one would cost about $0.48, more than $0.2");
		expect(provider.posts).toBe(0);
	});

	it("is no matter when it was not set", async () => {
		const { provider, videos } = await serviceWith(priced);
		await videos.textToVideo(longer, { model });
		expect(provider.posts).toBe(1);
	});
});
