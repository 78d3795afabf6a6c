import { describe, expect, it } from "vitest";
import { ConfigurationError, ContentRefusedError, defineProvider } from "../../src/index.ts";
import { FakeProvider } from "../support/fake-provider.ts";
import { testService } from "../support/service.ts";
import { TINY_VIDEO } from "../support/tiny-video.ts";

const prompt = "Waves";

describe("a provider made of one function", () => {
	it("makes a video", async () => {
		const clips = defineProvider({ id: "clips", textToVideo: async () => TINY_VIDEO });
		const { videos } = await testService();
		const video = await videos.register(clips).textToVideo({ prompt }, { model: "clips:any" });
		expect(video).toMatchObject({ model: "clips:any", sizeBytes: TINY_VIDEO.byteLength, warnings: [] });
	});

	it("is handed the request, and reports progress", async () => {
		const seen: unknown[] = [];
		const clips = defineProvider({
			id: "clips",
			textToVideo: async (request, { reportProgress }) => {
				seen.push(request.prompt, request.seed);
				reportProgress(0.25);
				await new Promise((resolve) => setTimeout(resolve, 20));
				return TINY_VIDEO;
			},
		});
		const { videos } = await testService({ providers: [clips] });
		await videos.textToVideo(
			{ prompt, seed: 0 },
			{ model: "clips:any", onProgress: ({ stage, progress }) => void (stage === "running" && seen.push(progress)) },
		);
		expect(seen.slice(0, 3)).toEqual([prompt, 0, 0.25]);
	});

	it("that throws may have cost money, unless it is free: only then another model is tried", async () => {
		const broken = async () => {
			throw new TypeError("boom");
		};
		const other = new FakeProvider({ id: "other" });
		const { videos } = await testService({ providers: [other] });
		const options = { model: "clips:any", fallbacks: ["other:one"] };
		videos.register(defineProvider({ id: "clips", textToVideo: broken }));
		await expect(videos.textToVideo({ prompt }, options)).rejects.toMatchObject({ billed: "unknown" });
		expect(other.posts).toBe(0);
		videos.register(defineProvider({ id: "clips", billing: "free", textToVideo: broken }));
		expect((await videos.textToVideo({ prompt }, options)).model).toBe("other:one");
	});

	it.each([
		["nothing", undefined, "Undefined"],
		["a number", 42, "Number"],
		["a response", new Response("x"), "Response"],
	])("that returns %s is told what to return", async (_what, value, found) => {
		const clips = defineProvider({ id: "clips", textToVideo: async () => value as unknown as Uint8Array });
		const { videos } = await testService({ providers: [clips] });
		await expect(videos.textToVideo({ prompt }, { model: "clips:any" })).rejects.toMatchObject({
			code: "provider_error",
			billed: "unknown",
			message: expect.stringContaining(`provider clips returned ${found}; return bytes, a URL or an asset`),
		});
	});

	it("that throws one of reelay's errors is taken at its word", async () => {
		const refuse = async () => {
			throw new ContentRefusedError("no kites", { billed: "no" });
		};
		const { videos } = await testService({ providers: [defineProvider({ id: "clips", textToVideo: refuse })] });
		await expect(videos.textToVideo({ prompt }, { model: "clips:any" })).rejects.toMatchObject({
			code: "content_refused",
			billed: "no",
		});
	});

	it("is told when nobody waits any more", async () => {
		const controller = new AbortController();
		const told = Promise.withResolvers<void>();
		const clips = defineProvider({
			id: "clips",
			billing: "free",
			textToVideo: (_request, { signal }) => {
				controller.abort();
				return new Promise((_resolve, reject) => {
					signal.addEventListener("abort", () => {
						told.resolve();
						reject(signal.reason);
					});
				});
			},
		});
		const { videos } = await testService({ providers: [clips] });
		const generating = videos.textToVideo({ prompt }, { model: "clips:any", signal: controller.signal });
		await expect(generating).rejects.toMatchObject({ code: "cancelled" });
		await told.promise;
	});

	it("does only the tasks it has functions for", async () => {
		const { videos } = await testService({
			providers: [defineProvider({ id: "clips", imageToVideo: async () => TINY_VIDEO })],
		});
		await expect(videos.textToVideo({ prompt }, { model: "clips:any" })).rejects.toThrow(
			/^model: clips:any does image-to-video, not text-to-video/,
		);
	});

	it.each(["", "Clips", "a b", "1st", "x".repeat(33)])("needs a usable id: %j", (id) => {
		expect(() => defineProvider({ id, textToVideo: async () => TINY_VIDEO })).toThrow(ConfigurationError);
	});

	it("needs a function", () => {
		expect(() => defineProvider({ id: "clips" })).toThrow(/^provider "clips" can do nothing/);
	});
});
