import { describe, expect, it } from "vitest";
import {
	createVideoService,
	type GenerateOptions,
	InputError,
	MemoryLedger,
	type TextToVideoRequest,
} from "../../src/index.ts";
import { EVERYTHING, FakeProvider } from "../support/fake-provider.ts";
import { testService } from "../support/service.ts";

const model = "fake:one";

describe("a bad request", () => {
	it.each<[field: string, request: Record<string, unknown>]>([
		["prompt", {}],
		["prompt", { prompt: "" }],
		["prompt", { prompt: " \n\t" }],
		["prompt", { prompt: 7 }],
		["prompt", { prompt: "x".repeat(2001) }],
		["negativePrompt", { prompt: "x", negativePrompt: 1 }],
		["durationSeconds", { prompt: "x", durationSeconds: 0 }],
		["durationSeconds", { prompt: "x", durationSeconds: -1 }],
		["durationSeconds", { prompt: "x", durationSeconds: 0.5 }],
		["durationSeconds", { prompt: "x", durationSeconds: 30.1 }],
		["durationSeconds", { prompt: "x", durationSeconds: Number.NaN }],
		["durationSeconds", { prompt: "x", durationSeconds: Number.POSITIVE_INFINITY }],
		["durationSeconds", { prompt: "x", durationSeconds: "5" }],
		["fps", { prompt: "x", fps: 0 }],
		["fps", { prompt: "x", fps: 61 }],
		["aspectRatio", { prompt: "x", aspectRatio: "16x9" }],
		["aspectRatio", { prompt: "x", aspectRatio: "0:9" }],
		["resolution", { prompt: "x", resolution: "huge" }],
		["resolution", { prompt: "x", resolution: "0x720" }],
		["resolution", { prompt: "x", resolution: "1281x720" }],
		["resolution", { prompt: "x", resolution: "1280x721" }],
		["aspectRatio", { prompt: "x", resolution: "1280x720", aspectRatio: "1:1" }],
		["quality", { prompt: "x", quality: "best" }],
		["seed", { prompt: "x", seed: -1 }],
		["seed", { prompt: "x", seed: 1.5 }],
		["seed", { prompt: "x", seed: 2 ** 32 }],
		["numInferenceSteps", { prompt: "x", numInferenceSteps: 0 }],
		["guidanceScale", { prompt: "x", guidanceScale: -1 }],
		["generateAudio", { prompt: "x", generateAudio: "yes" }],
		["providerOptions", { prompt: "x", providerOptions: [] }],
		["providerOptions.fake", { prompt: "x", providerOptions: { fake: 1 } }],
		["providerOptions.fkae", { prompt: "x", providerOptions: { fkae: {} } }],
		["promt", { prompt: "x", promt: "y" }],
		["image", { prompt: "x", image: "a.png" }],
		["lastFrame", { prompt: "x", lastFrame: "a.png" }],
		["references", { prompt: "x", references: "a.png" }],
		["references.0", { prompt: "x", references: [null] }],
	])("names %s, costs nothing and leaves nothing: %j", async (field, request) => {
		const provider = new FakeProvider();
		const { videos } = await testService({ providers: [provider] });
		const error = await videos
			.textToVideo(request as unknown as TextToVideoRequest, { model })
			.catch((reason: unknown) => reason);
		expect(error).toBeInstanceOf(InputError);
		expect(error).toMatchObject({ field, phase: "input", billed: "no" });
		expect(String(error)).not.toContain("\n");
		expect(provider.posts).toBe(0);
	});

	it.each<[field: string, options: Record<string, unknown>]>([
		["timeoutMs", { timeoutMs: -1 }],
		["maxCostUsd", { maxCostUsd: "1" }],
		["idempotencyKey", { idempotencyKey: "two words" }],
		["onUnsupported", { onUnsupported: "ignore" }],
		["fallbacks", { fallbacks: "fake:two" }],
		["overwrite", { overwrite: 1 }],
		["outptu", { outptu: "a.mp4" }],
	])("in its options names %s: %j", async (field, options) => {
		const { videos } = await testService({ providers: [new FakeProvider()] });
		const generating = videos.textToVideo({ prompt: "x" }, { model, ...options } as GenerateOptions);
		await expect(generating).rejects.toMatchObject({ code: "invalid_input", field });
	});

	it("is told the remedy", async () => {
		const { videos } = await testService({ providers: [new FakeProvider()] });
		const said = (request: Record<string, unknown>) =>
			videos.textToVideo(request as unknown as TextToVideoRequest, { model }).then(String, String);
		expect(await said({ prompt: "x", resolution: "1281x721" })).toContain("use 1282x722");
		expect(await said({ prompt: "x", durationSeconds: 31 })).toContain("from 1 to 30 seconds (MAX_VIDEO_DURATION");
		expect(await said({ prompt: "x".repeat(2001) })).toContain("raise MAX_PROMPT_LENGTH");
		expect(await said({ prompt: "x", promt: "y" })).toContain('Did you mean "prompt"?');
		expect(await said({ prompt: "x", image: "a.png" })).toContain("use imageToVideo");
	});
});

