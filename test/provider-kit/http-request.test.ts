import { inspect } from "node:util";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { CallContext, Fetch } from "../../src/provider/index.ts";
import {
	ContentRefusedError,
	type HttpRequest,
	joinUrl,
	lookRequest,
	maxEchoBytes,
	prepareRequest,
	submitRequest,
} from "../../src/provider-kit/index.ts";
import {
	createScriptedService,
	type Fault,
	faults,
	type ScriptedService,
	TINY_IMAGE,
} from "../../src/testing/index.ts";

const KEY = "s3cr3t-0123456789";
const url = joinUrl("https://a.example/v1", "jobs");
const headers = { authorization: `Bearer ${KEY}` };

/** A context whose every request gets this answer. */
function answering(
	body: string | null,
	init: ResponseInit = {},
): CallContext & { readonly sent: [unknown, RequestInit | undefined][] } {
	const sent: [unknown, RequestInit | undefined][] = [];
	const fetch: Fetch = async (input, request) => {
		sent.push([input, request]);
		return new Response(body, init);
	};
	return { fetch, signal: new AbortController().signal, sent };
}

/** What a call throws. */
async function thrownBy(call: Promise<unknown>): Promise<Error & { readonly [field: string]: unknown }> {
	return call.then(
		() => expect.fail("it should have thrown"),
		(error) => error,
	);
}

async function scripted(...script: readonly Fault[]): Promise<{ service: ScriptedService; request: HttpRequest }> {
	const service = await createScriptedService({ apiKey: KEY });
	onTestFinished(() => service.close());
	service.next("submit", ...script);
	return { service, request: { url: joinUrl(service.baseUrl, "jobs"), headers, body: { prompt: "Waves" } } };
}

const real: CallContext = { fetch: globalThis.fetch, signal: new AbortController().signal };

