import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import type { JsonObject } from "../../src/provider/index.ts";
import {
	createScriptedService,
	faults,
	type ScriptedService,
	type ScriptedServiceOptions,
	type ServiceDialect,
	TINY_VIDEO,
} from "../../src/testing/index.ts";

const KEY = "studio-key";

class Client {
	readonly service: ScriptedService;

	constructor(service: ScriptedService) {
		this.service = service;
	}

	submit(body: JsonObject = {}, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
		return fetch(`${this.service.baseUrl}/jobs`, {
			method: "POST",
			headers: { authorization: `Bearer ${KEY}`, ...headers },
			body: JSON.stringify(body),
			redirect: "manual",
		});
	}

	get(path: string): Promise<Response> {
		return fetch(`${this.service.baseUrl}${path}`, { headers: { authorization: `Bearer ${KEY}` }, redirect: "manual" });
	}

	async json(path: string): Promise<unknown> {
		return (await this.get(path)).json();
	}
}

async function start(options: ScriptedServiceOptions = {}): Promise<Client> {
	const service = await createScriptedService({ apiKey: KEY, ...options });
	onTestFinished(() => service.close());
	return new Client(service);
}

/** How a request ended: its status and text, or the code of what went wrong. */
async function ending(call: Promise<Response>): Promise<unknown> {
	return call
		.then(async (response) => [response.status, await response.text()])
		.catch((error: Error) => (error.cause as { readonly code?: string } | undefined)?.code ?? error.name);
}