describe("limits", () => {
	it("come from the environment, and options of the code win over it", async () => {
		const providers = [new FakeProvider()];
		const env = { MAX_VIDEO_DURATION: "10", MAX_PROMPT_LENGTH: "3" };
		const { videos } = await testService({ providers, env });
		await expect(videos.textToVideo({ prompt: "wave" }, { model })).rejects.toThrow(/longer than 3 characters/);
		await expect(videos.textToVideo({ prompt: "sea", durationSeconds: 11 }, { model })).rejects.toThrow(/from 1 to 10/);
		const { videos: wider } = await testService({ providers, env, limits: { maxPromptLength: 4 } });
		await wider.textToVideo({ prompt: "wave" }, { model });
	});

	it("count characters, not code units", async () => {
		const { videos } = await testService({ providers: [new FakeProvider()], limits: { maxPromptLength: 2 } });
		await videos.textToVideo({ prompt: "🪁🌊" }, { model });
	});
});

describe("a limit below the model's own length", () => {
	it("holds when no length was asked for, with a warning", async () => {
		const models = [{ id: "one", tasks: ["text-to-video"], options: EVERYTHING, defaultDurationSeconds: 8 }] as const;
		const provider = new FakeProvider({ models });
		const { videos } = await testService({ providers: [provider], env: { MAX_VIDEO_DURATION: "3" } });
		const video = await videos.textToVideo({ prompt: "x" }, { model });
		expect(provider.requests[0]?.durationSeconds).toBe(3);
		expect(video.warnings[0]).toBe("durationSeconds: MAX_VIDEO_DURATION shortened the usual length of fake:one to 3 s");
	});
});

describe("a service that was closed", () => {
	it("says so, whatever is asked of it", async () => {
		const { videos } = await testService({ providers: [new FakeProvider()] });
		await videos.close();
		const closed = { code: "configuration", message: "this service was closed; create another one" };
		await expect(videos.textToVideo({ prompt: "x" }, { model })).rejects.toMatchObject(closed);
		await expect(videos.resume("job_0")).rejects.toMatchObject(closed);
	});
});

