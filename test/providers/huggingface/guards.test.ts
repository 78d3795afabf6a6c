import { execFileSync } from "node:child_process";
import diagnostics from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { join, resolve } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { INFERENCE_PROVIDER_IDS, serves } from "../../../providers/huggingface/inference-providers.ts";
import type { ProviderRequest, StartContext } from "../../../src/provider/index.ts";
import {
	createScriptedService,
	type Fault,
	faults,
	type ScriptedService,
	TINY_IMAGE,
} from "../../../src/testing/index.ts";
import { startContext } from "../../../src/testing/trial.ts";
import { huggingfaceDialect, mapping } from "./dialect.ts";
import { asked, huggingface, TOKEN } from "./subject.ts";

const MODEL = "somebody/new-model";
const { fetch, setTimeout: realSetTimeout } = globalThis;

/** The core's own, whatever happens to the global one. */
const context = (): StartContext => ({ ...startContext(), fetch: (input, init) => fetch(input, init) });

/** Every inference provider with each of its tasks. */
const served = INFERENCE_PROVIDER_IDS.flatMap((at) =>
	(["text-to-video", "image-to-video"] as const).filter((task) => serves(at, task)).map((task) => ({ at, task })),
);

/** Submits and looks until the end, at every inference provider. */
async function generateEverywhere(fault?: Fault): Promise<readonly ScriptedService[]> {
	const services: ScriptedService[] = [];
	for (const { at, task } of served) {
		await using service = await createScriptedService({ dialect: huggingfaceDialect(at, task), apiKey: TOKEN });
		services.push(service);
		if (fault !== undefined) service.every("submit", fault);
		const provider = huggingface(service.baseUrl);
		const picture: Partial<ProviderRequest> = task === "image-to-video" ? { image: TINY_IMAGE } : {};
		const started = await provider.start(asked(MODEL, { task, ...picture }), context()).catch(() => undefined);
		if (started === undefined) continue;
		for (let looks = 0; looks < 3; looks++) await provider.status(started.handle, context());
	}
	return services;
}

afterEach(() => {
	vi.unstubAllGlobals();
	vi.restoreAllMocks();
});

describe("what the SDK must not do when it builds our requests: it", () => {
	it.each<[string, Fault]>([
		...[429, 500, 502, 503, 504].map((status): [string, Fault] => [`${status}`, faults.status(status)]),
		["a reset", faults.reset()],
		["a reset after the commit", faults.reset("after-commit")],
		["half an answer", faults.truncatedJson()],
	])("sends one submission when that is answered with %s", async (_what, fault) => {
		for (const service of await generateEverywhere(fault)) expect(service.posts).toBe(1);
	});

	it("has no fetch of its own, contacts nobody but this machine, and leaves no rejection unhandled", async () => {
		const unhandled: unknown[] = [];
		const addresses = new Set<string | undefined>();
		const onUnhandled = (reason: unknown) => unhandled.push(reason);
		const onSocket = (message: unknown) => {
			const { socket } = message as { socket: Socket };
			socket.once("connect", () => addresses.add(socket.remoteAddress));
		};
		vi.stubGlobal("fetch", () => {
			throw new TypeError("the global fetch was used");
		});
		process.on("unhandledRejection", onUnhandled);
		diagnostics.subscribe("net.client.socket", onSocket);
		try {
			for (const service of await generateEverywhere()) expect(service.looks).toBeGreaterThanOrEqual(3);
			await generateEverywhere(faults.status(503));
			await new Promise((resolveSoon) => realSetTimeout(resolveSoon, 5));
		} finally {
			process.off("unhandledRejection", onUnhandled);
			diagnostics.unsubscribe("net.client.socket", onSocket);
		}
		expect(unhandled).toEqual([]);
		expect([...addresses]).toEqual(["127.0.0.1"]);
	});

	it("starts no timer, and so none that lets the process end", async () => {
		const starters: string[] = [];
		for (const name of ["setTimeout", "setInterval", "setImmediate"] as const) {
			const real = globalThis[name] as (...values: unknown[]) => unknown;
			vi.stubGlobal(name, (...values: unknown[]) => {
				starters.push(new Error("started").stack ?? "");
				return real(...values);
			});
		}
		await generateEverywhere();
		expect(starters.filter((stack) => stack.includes("@huggingface"))).toEqual([]);
	});
});

