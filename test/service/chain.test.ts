import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
	AuthenticationError,
	ConfigurationError,
	ContentRefusedError,
	ModelNotFoundError,
	ProviderError,
	QuotaError,
	RateLimitError,
	SqliteLedger,
	type VideoServiceOptions,
} from "../../src/index.ts";
import type { OperationStatus, VideoProvider } from "../../src/provider/index.ts";
import { EVERYTHING, FakeProvider, type FakeScript, fail, SUCCEEDED } from "../support/fake-provider.ts";
import { temporaryFolder, testService } from "../support/service.ts";

const prompt = "a kite";
const chain = { model: "first:one", fallbacks: ["second:one", "third:one"] };
const rejected = { phase: "submit", billed: "no" } as const;

async function chainOf(first: FakeScript, options: VideoServiceOptions = {}) {
	const providers = [
		new FakeProvider({ id: "first", ...first }),
		new FakeProvider({ id: "second" }),
		new FakeProvider({ id: "third" }),
	] as const;
	const service = await testService({ providers, ...options });
	return { ...service, providers, billed: () => providers.map((provider) => provider.billed) };
}

describe("a chain of three", () => {
	it.each([
		["rate limited", new RateLimitError("429", { ...rejected, retryable: true, retryAfterMs: 1 }), "rate_limited", 3],
		[
			"503, which the adapter knows to be a refusal",
			new ProviderError("503", { ...rejected, status: 503, retryable: true }),
			"provider_error",
			3,
		],
		["retired", new ModelNotFoundError("404", rejected), "model_not_found", 1],
		["an empty account", new QuotaError("402", rejected), "quota_exceeded", 1],
		["a wrong key", new AuthenticationError("401", rejected), "authentication", 1],
		["no key", new ConfigurationError("no key"), "configuration", 1],
		["an option that it refuses", new ProviderError("422", { ...rejected, status: 422 }), "provider_error", 1],
	] as const)("goes on to the second when the first is refused: %s", async (_name, error, errorCode, posts) => {
		const { videos, providers, billed } = await chainOf({ starts: [fail(error)] });
		const video = await videos.textToVideo({ prompt }, chain);
		expect(video.model).toBe("second:one");
		expect(video.attempts.at(0)).toMatchObject({ model: "first:one", outcome: "rejected", billed: "no", errorCode });
		expect(video.attempts.at(-1)).toMatchObject({ model: "second:one", outcome: "accepted", billed: "yes" });
		expect(providers[0].posts).toBe(posts);
		expect(billed()).toEqual([0, 1, 0]);
	});

	it("goes on when the first cannot be reached", async () => {
		const { videos, providers, billed } = await chainOf({});
		providers[0].start = async (_request, { fetch }) => {
			providers[0].posts++;
			await fetch("http://no-such-host.invalid/", { method: "POST", body: "{}" });
			return { handle: null };
		};
		const video = await videos.textToVideo({ prompt }, chain);
		expect(video.model).toBe("second:one");
		expect([providers[0].posts, ...billed()]).toEqual([3, 0, 1, 0]);
	});

	it("goes on when the first cannot do what is asked", async () => {
		const options = { ...EVERYTHING, generateAudio: false } as const;
		const { videos, providers } = await chainOf({ models: [{ id: "one", tasks: ["text-to-video"], options }] });
		const video = await videos.textToVideo({ prompt, generateAudio: true }, chain);
		expect(video.attempts[0]).toMatchObject({ outcome: "skipped", errorCode: "unsupported_option", billed: "no" });
		expect([video.model, providers[0].posts]).toEqual(["second:one", 0]);
	});

	it("does not ask a first one whose breaker is open, nor one that refused the key", async () => {
		const down = fail(new ProviderError("500", { ...rejected, status: 500 }));
		const { videos, providers } = await chainOf(
			{ starts: [down] },
			{ policies: { breaker: { consecutiveFailures: 2 } } },
		);
		for (let count = 0; count < 2; count++) await videos.textToVideo({ prompt }, chain);
		expect(providers[0].posts).toBe(2);
		const video = await videos.textToVideo({ prompt }, chain);
		expect(video.attempts[0]).toMatchObject({ model: "first:one", outcome: "skipped", billed: "no" });
		expect(video.attempts[0]?.reason).toContain("left alone for a while");
		expect(providers[0].posts).toBe(2);
		expect((await videos.health())[0]).toMatchObject({ model: "first:one", stages: { submit: { state: "open" } } });

		const refused = await chainOf({ starts: [fail(new AuthenticationError("401", rejected))] });
		for (let count = 0; count < 3; count++) await refused.videos.textToVideo({ prompt }, chain);
		expect(refused.providers[0].posts).toBe(1);
		expect((await refused.videos.health())[0]?.quarantine).toMatchObject({ reason: "authentication" });
	});

	it("says why none was left", async () => {
		const dead = fail(new AuthenticationError("the key was refused", rejected));
		const { videos } = await testService({ providers: [new FakeProvider({ starts: [dead] })] });
		await expect(videos.textToVideo({ prompt }, { model: "fake:one" })).rejects.toMatchObject({
			code: "authentication",
		});
		const again = videos.textToVideo({ prompt }, { model: "fake:one" });
		await expect(again).rejects.toThrow("refused the key; replace the key");
		await expect(again).rejects.toMatchObject({ billed: "no", attempts: [{ outcome: "skipped" }] });
	});

	it.each(["internal", "expired"] as const)("goes on after a verdict that cost nothing: %s", async (kind) => {
		const failed: OperationStatus = { state: "failed", kind, reason: "no", billed: "no" };
		const { videos, billed } = await chainOf({ looks: [() => failed] });
		const video = await videos.textToVideo({ prompt }, chain);
		expect([video.model, ...billed()]).toEqual(["second:one", 1, 1, 0]);
	});

	it("goes on after a refusal of the content only when it was told to, and it cost nothing", async () => {
		const refusal = (billed: "no" | "yes"): OperationStatus => ({
			state: "failed",
			kind: "refused",
			reason: "no",
			billed,
		});
		const unbilled = await chainOf({ looks: [() => refusal("no")] });
		await expect(unbilled.videos.textToVideo({ prompt }, chain)).rejects.toMatchObject({ code: "content_refused" });
		const fallbackOn = { refusal: true };
		await expect(unbilled.videos.textToVideo({ prompt }, { ...chain, fallbackOn })).resolves.toMatchObject({
			model: "second:one",
		});
		const billed = await chainOf({ looks: [() => refusal("yes")] });
		await expect(billed.videos.textToVideo({ prompt }, { ...chain, fallbackOn })).rejects.toMatchObject({
			billed: "yes",
		});
		expect(billed.billed()).toEqual([1, 0, 0]);
		const early = await chainOf({ starts: [fail(new ContentRefusedError("no", rejected))] });
		await expect(early.videos.textToVideo({ prompt }, chain)).rejects.toMatchObject({ code: "content_refused" });
		await expect(early.videos.textToVideo({ prompt }, { ...chain, fallbackOn })).resolves.toMatchObject({
			model: "second:one",
		});
	});
});