describe("the scripted service", () => {
	it("takes a job through its states, and serves a video at the end", async () => {
		const client = await start();
		const accepted = await client.submit({ prompt: "Waves", client_reference: "job_x" });
		const id = "job_00000001";
		expect([accepted.status, await accepted.json()]).toEqual([201, { id, state: "queued", client_reference: "job_x" }]);
		expect(await client.json(`/jobs/${id}`)).toMatchObject({ state: "queued", queue_position: 1 });
		expect(await client.json(`/jobs/${id}`)).toMatchObject({ state: "running", progress: 0.5 });
		const done = (await client.json(`/jobs/${id}`)) as { readonly video: { readonly url: string } };
		const video = await fetch(done.video.url);
		expect(Buffer.from(await video.arrayBuffer()).equals(TINY_VIDEO)).toBe(true);
		const { posts, looks, cancels, downloads, billed } = client.service;
		expect({ posts, looks, cancels, downloads, billed }).toEqual({
			posts: 1,
			looks: 3,
			cancels: 0,
			downloads: 1,
			billed: 1,
		});
		expect(client.service.requests.map(({ call }) => call)).toEqual(["submit", "look", "look", "look", "result"]);
		expect(client.service.requests[0]?.request.headers["authorization"]).toBe(`Bearer ${KEY}`);
	});

	it("bills at its commit point and nowhere else", async () => {
		for (const [at, billed] of [
			["before-body", 0],
			["before-commit", 0],
			["after-commit", 1],
		] as const) {
			for (const fault of [faults.reset(at), faults.end(at), faults.status(500, {}, at), faults.html(at)]) {
				const client = await start();
				client.service.next("submit", fault);
				await ending(client.submit());
				expect([at, fault.does, client.service.billed, client.service.jobs.length]).toEqual([
					at,
					fault.does,
					billed,
					billed,
				]);
				expect(client.service.posts).toBe(at === "before-body" ? 0 : 1);
			}
		}
	});

	it("ends connections as it is told", async () => {
		const client = await start();
		client.service.next(
			"submit",
			faults.reset(),
			faults.end(),
			faults.cut(9),
			faults.cut(9, "reset"),
			faults.raw("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"),
		);
		expect(await ending(client.submit())).toBe("ECONNRESET");
		expect(await ending(client.submit())).toBe("UND_ERR_SOCKET");
		expect(await ending(client.submit())).toMatch(
			/^UND_ERR_(SOCKET|REQ_CONTENT_LENGTH_MISMATCH|RES_CONTENT_LENGTH_MISMATCH)$/,
		);
		expect(await ending(client.submit())).toMatch(/^(UND_ERR_SOCKET|ECONNRESET)$/);
		expect(await ending(client.submit())).toEqual([200, "{}"]);
		expect(await ending(client.submit())).toEqual([201, expect.stringContaining("job_00000003")]);
	});

	it("hangs until the client gives up, and then holds nothing open", async () => {
		const client = await start();
		client.service.next("list", faults.hang(), faults.cut(3, "hang"));
		for (const _again of [1, 2]) {
			const controller = new AbortController();
			const { requests } = client.service;
			const before = requests.length;
			const call = fetch(`${client.service.baseUrl}/jobs`, {
				headers: { authorization: `Bearer ${KEY}` },
				signal: controller.signal,
			}).then((response) => response.text());
			call.catch(() => undefined);
			while (requests.length === before) await turn();
			controller.abort();
			await expect(call).rejects.toThrow();
		}
		while (client.service.openSockets > 0) await turn();
	});

	it("drips its answer", async () => {
		const client = await start();
		client.service.next("list", faults.drip(1));
		let chunks = 0;
		for await (const _chunk of (await client.get("/jobs")).body ?? []) chunks++;
		expect(chunks).toBeGreaterThan(3);
	});

	it("answers with what is wrong in every other way", async () => {
		const client = await start();
		const wrong = [
			faults.truncatedJson(),
			faults.emptyObject(),
			faults.numericJobId(),
			faults.jobId("../../admin"),
			faults.jobId('a"b'),
			faults.duplicateNames("job_9"),
			faults.oversized(1_000),
			faults.status(429, { "retry-after": ["1", "2"] }),
			faults.redirect("http://127.0.0.1:9/x"),
		];
		client.service.next("submit", ...wrong);
		const answers: [number, string][] = [];
		const headers: Headers[] = [];
		for (const _fault of wrong) {
			const response = await client.submit();
			headers.push(response.headers);
			answers.push([response.status, await response.text()]);
		}
		expect(answers.slice(0, 6).map(([, text]) => text)).toEqual([
			'{"id":"job_00000001',
			"{}",
			'{"id":42,"state":"queued"}',
			'{"id":"../../admin","state":"queued"}',
			'{"id":"a\\"b","state":"queued"}',
			'{"id":"job_00000006","state":"queued","id":"job_9","state":"queued"}',
		]);
		expect(answers[6]?.[1].length).toBeGreaterThan(1_000);
		expect(JSON.parse(answers[6]?.[1] ?? "")).toMatchObject({ id: "job_00000007" });
		expect([answers[7]?.[0], headers[7]?.get("retry-after")]).toEqual([429, "1, 2"]);
		expect([answers[8]?.[0], headers[8]?.get("location")]).toEqual([307, "http://127.0.0.1:9/x"]);
		expect(client.service.billed).toBe(7);
	});

	it("gives each fault to one request, in order, and a standing one to all", async () => {
		const client = await start();
		client.service.next("list", faults.status(500), faults.pass());
		client.service.every("list", faults.status(503));
		const statuses = async () => {
			const response = await client.get("/jobs");
			await response.text();
			return response.status;
		};
		expect([await statuses(), await statuses(), await statuses(), await statuses()]).toEqual([500, 200, 503, 503]);
		client.service.every("list", undefined);
		expect(await statuses()).toBe(200);
	});

	it("refuses a request without its key, and makes nothing of it", async () => {
		const client = await start();
		for (const authorization of ["", "Bearer wrong", KEY]) {
			expect((await client.submit({}, { authorization })).status).toBe(401);
		}
		expect([client.service.posts, client.service.billed]).toEqual([3, 0]);
		expect((await client.get("/nothing")).status).toBe(404);
	});

	it.each([
		["none", [201, 201, 201], 3],
		["replay", [201, 201, 422], 1],
		["reject", [201, 409, 409], 1],
	] as const)("treats a repeated key as %s", async (idempotency, statuses, billed) => {
		const client = await start({ idempotency });
		const key = { "idempotency-key": "k" };
		const answers = [
			await client.submit({ a: 1 }, key),
			await client.submit({ a: 1 }, key),
			await client.submit({ a: 2 }, key),
		];
		expect(answers.map(({ status }) => status)).toEqual(statuses);
		expect(client.service.billed).toBe(billed);
		expect((await client.submit({}, { "idempotency-key": "other" })).status).toBe(201);
	});

	it("lists jobs, the newest first, or those of one client's id", async () => {
		const client = await start();
		for (const reference of ["a", "b", "a"]) await client.submit({ client_reference: reference });
		const ids = async (path: string) => {
			const { jobs } = (await client.json(path)) as { readonly jobs: readonly { readonly id: string }[] };
			return jobs.map(({ id }) => id.at(-1));
		};
		expect(await ids("/jobs")).toEqual(["3", "2", "1"]);
		expect(await ids("/jobs?client_reference=a")).toEqual(["3", "1"]);
	});

	it("charges nothing for what is cancelled, and for failures as it says", async () => {
		const client = await start();
		await client.submit();
		const url = `${client.service.baseUrl}/jobs/job_00000001/cancel`;
		await fetch(url, { method: "POST", headers: { authorization: `Bearer ${KEY}` } });
		expect(await client.json("/jobs/job_00000001")).toMatchObject({ state: "cancelled" });
		for (const [index, billed] of [false, true].entries()) {
			client.service.script({ state: "failed", failure: { kind: "internal", reason: "moon", billed } });
			await client.submit();
			expect(await client.json(`/jobs/job_0000000${index + 2}`)).toMatchObject({ error: { reason: "moon", billed } });
		}
		expect([client.service.cancels, client.service.billed]).toEqual([1, 1]);
	});

	it("shows what the script says: progress that falls, an end that was none, no video", async () => {
		const client = await start({
			views: [
				{ state: "running", progress: 0.9 },
				{ state: "running", progress: 0.2 },
				{ state: "succeeded", resultUrl: undefined },
				{ state: "mystery" },
			],
		});
		await client.submit();
		const seen = [];
		for (let look = 0; look < 5; look++) seen.push(await client.json("/jobs/job_00000001"));
		expect(seen).toEqual([
			{ id: "job_00000001", state: "running", progress: 0.9 },
			{ id: "job_00000001", state: "running", progress: 0.2 },
			{ id: "job_00000001", state: "succeeded" },
			{ id: "job_00000001", state: "mystery" },
			{ id: "job_00000001", state: "mystery" },
		]);
	});

	it("serves ranges of the video, while its URL has not expired", async () => {
		const client = await start({ views: [{ state: "succeeded" }] });
		await client.submit();
		const urlOf = async () => {
			const { video } = (await client.json("/jobs/job_00000001")) as { readonly video: { readonly url: string } };
			return video.url;
		};
		const url = await urlOf();
		const whole = await fetch(url);
		const etag = whole.headers.get("etag") ?? "";
		await whole.arrayBuffer();
		const size = TINY_VIDEO.byteLength;
		const range = async (headers: Readonly<Record<string, string>>) => {
			const response = await fetch(url, { headers });
			const { byteLength } = await response.arrayBuffer();
			return [response.status, response.headers.get("content-range"), byteLength];
		};
		expect(await range({ range: "bytes=10-" })).toEqual([206, `bytes 10-${size - 1}/${size}`, size - 10]);
		expect(await range({ range: "bytes=10-19", "if-range": etag })).toEqual([206, `bytes 10-19/${size}`, 10]);
		expect(await range({ range: "bytes=10-19", "if-range": '"old"' })).toEqual([200, null, size]);
		expect(await range({ range: `bytes=${size}-` })).toEqual([416, `bytes */${size}`, 0]);
		client.service.expireResults();
		expect((await fetch(url)).status).toBe(403);
		expect((await fetch(await urlOf())).status).toBe(200);
	});

	it("speaks any protocol that a dialect describes", async () => {
		const dialect: ServiceDialect = {
			route: ({ method, url }) => {
				if (url.pathname === "/models") return { call: "other", answer: { json: ["one"] } };
				if (method === "PUT") return { call: "submit" };
				return { call: "look", id: url.pathname.slice(1) };
			},
			credential: ({ headers }) => headers["x-key"],
			submitted: ({ id }) => ({ status: 202, headers: { "x-request-id": "r" }, json: { name: id } }),
			looked: ({ state }) => ({ json: { done: state === "succeeded" } }),
			refused: (status, reason) => ({ detail: `${status} ${reason}` }),
			jobId: (number) => `op-${number}`,
		};
		const { service } = await start({ dialect });
		const headers = { "x-key": KEY };
		const submitted = await fetch(`${service.baseUrl}/`, { method: "PUT", headers });
		expect([submitted.status, submitted.headers.get("x-request-id"), await submitted.json()]).toEqual([
			202,
			"r",
			{ name: "op-1" },
		]);
		expect(await (await fetch(`${service.baseUrl}/op-1`, { headers })).json()).toEqual({ done: false });
		expect(await (await fetch(`${service.baseUrl}/models`, { headers })).json()).toEqual(["one"]);
		expect(await (await fetch(`${service.baseUrl}/op-2`, { headers })).json()).toEqual({
			detail: "404 there is no such job",
		});
	});

	it("closes with everything that is open", async () => {
		const client = await start();
		client.service.next("submit", faults.hang());
		const call = ending(client.submit());
		while (client.service.posts === 0) await turn();
		expect(client.service.openSockets).toBeGreaterThan(0);
		await client.service.close();
		expect(client.service.openSockets).toBe(0);
		expect(await call).toMatch(/^(UND_ERR_SOCKET|ECONNRESET)$/);
	});
});