describe("what the provider is asked", () => {
	it("has every value that was given, zero and false and the empty text included", async () => {
		const provider = new FakeProvider();
		const { videos } = await testService({ providers: [provider] });
		const given = {
			negativePrompt: "",
			durationSeconds: 4,
			fps: 24,
			aspectRatio: "16:9",
			resolution: "720p",
			quality: "low",
			seed: 0,
			numInferenceSteps: 1,
			guidanceScale: 0,
			generateAudio: false,
		} as const;
		await videos.textToVideo({ prompt: "x", ...given, providerOptions: { fake: { a: [1] } } }, { model });
		expect(provider.requests[0]).toEqual({
			task: "text-to-video",
			model: "one",
			prompt: "x",
			...given,
			providerOptions: { a: [1] },
		});
	});

	it("says that nothing may be changed only when the user said so", async () => {
		const provider = new FakeProvider();
		const { videos } = await testService({ providers: [provider] });
		await videos.textToVideo({ prompt: "x" }, { model, onUnsupported: "reject" });
		await videos.textToVideo({ prompt: "x" }, { model, onUnsupported: "adjust" });
		await videos.textToVideo({ prompt: "x" }, { model });
		expect(provider.requests.map(({ onUnsupported }) => onUnsupported)).toEqual(["reject", undefined, undefined]);
	});

	it("has sizes and ratios without the blanks around them", async () => {
		const provider = new FakeProvider();
		const { videos } = await testService({ providers: [provider] });
		await videos.textToVideo({ prompt: "x", aspectRatio: " 16:9 ", resolution: "\t720p " }, { model });
		expect(provider.requests[0]).toMatchObject({ aspectRatio: "16:9", resolution: "720p" });
	});

	it("carries the caller's idempotency key, or a fresh one for each job", async () => {
		const provider = new FakeProvider();
		const { videos } = await testService({ providers: [provider] });
		await videos.textToVideo({ prompt: "x" }, { model, idempotencyKey: "mine" });
		await videos.textToVideo({ prompt: "x" }, { model });
		await videos.textToVideo({ prompt: "x" }, { model });
		const keys = provider.contexts.map(({ idempotencyKey }) => idempotencyKey);
		expect(keys[0]).toBe("mine");
		expect(new Set(keys).size).toBe(3);
	});
});

describe("the model", () => {
	it("comes from the call, then the service, then the environment", async () => {
		const provider = new FakeProvider();
		const options = { providers: [provider], env: { DEFAULT_TEXT_TO_VIDEO_MODEL: "fake:two" } };
		const asked = () => provider.requests.at(-1)?.model;
		const { videos } = await testService(options);
		await videos.textToVideo({ prompt: "x" });
		expect(asked()).toBe("two");
		const { videos: set } = await testService({ ...options, textToVideo: { model: "fake:three" } });
		await set.textToVideo({ prompt: "x" });
		expect(asked()).toBe("three");
		await set.textToVideo({ prompt: "x" }, { model: "fake:four" });
		expect(asked()).toBe("four");
	});

	it("that a variable names wrongly is a matter of configuration", async () => {
		const { videos } = await testService({ env: { DEFAULT_TEXT_TO_VIDEO_MODEL: "lokal:animatic" } });
		await expect(videos.textToVideo({ prompt: "x" })).rejects.toMatchObject({
			code: "configuration",
			message: expect.stringMatching(/^DEFAULT_TEXT_TO_VIDEO_MODEL: .*Did you mean "local"\?/),
		});
	});

	it("that a variable names and its provider does not have is a matter of configuration too", async () => {
		const { videos } = await testService({ env: { DEFAULT_TEXT_TO_VIDEO_MODEL: "local:animatik" } });
		await expect(videos.textToVideo({ prompt: "x" })).rejects.toMatchObject({
			code: "configuration",
			message: expect.stringMatching(/^DEFAULT_TEXT_TO_VIDEO_MODEL: .*Did you mean "local:animatic"\?/),
		});
	});

	it("is listed with what it can do", async () => {
		const { videos } = await testService({ providers: [new FakeProvider()] });
		const all = await videos.models();
		const listed = all.map(({ reference }) => reference);
		expect(listed.slice(0, 2)).toEqual(["fake:one", "fake:two"]);
		expect(listed).toContain("local:animatic");
		expect(await videos.models({ task: "image-to-video", provider: "fake" })).toMatchObject([
			{ reference: "fake:one", provider: "fake", isRetired: false, billing: "paid" },
		]);
	});
});

describe("the options of a service", () => {
	it("are refused when they do not exist, with the nearest name", () => {
		expect(() => createVideoService({ ledgr: new MemoryLedger() } as object)).toThrow('Did you mean "ledger"?');
		expect(() => createVideoService(null as never)).toThrow("takes an object of options");
		expect(() => createVideoService({ env: {}, providers: [null as never] })).toThrow("a provider is an object with");
		expect(() => createVideoService({ env: {} }).register({ id: "x" } as never)).toThrow(
			"a provider is an object with",
		);
	});
});