describe("a model that is passed over", () => {
	const short = { tasks: ["text-to-video"] as const, options: EVERYTHING, durationSeconds: { values: [4, 8] } };
	const models = [{ id: "one", ...short }];
	const noKey = fail(new ConfigurationError("FIRST_KEY is not set; create a key"));

	it("is told once, and what was changed for it is not told of the video of another", async () => {
		const { videos } = await chainOf({ models, starts: [noKey] });
		const told: string[] = [];
		videos.on("warning", ({ message }) => told.push(message));
		const video = await videos.textToVideo({ prompt, durationSeconds: 2 }, chain);
		expect(video.model).toBe("second:one");
		const own = video.warnings.filter((text) => !text.startsWith("durationSeconds: the file"));
		expect(own[0]).toBe("first:one did not make this: FIRST_KEY is not set; create a key");
		expect(video.warnings.join()).not.toContain("became");
		expect(told.filter((text) => text.includes("first:one"))).toEqual([own[0]]);
		expect(told.join()).not.toContain("became");
	});

	it("is told whatever it failed by, after the submission too", async () => {
		const refused: OperationStatus = { state: "failed", kind: "internal", reason: "no GPU", billed: "no" };
		const { videos } = await chainOf({ models, looks: [() => refused] });
		const { warnings } = await videos.textToVideo({ prompt, durationSeconds: 2 }, chain);
		expect(warnings.filter((text) => text.includes("first:one"))).toEqual([
			expect.stringMatching(/^first:one did not make this: .*no GPU/),
		]);
		expect(warnings.join()).not.toContain("became");
	});

	it("is told by the process that takes the job up, from the ledger alone", async () => {
		const file = join(await temporaryFolder(), "jobs.db");
		const { videos } = await chainOf({ starts: [noKey] }, { ledger: new SqliteLedger(file) });
		const { id } = await videos.submit({ prompt }, chain);
		await videos.close();
		const other = await chainOf({}, { ledger: new SqliteLedger(file) });
		const { warnings } = await (await other.videos.resume(id)).wait();
		expect(warnings).toContain("first:one did not make this: FIRST_KEY is not set; create a key");
	});

	it("keeps what was changed for the model that made the video", async () => {
		const { videos } = await chainOf({ models });
		const video = await videos.textToVideo({ prompt, durationSeconds: 2 }, chain);
		expect(video.warnings).toContainEqual(expect.stringMatching(/^durationSeconds: 2 became 4/));
		expect(video.warnings.join()).not.toContain("did not make this");
	});
});