describe("a submission's request", () => {
	it("sends JSON with its type, and what is no JSON as it is", async () => {
		const context = answering("{}");
		const form = new FormData();
		const bytes = new Uint8Array([1, 2]);
		for (const body of [{ seed: 0, audio: false, text: "", fps: undefined }, ["a"], 0, form, bytes, "text"]) {
			await submitRequest(context, { url, headers, body });
		}
		expect(context.sent.map(([, init]) => init?.body)).toEqual([
			'{"seed":0,"audio":false,"text":""}',
			'["a"]',
			"0",
			form,
			bytes,
			"text",
		]);
		const types = context.sent.map(([, init]) => new Headers(init?.headers).get("content-type"));
		expect(types).toEqual([...Array(3).fill("application/json"), null, null, null]);
		expect(context.sent[0]?.[1]).toMatchObject({ method: "POST", redirect: "manual", signal: context.signal });
	});

	it("leaves the headers as they were given", async () => {
		const context = answering("{}");
		const own = { "Content-Type": "application/vnd.a+json", Accept: "*/*", ...headers };
		await submitRequest(context, { url, method: "PUT", headers: own, body: {} });
		const [[, init] = []] = context.sent;
		expect(init?.method).toBe("PUT");
		const types = { "content-type": "application/vnd.a+json", accept: "*/*" };
		expect(init?.headers).toEqual({ authorization: `Bearer ${KEY}`, ...types });
	});

	it("adds its query to that of the URL, and leaves the URL as it is", async () => {
		const context = answering("{}");
		const asked = new URL("https://a.example/jobs?key=a&n=0");
		await submitRequest(context, { url: asked, query: { n: "1", "x y": "&", none: undefined } });
		expect(String(context.sent[0]?.[0])).toBe("https://a.example/jobs?key=a&n=1&x+y=%26");
		expect(asked.search).toBe("?key=a&n=0");
	});

	it("may be answered with itself, pictures included", () => {
		const request = { task: "image-to-video", model: "m", prompt: "Waves", providerOptions: {} } as const;
		const image = { ...TINY_IMAGE, data: new Uint8Array(1_000) };
		expect(maxEchoBytes(request)).toBe(4 * 1024 * 1024);
		expect(maxEchoBytes({ ...request, image, lastFrame: image, references: [image] })).toBe(4 * 1024 * 1024 + 6_000);
	});

	it("gives the answer back with its status and headers", async () => {
		const answer = await submitRequest(answering('{"id":"a"}', { status: 202, headers: { "x-a": "b" } }), { url });
		expect([answer.status, answer.headers.get("x-a"), answer.json]).toEqual([202, "b", { id: "a" }]);
	});

	it("that is refused says why in one line, without the key", async () => {
		const body = JSON.stringify({ error: { message: `prompt\n is too long\u202e for ${KEY}` } });
		const init = { status: 422, headers: { "x-request-id": "req_7" } };
		const error = await thrownBy(submitRequest(answering(body, init), { url, headers }));
		expect(error).toMatchObject({
			code: "provider_error",
			billed: "no",
			retryable: false,
			phase: "submit",
			status: 422,
			requestId: "req_7",
			message: "POST https://a.example/v1/jobs answered 422: prompt is too long for [secret]",
		});
		expect(inspect(error)).not.toContain(KEY);
	});

	it("that is refused keeps the answer without the key, however the service escapes it", async () => {
		const key = "AbCd/EfGh+1234";
		const body = '{"error":{"message":"no AbCd\\/EfGh\\u002b1234"}}';
		const request = { url, headers: { authorization: `Key ${key}` } };
		const error = await thrownBy(submitRequest(answering(body, { status: 422 }), request));
		expect(error).toMatchObject({ body: '{"error":{"message":"no [secret]"}}' });
		expect(error.message).toMatch(/: no \[secret\]$/);
	});

	it.each([
		[400, "provider_error", false],
		[401, "authentication", false],
		[402, "quota_exceeded", false],
		[403, "authentication", false],
		[404, "model_not_found", false],
		[413, "provider_error", false],
		[429, "rate_limited", true],
		[503, "provider_error", true],
		[410, "provider_error", false],
	])("with status %i is rejected as %s", async (status, code, retryable) => {
		const request = { url, rejectedStatuses: [503, 410] };
		const error = await thrownBy(submitRequest(answering("no", { status }), request));
		expect(error).toMatchObject({ code, retryable, billed: "no" });
		expect(error.message).toContain(`answered ${status}: no`);
	});

	it.each([
		['{"detail":"too long"}', "too long"],
		['{"detail":[{"loc":["body"],"msg":"field required"}]}', "field required"],
		['{"error":"out of memory"}', "out of memory"],
		['{"title":"Invalid","status":422}', "Invalid"],
		['{"message":"","title":"Invalid"}', "Invalid"],
		["plain text", "plain text"],
		["", ""],
	])("finds the reason in %s", async (body, reason) => {
		const error = await thrownBy(submitRequest(answering(body, { status: 400 }), { url }));
		expect(error.message).toBe(`POST https://a.example/v1/jobs answered 400${reason === "" ? "" : `: ${reason}`}`);
	});

	it("shows no query, and no more than the start of a long reason", async () => {
		const asked = new URL("https://a.example/v1/jobs?key=abc#d");
		const error = await thrownBy(submitRequest(answering("x".repeat(5_000), { status: 400 }), { url: asked }));
		expect(error.message).not.toContain("key=");
		expect(error.message.length).toBeLessThan(400);
		expect(String(error["body"]).length).toBe(2_000);
	});

	it("lets the adapter say more of a refusal, and of nothing else", async () => {
		const request = { url, explain: () => new ContentRefusedError("refused", { phase: "submit" }) };
		expect(await thrownBy(submitRequest(answering("{}", { status: 422 }), request))).toMatchObject({
			code: "content_refused",
			billed: "no",
		});
		expect(await thrownBy(submitRequest(answering("{}", { status: 500 }), request))).toMatchObject({
			code: "provider_error",
			billed: "unknown",
		});
	});

	it.each([300, 301, 307, 308, 408, 409, 410, 418, 425, 500, 502, 503, 504, 520])(
		"with status %i may have been accepted",
		async (status) => {
			const error = await thrownBy(submitRequest(answering("{}", { status }), { url, headers }));
			expect(error).toMatchObject({ code: "provider_error", billed: "unknown", retryable: false, status });
		},
	);

	it.each([
		["a page", "<!doctype html>", /is not JSON \(<!doctype html>\)/],
		["nothing", "", /is not JSON$/],
		["half", '{"id":', /is not JSON/],
		["two ids", '{"id":"a","id":"b"}', /has a name twice/],
	])("that is answered with %s may have been accepted", async (_what, body, message) => {
		const error = await thrownBy(submitRequest(answering(body), { url, headers }));
		expect(error).toMatchObject({ billed: "unknown", message: expect.stringMatching(message) });
	});

	it("that is answered with broken UTF-8 may have been accepted", async () => {
		const fetch: Fetch = async () => new Response(new Uint8Array([0x22, 0xff, 0x22]));
		const error = await thrownBy(submitRequest({ ...real, fetch }, { url }));
		expect(error).toMatchObject({ billed: "unknown", message: expect.stringContaining("is not UTF-8") });
	});

	it("stops reading where the answer grows too large", async () => {
		let pulled = 0;
		const endless = () =>
			new ReadableStream<Uint8Array>({
				pull: (controller) => {
					pulled++;
					controller.enqueue(new Uint8Array(65_536).fill(0x20));
				},
			});
		const fetch: Fetch = async () => new Response(endless());
		const error = await thrownBy(submitRequest({ ...real, fetch }, { url }));
		expect(error).toMatchObject({ billed: "unknown", message: expect.stringContaining("larger than 4194304 bytes") });
		expect(pulled).toBeLessThan(70);
		await thrownBy(submitRequest({ ...real, fetch: async () => new Response(endless(), { status: 400 }) }, { url }));
		expect(pulled).toBeLessThan(76);
	});

	it("whose answer breaks off may have been accepted, though its JSON is whole", async () => {
		const cut = new ReadableStream({
			start: (controller) => controller.enqueue(new TextEncoder().encode('{"id":"a"}')),
			pull: (controller) => controller.error(new TypeError("terminated")),
		});
		const error = await thrownBy(submitRequest({ ...real, fetch: async () => new Response(cut) }, { url }));
		expect(error).toMatchObject({ billed: "unknown", cause: { message: "terminated" } });
		expect(error.message).toContain('answered 200, and the answer was cut ({"id":"a"})');
	});

	it("keeps a refusal whose body is cut", async () => {
		const fetch: Fetch = async () =>
			new Response(new ReadableStream({ start: (c) => c.error(new Error("cut")) }), { status: 400 });
		expect(await thrownBy(submitRequest({ ...real, fetch }, { url }))).toMatchObject({ billed: "no", status: 400 });
	});

	it("whose answer never comes keeps the cause, and is sent once", async () => {
		const { service, request } = await scripted(faults.reset("after-commit"));
		const error = await thrownBy(submitRequest(real, request));
		expect(error).toMatchObject({ code: "provider_error", billed: "unknown", retryable: false });
		expect(error.message).toBe(`POST ${service.baseUrl}/jobs got no answer: fetch failed: ECONNRESET`);
		expect(error.cause).toMatchObject({ message: "fetch failed", cause: { code: "ECONNRESET" } });
		expect([service.posts, service.billed]).toEqual([1, 1]);
	});

	it("that was cancelled before is not sent", async () => {
		const context = { ...answering("{}"), signal: AbortSignal.abort() };
		expect(await thrownBy(submitRequest(context, { url }))).toMatchObject({ code: "cancelled", billed: "no" });
		expect(context.sent).toEqual([]);
	});

	it.each([`${KEY}\n`, `${KEY}\r\nx: y`, "schlüssel"])("with the key %j is refused before it is sent", async (key) => {
		const context = answering("{}");
		const error = await thrownBy(submitRequest(context, { url, headers: { "x-api-key": key } }));
		expect(error).toMatchObject({ code: "configuration", billed: "no" });
		expect(error.message).toContain("x-api-key");
		expect(error.message).not.toContain(key.trim());
		expect(context.sent).toEqual([]);
	});

	it("takes the server's own clock for a date to wait for", async () => {
		const dates = { date: "Wed, 21 Oct 2015 07:28:00 GMT", "retry-after": "Wed, 21 Oct 2015 07:28:09 GMT" };
		const error = await thrownBy(submitRequest(answering("", { status: 429, headers: dates }), { url }));
		expect(error["retryAfterMs"]).toBe(9_000);
	});

	it("has no request id that could be the key, or break a line", async () => {
		for (const id of [KEY, "a b", "x".repeat(200)]) {
			const init = { status: 400, headers: { "x-request-id": id } };
			expect((await thrownBy(submitRequest(answering("", init), { url, headers })))["requestId"]).toBeUndefined();
		}
	});
});