describe("the SDK, in a process of its own,", () => {
	const index = join(resolve("."), "providers/huggingface/index.ts");
	const secret = join(resolve("."), "src/errors/index.ts");

	/** Runs a script that has `provider` and `start`, and returns what it prints as JSON. */
	function run(script: string, env: Readonly<Record<string, string>> = {}): unknown {
		const prelude = `
			import { registerHooks } from "node:module";
			const read = new Set();
			process.env = new Proxy(process.env, { get: (env, name) => (read.add(String(name)), Reflect.get(env, name)) });
			const loaded = new Set();
			registerHooks({ load(url, context, next) { loaded.add(url); return next(url, context); } });
			const hasSdk = () => [...loaded].some((url) => url.includes("@huggingface/inference"));
			const { createHuggingfaceProvider } = await import(${JSON.stringify(index)});
			const { Secret } = await import(${JSON.stringify(secret)});
			const provider = createHuggingfaceProvider({ credentials: { HF_TOKEN: new Secret(${JSON.stringify(TOKEN)}) }, variables: {} });
			const sent = [];
			const fetch = async (url, { headers = {} }) => {
				sent.push([String(url), new Headers(headers).get("authorization")]);
				return Response.json(sent.length === 1 ? { inferenceProviderMapping: [${JSON.stringify(mapping("fal-ai", "text-to-video"))}] } : { request_id: "r-1" });
			};
			const request = ${JSON.stringify(asked(MODEL))};
			const start = () => provider.start(request, { jobId: "j", idempotencyKey: "k", recordMark: async () => {}, signal: new AbortController().signal, fetch });
		`;
		const command = ["--input-type=module", "--eval", prelude + script];
		return JSON.parse(execFileSync(process.execPath, command, { encoding: "utf8", env: { ...process.env, ...env } }));
	}

	it("is loaded by the first submission, and by nothing before", () => {
		const script = `
			provider.models(); provider.model("owner/name"); await provider.check();
			await provider.status({ at: "?" }, { fetch }).catch(() => undefined);
			const before = hasSdk();
			await start();
			console.log(JSON.stringify([before, hasSdk()]));`;
		expect(run(script)).toEqual([false, true]);
	});

	it("goes where it always goes, whatever the environment says", () => {
		const names = [
			"HF_TOKEN",
			"HF_ENDPOINT",
			"HF_HUB_URL",
			"HF_ROUTER_URL",
			"HF_INFERENCE_ENDPOINT",
			"HF_HUB_ENDPOINT",
		];
		const env = Object.fromEntries(names.map((name) => [name, "http://127.0.0.1:9/elsewhere"]));
		const script = `await start(); console.log(JSON.stringify({ sent, read: [...read].filter((name) => /^(HF|HUGG|FAL|INFERENCE)/i.test(name)) }));`;
		expect(run(script, env)).toEqual({
			sent: [
				[`https://huggingface.co/api/models/${MODEL}?expand[]=inferenceProviderMapping`, `Bearer ${TOKEN}`],
				["https://router.huggingface.co/fal-ai/fal-ai/wan/v2.2-5b/text-to-video?_subdomain=queue", `Bearer ${TOKEN}`],
			],
			read: [],
		});
	});
});

describe("the SDK's own way to a video, which is why it only builds requests,", () => {
	const answers = (status: number, json: unknown) => async (url: string | URL | Request) =>
		String(url).includes("/api/models/")
			? Response.json({
					inferenceProviderMapping: [mapping("fal-ai", "text-to-video"), mapping("fal-ai", "image-to-video")],
				})
			: Response.json(json, { status });

	it("submits again and again on 503", async () => {
		const { InferenceClient } = await import("@huggingface/inference");
		let posts = 0;
		const send = async (url: string | URL | Request) => {
			if (!String(url).includes("/api/models/") && ++posts > 20) throw new TypeError("enough");
			return answers(503, {})(url);
		};
		const client = new InferenceClient(TOKEN);
		const args = { provider: "fal-ai", model: "guard/retries", inputs: "Waves" } as const;
		await client.textToVideo(args, { fetch: send }).catch(() => undefined);
		expect(posts).toBe(21);
		posts = 0;
		await client.textToVideo(args, { fetch: send, retry_on_error: false }).catch(() => undefined);
		expect(posts).toBe(1);
	});

	it("polls through the global fetch, on a timer that keeps no process alive", async () => {
		const { InferenceClient } = await import("@huggingface/inference");
		let unreferenced = 0;
		let starter = "";
		const asked: string[] = [];
		vi.stubGlobal("setTimeout", (callback: () => void) => {
			const timer = realSetTimeout(callback, 0);
			starter = new Error("started").stack ?? "";
			return Object.assign(timer, { unref: () => ++unreferenced });
		});
		vi.stubGlobal("fetch", async (url: string) => {
			asked.push(url);
			throw new TypeError("no");
		});
		const submitted = { request_id: "r-1", status: "IN_QUEUE", response_url: "https://queue.fal.run/a/b/requests/r-1" };
		const args = { provider: "fal-ai", model: "guard/polls", inputs: "Waves" } as const;
		const made = new InferenceClient(TOKEN).textToVideo(args, { fetch: answers(200, submitted) });
		await expect(made).rejects.toThrow("no");
		expect(asked).toEqual(["https://router.huggingface.co/fal-ai/a/b/requests/r-1/status?_subdomain=queue"]);
		expect(unreferenced).toBe(1);
		expect(starter).toContain("@huggingface");
	});

	it("throws errors with the whole prompt in them", async () => {
		const { InferenceClient } = await import("@huggingface/inference");
		const args = { provider: "fal-ai", model: "guard/errors", inputs: "Waves at dawn" } as const;
		const made = new InferenceClient(TOKEN).textToVideo(args, { fetch: answers(422, { detail: "no" }) });
		await expect(made).rejects.toMatchObject({ httpRequest: { body: { prompt: "Waves at dawn" } } });
	});
});
