import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { inspect } from "node:util";
import { GoogleGenAI } from "@google/genai";
import { afterEach, describe, expect, it, vi } from "vitest";
import { captureRequest, writeCancel, writeCreate, writeGet } from "../../../providers/google/sdk.ts";
import { startContext } from "../../../src/testing/trial.ts";
import { answering, asked, google } from "./support.ts";

const KEY = "canary-of-the-guards";
const ENVIRONMENT: Readonly<Record<string, string>> = {
	GOOGLE_GEMINI_BASE_URL: "https://elsewhere.example",
	GOOGLE_VERTEX_BASE_URL: "https://elsewhere.example",
	GOOGLE_GENAI_API_VERSION: "v9",
	GOOGLE_GENAI_USER_PROJECT: "somebody-else",
	GOOGLE_GENAI_API_KEY: "key-of-the-environment",
	GOOGLE_GENAI_ACCESS_TOKEN: "token-of-the-environment",
	GOOGLE_API_KEY: "key-of-the-environment",
	GEMINI_API_KEY: "key-of-the-environment",
	GOOGLE_CLOUD_PROJECT: "project-of-the-environment",
	GOOGLE_CLOUD_LOCATION: "location-of-the-environment",
};
const FLAGS = ["GOOGLE_GENAI_USE_VERTEXAI", "GOOGLE_GENAI_USE_ENTERPRISE"];
const place = { base: "https://generativelanguage.googleapis.com", version: "v1", isVertex: false };
const model = "gemini-omni-1.2-flash";

afterEach(() => vi.unstubAllEnvs());

describe("the SDK under a hostile environment", () => {
	it.each<[string, Readonly<Record<string, string>>, string]>([
		["the Gemini API", { GEMINI_API_KEY: KEY }, "https://generativelanguage.googleapis.com/v1/"],
		[
			"a gateway",
			{ GEMINI_API_KEY: KEY, GOOGLE_BASE_URL: "https://gateway.example/g" },
			"https://gateway.example/g/v1/",
		],
		[
			"Vertex",
			{ GOOGLE_VERTEX_API_KEY: KEY, GOOGLE_CLOUD_PROJECT: "p-1", GOOGLE_CLOUD_LOCATION: "europe-west4" },
			"https://europe-west4-aiplatform.googleapis.com/v1beta1/projects/p-1/locations/europe-west4/",
		],
		["the express mode of Vertex", { GOOGLE_VERTEX_API_KEY: KEY }, "https://aiplatform.googleapis.com/v1beta1/"],
	])("writes what it is configured for: %s", async (_what, variables, base) => {
		const isVertex = base.includes("aiplatform");
		for (const [name, value] of Object.entries(ENVIRONMENT)) vi.stubEnv(name, value);
		for (const name of FLAGS) vi.stubEnv(name, String(!isVertex));
		const said = [vi.spyOn(console, "debug"), vi.spyOn(console, "warn"), vi.spyOn(console, "log")];
		const { fetch, seen } = answering({ id: "v1_a", status: "in_progress" });
		const provider = google(variables);
		const context = { ...startContext(), fetch };
		const { handle } = await provider.start(asked(model), context);
		await provider.status(handle, context);
		await provider.cancel?.(handle, context);
		expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
			`POST ${base}interactions`,
			`GET ${base}interactions/v1_a?stream=false`,
			`POST ${base}interactions/v1_a/cancel`,
		]);
		expect(inspect(seen, { depth: 9 })).not.toMatch(/environment|somebody-else|elsewhere/);
		for (const { headers } of seen) {
			const ours = Object.keys(headers).filter((name) => !/^(?:accept|content-type)$/.test(name));
			expect(ours).toEqual(["x-goog-api-key"]);
			expect(headers["x-goog-api-key"]).toBe(KEY);
		}
		for (const spy of said) expect(spy).not.toHaveBeenCalled();
	});

	it("would go astray if it were left to itself, or this test proves nothing", async () => {
		for (const [name, value] of Object.entries(ENVIRONMENT)) vi.stubEnv(name, value);
		vi.spyOn(console, "debug").mockReturnValue();
		vi.spyOn(console, "warn").mockReturnValue();
		const { url } = await captureRequest((fetch) =>
			new GoogleGenAI({ apiKey: KEY, httpOptions: { fetch } }).interactions.get("v1_a"),
		);
		expect(url).toMatch(/^https:\/\/elsewhere\.example\/v9/);
	});
});