describe("a look's request", () => {
	it("may be answered with nothing", async () => {
		const answer = await lookRequest(answering(null, { status: 204 }), { url });
		expect([answer.status, answer.json]).toEqual([204, undefined]);
		expect((await lookRequest(answering("", { status: 202 }), { url })).json).toBeUndefined();
	});

	it.each([
		[401, "authentication"],
		[403, "authentication"],
		[404, "operation_not_found"],
		[410, "operation_not_found"],
		[429, "rate_limited"],
		[302, "provider_error"],
		[400, "provider_error"],
		[500, "provider_error"],
		[503, "provider_error"],
	])("with status %i is %s, and says nothing about money", async (status, code) => {
		const init = { status, headers: { "retry-after": "7" } };
		const error = await thrownBy(lookRequest(answering('{"error":"no"}', init), { url, headers }));
		expect(error).toMatchObject({ code, phase: "poll", billed: "unknown", retryAfterMs: 7_000 });
		expect(error["retryable"]).toBe(code === "rate_limited" || code === "provider_error");
	});

	it("reads the statuses that the adapter knows how to read, when they are JSON", async () => {
		const request = { url, readableStatuses: [500] };
		const answer = await lookRequest(answering('{"status":"failed"}', { status: 500 }), request);
		expect(answer).toMatchObject({ status: 500, json: { status: "failed" } });
		expect(await thrownBy(lookRequest(answering("<html>", { status: 500 }), request))).toMatchObject({ status: 500 });
		expect(await thrownBy(lookRequest(answering("{}", { status: 502 }), request))).toMatchObject({ status: 502 });
	});

	it.each(["<!doctype html>", '{"state":'])("answered with %s is taken again", async (body) => {
		const error = await thrownBy(lookRequest(answering(body), { url }));
		expect(error).toMatchObject({ code: "provider_error", phase: "poll", retryable: true });
	});

	it("takes the last of two equal names, as every reader does", async () => {
		expect((await lookRequest(answering('{"a":1,"a":2}'), { url })).json).toEqual({ a: 2 });
	});

	it("rejects with the reason of its signal", async () => {
		const { service } = await scripted();
		service.every("list", faults.hang());
		const controller = new AbortController();
		const context = { ...real, signal: controller.signal };
		const request = { url: joinUrl(service.baseUrl, "jobs"), headers };
		const look = lookRequest(context, request);
		await vi.waitFor(() => expect(service.requests.length).toBe(1), { interval: 1 });
		controller.abort("enough");
		await expect(look).rejects.toBe("enough");
		await expect(lookRequest(context, request)).rejects.toBe("enough");
		expect(service.requests.length).toBe(1);
	});
});

describe("a request before the submission", () => {
	it.each([
		[400, "provider_error", false],
		[401, "authentication", false],
		[404, "model_not_found", false],
		[429, "rate_limited", true],
		[500, "provider_error", true],
	])("with status %i is %s, and nothing was billed", async (status, code, retryable) => {
		const error = await thrownBy(prepareRequest(answering("", { status }), { url, headers }));
		expect(error).toMatchObject({ code, retryable, billed: "no", phase: "submit" });
	});

	it("that got no answer, or no JSON, may be sent again", async () => {
		const fetch: Fetch = async () => Promise.reject(new TypeError("fetch failed"));
		const free = { billed: "no", retryable: true };
		expect(await thrownBy(prepareRequest({ ...real, fetch }, { url }))).toMatchObject(free);
		expect(await thrownBy(prepareRequest(answering("<p>"), { url }))).toMatchObject(free);
	});

	it("that was cancelled cost nothing", async () => {
		const signal = AbortSignal.abort();
		expect(await thrownBy(prepareRequest({ ...answering("{}"), signal }, { url }))).toMatchObject({
			code: "cancelled",
			billed: "no",
		});
	});
});