describe("a job that is to outlive its process", () => {
	const traits = { runsIn: "process" } as const;

	it("goes to no model that works in it", async () => {
		const { videos, providers } = await chainOf({ traits });
		const job = await videos.submit({ prompt }, { ...chain, detach: true });
		expect([job.model, providers[0].posts]).toEqual(["second:one", 0]);
		expect(job.attempts[0]).toMatchObject({ model: "first:one", outcome: "skipped", errorCode: "invalid_input" });
		const { warnings } = await job.wait();
		expect(warnings.filter((text) => text.includes("first:one"))).toEqual([
			"model: first:one was skipped: detach: first:one renders in this process and would end with it; " +
				"leave out detach, or name a model of a service",
		]);
	});

	it("is refused where no other model is left, and not sent", async () => {
		const { videos, providers } = await chainOf({ traits });
		const only = { model: "first:one", fallbacks: [] };
		await expect(videos.submit({ prompt }, { ...only, detach: true })).rejects.toMatchObject({
			code: "invalid_input",
			field: "detach",
			billed: "no",
		});
		expect(providers[0].posts).toBe(0);
		expect((await videos.submit({ prompt }, only)).model).toBe("first:one");
	});
});

describe("an accepted submission", () => {
	const gone: OperationStatus = { state: "succeeded", assets: [{ kind: "url", url: "https://127.0.0.1:9/v.mp4" }] };
	const junk: OperationStatus = { state: "succeeded", assets: [{ kind: "bytes", data: new Uint8Array([1, 2, 3]) }] };

	it.each([
		["a lost poll", [fail(new TypeError("fetch failed")), () => SUCCEEDED], undefined],
		[
			"an answer that is no JSON",
			[fail(new ProviderError("no JSON", { phase: "poll", retryable: true })), () => SUCCEEDED],
			undefined,
		],
		[
			"a poll that is rate limited",
			[fail(new RateLimitError("429", { phase: "poll", retryAfterMs: 1 })), () => SUCCEEDED],
			undefined,
		],
		[
			"a refused key in the middle",
			[fail(new AuthenticationError("403", { phase: "poll" })), () => SUCCEEDED],
			undefined,
		],
		[
			"a failure that was billed",
			[(): OperationStatus => ({ state: "failed", kind: "internal", reason: "broke", billed: "yes" })],
			"provider_error",
		],
		[
			"a failure that may have been billed",
			[(): OperationStatus => ({ state: "failed", kind: "internal", reason: "broke", billed: "unknown" })],
			"provider_error",
		],
		["a download that is refused", [() => gone], "download_failed"],
		["a file that is no video", [() => junk], "bad_media"],
	] as const)("is never followed by a second one: %s", async (_name, looks, code) => {
		const { videos, billed } = await chainOf({ looks });
		const outcome = videos.textToVideo({ prompt }, chain);
		if (code === undefined) await expect(outcome).resolves.toMatchObject({ model: "first:one" });
		else await expect(outcome).rejects.toMatchObject({ code, token: expect.stringMatching(/^rl1\./) });
		expect(billed()).toEqual([1, 0, 0]);
	});

	it("is followed by one when the user allows it by name", async () => {
		const failed: OperationStatus = { state: "failed", kind: "internal", reason: "broke", billed: "yes" };
		const billed = await chainOf({ looks: [() => failed] });
		const allowed = { ...chain, allowSecondSubmission: true };
		await expect(billed.videos.textToVideo({ prompt }, allowed)).resolves.toMatchObject({ model: "second:one" });
		const lost = await chainOf({ starts: [fail(new TypeError("fetch failed"))] });
		const video = await lost.videos.textToVideo({ prompt }, allowed);
		expect(video.attempts[0]).toMatchObject({ outcome: "unknown", billed: "unknown", errorCode: "submit_unknown" });
		expect(video.model).toBe("second:one");
	});
});