describe("the SDK", () => {
	it.each([408, 409, 429, 500, 503])(
		"sends nothing again after status %i: the service sees one submission",
		async (status) => {
			const { fetch, seen } = answering({ error: { code: status, message: "no" } }, { status });
			const started = google({ GEMINI_API_KEY: KEY }).start(asked(model), { ...startContext(), fetch });
			await expect(started).rejects.toMatchObject({ billed: status === 429 ? "no" : "unknown" });
			expect(seen).toHaveLength(1);
		},
	);

	it("asks its own fetch for one request in each call", async () => {
		const asks: string[] = [];
		for (const write of [
			() => writeCreate(place, { model }),
			() => writeGet(place, "v1_a"),
			() => writeCancel(place, "v1_a"),
		]) {
			const { method, url } = await write();
			asks.push(`${method} ${url.pathname}`);
		}
		expect(asks).toEqual(["POST /v1/interactions", "GET /v1/interactions/v1_a", "POST /v1/interactions/v1_a/cancel"]);
		let requests = 0;
		const fetch: typeof globalThis.fetch = async () => {
			requests++;
			return Response.json({ error: { message: "no" } }, { status: 500 });
		};
		const client = new GoogleGenAI({ apiKey: KEY, vertexai: false, httpOptions: { fetch } });
		await client.interactions.create({ model, input: "Waves" }, { maxRetries: 0 }).catch(() => undefined);
		expect(requests).toBe(1);
	});

	it("is not followed to another address, should it write one", async () => {
		class Astray {
			readonly interactions: object;
			constructor({ httpOptions: { fetch } }: { readonly httpOptions: { readonly fetch: typeof globalThis.fetch } }) {
				this.interactions = { get: () => fetch("https://elsewhere.example/v1/interactions/v1_a") };
			}
		}
		vi.resetModules();
		vi.doMock("@google/genai", () => ({ GoogleGenAI: Astray }));
		const { writeGet: write } = await import("../../../providers/google/sdk.ts");
		await expect(write(place, "v1_a")).rejects.toMatchObject({ code: "configuration", billed: "no" });
		vi.doUnmock("@google/genai");
		vi.resetModules();
	});

	it("changes nothing in the body that it is given, unknown fields included", async () => {
		const body = { model, input: [], background: true, seed: 0, text: "", flag: false, none: null, "reelay-test": [0] };
		const { body: written, headers } = await writeCreate(place, body);
		expect(JSON.parse(String(written))).toEqual(body);
		expect(headers).toEqual({ "content-type": "application/json" });
	});

	it("encodes an id, so that it reaches no other address", async () => {
		expect((await writeGet(place, "../admin?a=b#c")).url.pathname).toBe("/v1/interactions/..%2Fadmin%3Fa%3Db%23c");
	});

	it("leaves no timer behind, and no rejection that nobody handles", async () => {
		const unhandled: unknown[] = [];
		const note = (reason: unknown) => unhandled.push(reason);
		process.on("unhandledRejection", note);
		const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
		const before = timers();
		const fetch = () => Promise.reject(new TypeError("fetch failed"));
		const provider = google({ GEMINI_API_KEY: KEY });
		const context = { ...startContext(), fetch };
		await provider.start(asked(model), context).catch(() => undefined);
		await provider.status({ via: "gemini", id: "v1_a" }, context).catch(() => undefined);
		await new Promise((resolve) => setImmediate(resolve));
		process.off("unhandledRejection", note);
		expect(unhandled).toEqual([]);
		expect(timers()).toBeLessThanOrEqual(before);
	});

	it("is loaded by the first request, and not by the provider", () => {
		const provider = join(import.meta.dirname, "../../../providers/google/index.ts");
		const script = `
			import { registerHooks } from "node:module";
			let loaded = 0;
			registerHooks({ load(url, context, next) { loaded += url.includes("@google/genai"); return next(url, context); } });
			const { createGoogleProvider } = await import(${JSON.stringify(provider)});
			const key = { reveal: () => "key-for-tests" };
			const google = createGoogleProvider({ credentials: { GEMINI_API_KEY: key }, variables: { GOOGLE_CLOUD_PROJECT: "p-1" } });
			google.models();
			google.adopt("v1_a", "gemini-omni-1.2-flash");
			await google.check();
			const before = loaded;
			const fetch = async () => Response.json({ status: "queued" });
			await google.status({ via: "gemini", id: "v1_a" }, { fetch, signal: new AbortController().signal });
			console.log(JSON.stringify([before, loaded > 0]));`;
		const output = execFileSync(process.execPath, ["--input-type=module", "--eval", script], { encoding: "utf8" });
		expect(JSON.parse(output)).toEqual([0, true]);
	});
});

describe("an error", () => {
	it.each(["start", "status", "cancel"] as const)(
		"of %s holds nothing of the SDK, the key or the request",
		async (call) => {
			const secret = "photo-of-somebody".repeat(9);
			const failure = Object.assign(new TypeError(`failed with ${KEY}`), {
				request: { headers: { key: KEY }, secret },
			});
			const context = { ...startContext(), fetch: () => Promise.reject(failure) };
			const provider = google({ GEMINI_API_KEY: KEY });
			const handle = { via: "gemini", id: "v1_a" };
			const calls = {
				start: () => provider.start(asked(model, { prompt: secret }), context),
				status: () => provider.status(handle, context),
				cancel: async () => provider.cancel?.(handle, context),
			};
			const error: unknown = await calls[call]().catch((thrown: unknown) => thrown);
			const printed = `${inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })}${JSON.stringify(error)}`;
			expect(error).toMatchObject({ code: "provider_error" });
			expect(printed).not.toContain(KEY);
			expect(printed).not.toContain(secret);
			expect(printed).not.toMatch(/APIConnectionError|GaxiosError|genai/);
		},
	);
});
