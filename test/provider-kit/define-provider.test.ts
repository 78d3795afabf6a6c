import { createServer, get } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
	ConfigurationError,
	ContentRefusedError,
	defineProvider,
	type Fetch,
	type GenerateVideo,
	ProviderError,
	type VideoError,
	type VideoServiceOptions,
} from "../../src/index.ts";
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

	describe("that could not connect", () => {
		const NOWHERE = "http://no-such-host.invalid/v1/clips";
		const UNREACHED = "fetch failed: getaddrinfo ENOTFOUND no-such-host.invalid";

		async function failureOf(textToVideo: GenerateVideo, options: VideoServiceOptions = {}) {
			const other = new FakeProvider({ id: "other" });
			const clips = defineProvider({ id: "clips", textToVideo });
			const { videos } = await testService({ providers: [clips, other], ...options });
			const chain = { model: "clips:any", fallbacks: ["other:one"] };
			return videos.textToVideo({ prompt }, chain).then(
				({ model, attempts }) => ({ ...attempts[0], model }),
				({ message, billed }: VideoError) => ({ message, billed }),
			);
		}

		it.each(["GET", "POST"])(
			"by the fetch that it was handed cost nothing, and the next has its turn: %s",
			async (method) => {
				expect(
					await failureOf(async (_request, { fetch }) => (await fetch(NOWHERE, { method })).arrayBuffer()),
				).toMatchObject({
					model: "other:one",
					billed: "no",
					reason: `clips:any failed: ${UNREACHED}; nothing was sent, nothing was billed`,
				});
			},
		);

		it("cost nothing, also when it throws one of reelay's errors that does not know", async () => {
			const wrap: GenerateVideo = (_request, { fetch }) =>
				fetch(NOWHERE).then(
					(response) => response.arrayBuffer(),
					(cause: unknown) => {
						throw new ProviderError("clips is away", { billed: "unknown", cause });
					},
				);
			expect(await failureOf(wrap)).toMatchObject({
				billed: "no",
				reason: "clips:any failed: clips is away; nothing was sent, nothing was billed",
			});
		});

		it("by a fetch of its own may have cost money, but says where", async () => {
			expect(await failureOf(async () => (await globalThis.fetch(NOWHERE)).arrayBuffer())).toEqual({
				message: `clips:any failed: ${UNREACHED}`,
				billed: "unknown",
			});
		});

		it("to a host that has several addresses says why once", async () => {
			const refused = new AggregateError([new Error("connect ECONNREFUSED ::1:9"), new Error("connect ECONNREFUSED")]);
			const reject = () => Promise.reject(new TypeError("fetch failed", { cause: refused }));
			expect(await failureOf(reject)).toMatchObject({
				message: "clips:any failed: fetch failed: connect ECONNREFUSED ::1:9",
			});
		});

		it("shows no secret, and one line", async () => {
			const cause = new Error("no proxy\nat https://user:swordfish-1@proxy.example/");
			const failure = await failureOf(() => Promise.reject(new TypeError("fetch failed", { cause })));
			expect(failure).toMatchObject({
				message: "clips:any failed: fetch failed: no proxy at https://[secret]@proxy.example/",
			});
		});

		describe("may have cost money", () => {
			const answering = createServer((_request, response) => void response.end("{}"));
			/** Takes connections and says nothing: a TLS handshake with it never ends, so no request is sent. */
			const silent = createTcpServer();
			const sockets = new Set<Socket>();
			silent.on("connection", (socket) => void sockets.add(socket.on("error", () => undefined)));
			const listen = async (server: Server) => {
				await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
				return `127.0.0.1:${(server.address() as AddressInfo).port}/`;
			};
			let url = "";
			let silentUrl = "";
			beforeAll(async () => {
				url = `http://${await listen(answering)}`;
				silentUrl = `https://${await listen(silent)}`;
			});
			afterAll(() => {
				for (const socket of sockets) socket.destroy();
				for (const server of [answering, silent]) server.close();
			});

			const befores: readonly (readonly [string, (fetch: Fetch) => unknown])[] = [
				["after another request of the same fetch", (fetch) => fetch(url)],
				["after a request by the global fetch", () => globalThis.fetch(url)],
				[
					"after a request by Node's own client",
					() => new Promise((resolve) => get(url, (response) => response.resume().on("end", resolve))),
				],
				["while another request of the same fetch is on its way", (fetch) => void fetch(silentUrl).catch(String)],
				[
					"while a request by the global fetch is on its way",
					() => void globalThis.fetch(silentUrl, { method: "POST", body: "{}" }).catch(String),
				],
			];

			it.each(befores)("%s", async (_name, before) => {
				const failure = await failureOf(async (_request, { fetch }) => {
					await before(fetch);
					return (await fetch(NOWHERE)).arrayBuffer();
				});
				expect(failure).toEqual({ message: `clips:any failed: ${UNREACHED}`, billed: "unknown" });
			});

			it("while a fetch that the user gave has yet to send another request", async () => {
				const given: Fetch = (input, init) =>
					input === NOWHERE ? globalThis.fetch(input, init) : new Promise(() => undefined);
				const generate: GenerateVideo = async (_request, { fetch }) => {
					void fetch(url);
					return (await fetch(NOWHERE)).arrayBuffer();
				};
				expect(await failureOf(generate, { fetch: given })).toMatchObject({ billed: "unknown" });
			});

			it("with a fetch that the user gave, of which no client tells what it sent", async () => {
				const fetch = () => Promise.reject(new TypeError("fetch failed"));
				const failure = await failureOf(async (_request, context) => (await context.fetch(url)).arrayBuffer(), {
					fetch,
				});
				expect(failure).toEqual({ message: "clips:any failed: fetch failed", billed: "unknown" });
			});
		});
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