describe("routing", () => {
	it("finds the faster of two models within 20 jobs, and follows when they swap", async () => {
		const { videos, clock, providers } = await chainOf({}, { routing: "fastest" });
		const seconds: Record<string, number> = { first: 60, second: 20 };
		for (const provider of providers) {
			provider.status = async () => {
				await clock.sleep((seconds[provider.id] ?? 0) * 1000);
				return SUCCEEDED;
			};
		}
		const two = { model: "first:one", fallbacks: ["second:one"] };
		const run = async (count: number) => {
			const used: string[] = [];
			for (let job = 0; job < count; job++) used.push((await videos.textToVideo({ prompt }, two)).model);
			return used;
		};
		await run(15);
		expect((await run(5)).filter((model) => model === "second:one").length).toBeGreaterThanOrEqual(4);
		Object.assign(seconds, { first: 20, second: 60 });
		await run(20);
		expect((await run(5)).filter((model) => model === "first:one").length).toBeGreaterThanOrEqual(4);
	});

	it("goes by price, and drops a model that is switched off, whatever the strategy", async () => {
		const at = (priceUsdPerSecond: number, rest = {}) => [
			{ id: "one", tasks: ["text-to-video"] as const, options: EVERYTHING, priceUsdPerSecond, ...rest },
		];
		for (const routing of ["cheapest", "fastest"] as const) {
			const { videos } = await testService({
				routing,
				providers: [
					new FakeProvider({ id: "first", models: at(0.4) }),
					new FakeProvider({ id: "second", models: at(0.1) }),
					new FakeProvider({ id: "third", models: at(0.01, { retiresOn: "2026-10-01" }) }),
				],
			});
			const video = await videos.textToVideo({ prompt, durationSeconds: 5 }, chain);
			expect(video.attempts[0]).toMatchObject({ model: "third:one", outcome: "skipped", errorCode: "model_retired" });
			if (routing === "cheapest") expect(video).toMatchObject({ model: "second:one", cost: { usd: 0.5 } });
		}
	});

	it("warns in the last 30 days of a model", async () => {
		const models = [{ id: "one", tasks: ["text-to-video"] as const, options: EVERYTHING, retiresOn: "2026-12-01" }];
		const { videos } = await chainOf({ models });
		expect((await videos.textToVideo({ prompt }, chain)).warnings.join()).toContain("switched off on 2026-12-01");
	});

	it("goes by a function of the user's", async () => {
		const { videos } = await chainOf({}, { routing: (candidates) => candidates.toReversed() });
		expect((await videos.textToVideo({ prompt }, chain)).model).toBe("third:one");
	});

	it("refuses a strategy that does not exist when the service is made", async () => {
		await expect(testService({ routing: "quickest" as never })).rejects.toThrow(
			"Use ordered, fastest, cheapest, or a function",
		);
	});
});

describe("a plan", () => {
	it("finds the price of a resolution however that is spelled", async () => {
		const prices = { priceUsdPerSecond: { "480p": 0.05, "4k": 0.16 }, defaultDurationSeconds: 10 };
		const models = [{ id: "one", tasks: ["text-to-video"] as const, options: EVERYTHING, ...prices }];
		const { videos } = await chainOf({ models });
		const estimated = async (resolution?: string) => {
			const plan = await videos.plan({ prompt, ...(resolution === undefined ? {} : { resolution }) }, chain);
			return plan.models[0]?.estimatedCostUsd;
		};
		expect([await estimated("480P"), await estimated("480p"), await estimated()]).toEqual([0.5, 0.5, 1.6]);
	});

	it("says who could not be asked now, and asks each provider once for that", async () => {
		const { videos, providers } = await chainOf({});
		let checks = 0;
		const [first, second, third] = providers as readonly (FakeProvider & Pick<VideoProvider, "check">)[];
		Object.assign(first ?? {}, {
			check: async () => {
				checks++;
				return { usable: false, detail: "FIRST_KEY is not set" };
			},
		});
		Object.assign(second ?? {}, { check: async () => ({ usable: true, detail: "SECOND_KEY is set" }) });
		Object.assign(third ?? {}, { check: () => Promise.reject(new Error("canary")) });
		await videos.plan({ prompt }, chain);
		const { models } = await videos.plan({ prompt }, chain);
		expect(models.map(({ unusable }) => unusable)).toEqual([
			"FIRST_KEY is not set",
			undefined,
			"it could not be checked",
		]);
		expect(checks).toBe(1);
	});

	it("says who would be asked, at what price and with what changes, and sends nothing", async () => {
		const models = [
			{
				id: "one",
				tasks: ["text-to-video"] as const,
				options: EVERYTHING,
				durationSeconds: { values: [4, 8] },
				priceUsdPerSecond: 0.5,
			},
		];
		const { videos, providers } = await chainOf({ models });
		const plan = await videos.plan({ prompt, durationSeconds: 5 }, chain);
		expect(plan.models[0]).toMatchObject({ model: "first:one", estimatedCostUsd: 2 });
		expect(plan.models[0]?.adjustments.join()).toContain("durationSeconds");
		expect(plan.models[1]).toEqual({ model: "second:one", adjustments: [] });
		expect(providers.map(({ posts }) => posts)).toEqual([0, 0, 0]);
		await expect(videos.plan({ prompt: "" }, chain)).rejects.toMatchObject({ field: "prompt" });
	});
});
