import { createServer, type IncomingMessage, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createProviderHttp, type ProviderHttp, type SendingReport, watchSending } from "../../src/http/index.ts";

let http: ProviderHttp;
const closers: (() => void)[] = [];

beforeEach(() => {
	http = createProviderHttp({ submitTimeoutMs: 300, lookTimeoutMs: 300 });
});

afterEach(async () => {
	await http.close();
	for (const close of closers.splice(0)) close();
});

async function listen(server: Server | TcpServer): Promise<string> {
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	closers.push(() => {
		server.close();
		if ("closeAllConnections" in server) server.closeAllConnections();
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function textOf(request: IncomingMessage): Promise<string> {
	let text = "";
	for await (const chunk of request) text += chunk;
	return text;
}

/** A port that nobody listens on. */
async function closedPort(): Promise<string> {
	const server = createTcpServer();
	const url = await listen(server);
	await new Promise((resolve) => server.close(resolve));
	return url;
}

describe("a provider's requests", () => {
	it("go out on a fresh connection for each submission, and share some otherwise", async () => {
		const sockets = new Set<unknown>();
		const url = await listen(
			createServer((request, response) => {
				sockets.add(request.socket);
				request.resume().on("end", () => response.end("{}"));
			}),
		);
		for (let count = 0; count < 3; count++) await (await http.submit(url, { method: "POST", body: "x" })).text();
		expect(sockets.size).toBe(3);
		sockets.clear();
		for (let count = 0; count < 9; count++) await (await http.look(url)).text();
		expect(sockets.size).toBeLessThan(5);
	});

	it("follow no redirect, even when they are told to", async () => {
		let requests = 0;
		const url = await listen(
			createServer((request, response) => {
				requests++;
				request.resume();
				response.writeHead(307, { location: "/elsewhere" }).end();
			}),
		);
		const response = await http.submit(url, { method: "POST", body: "x", redirect: "follow" });
		expect([response.status, requests]).toEqual([307, 1]);
	});

	it("are not repeated when they are answered 421, which is handed on", async () => {
		let requests = 0;
		const url = await listen(
			createServer((request, response) => {
				requests++;
				request.resume().on("end", () => response.writeHead(421).end("{}"));
			}),
		);
		const response = await http.submit(url, { method: "POST", body: "x" });
		expect([response.status, await response.text(), requests]).toEqual([421, "", 1]);
	});

	it("carry forms and Request objects of Node's own fetch unchanged", async () => {
		const bodies: string[] = [];
		const url = await listen(
			createServer(async (request, response) => {
				bodies.push(`${request.method} ${request.headers["x-test"]} ${await textOf(request)}`);
				response.end("{}");
			}),
		);
		const form = new FormData();
		form.append("prompt", "é");
		form.append("image", new File([new Uint8Array([1, 2])], "a.png", { type: "image/png" }));
		await http.submit(url, { method: "POST", body: form, headers: { "x-test": "form" } });
		expect(bodies[0]).toContain("POST form");
		expect(bodies[0]).toContain('name="prompt"\r\n\r\né');
		expect(bodies[0]).toContain('filename="a.png"\r\nContent-Type: image/png');
		await http.look(new Request(url, { method: "PUT", body: "text", headers: { "x-test": "request" } }));
		expect(bodies[1]).toBe("PUT request text");
	});

	it("end when no answer begins in time", async () => {
		const url = await listen(createServer(() => undefined));
		await expect(http.submit(url, { method: "POST", body: "x" })).rejects.toMatchObject({
			cause: { code: "UND_ERR_HEADERS_TIMEOUT" },
		});
	});

	it("use the user's fetch when there is one, and tell it to follow no redirect", async () => {
		const seen: unknown[] = [];
		const given = createProviderHttp({ submitTimeoutMs: 1, lookTimeoutMs: 1 }, async (url, init) => {
			seen.push([url, init?.redirect]);
			return new Response("{}");
		});
		await given.submit("http://a/");
		await given.look("http://b/");
		expect(seen).toEqual([
			["http://a/", "manual"],
			["http://b/", "manual"],
		]);
	});
});

describe("what is known of a request that failed", () => {
	const refused = { failed: 1, sent: 0, unobserved: 0 };
	const lost = { failed: 1, sent: 1, unobserved: 0 };

	/** By each of the two ways in which a provider may send. */
	async function reportsFor(url: string): Promise<readonly SendingReport[]> {
		const reports: SendingReport[] = [];
		for (const send of [http.submit, globalThis.fetch]) {
			const call = async () => (await send(url, { method: "POST", body: "{}" })).text();
			await watchSending(call, (report) => void reports.push({ ...report })).catch(() => undefined);
		}
		return reports;
	}

	it("is that nothing was sent when the connection is refused", async () => {
		expect(await reportsFor(await closedPort())).toEqual([refused, refused]);
	});

	it("is that nothing was sent when the host is not known", async () => {
		expect(await reportsFor("http://no-such-host.invalid/")).toEqual([refused, refused]);
	});

	it("is that nothing was sent when TLS fails", async () => {
		const url = await listen(createTcpServer((socket) => socket.end("no TLS")));
		expect(await reportsFor(url.replace("http:", "https:"))).toEqual([refused, refused]);
	});

	it("is that nothing was sent when the port is one that fetch refuses", async () => {
		for (const [method, failed] of [
			["POST", 1],
			["GET", 0],
		] as const) {
			let report: SendingReport | undefined;
			await watchSending(
				() => http.submit("http://127.0.0.1:6000/", { method }).catch(() => undefined),
				(observed) => {
					report = observed;
				},
			);
			expect(report).toMatchObject({ failed, sent: 0, unobserved: 0 });
		}
	});

	it("is that it was sent when the connection is cut after the request", async () => {
		const url = await listen(createTcpServer((socket) => socket.once("data", () => socket.resetAndDestroy())));
		expect(await reportsFor(url)).toEqual([lost, lost]);
	});

	it("is that it was sent when the answer is cut", async () => {
		const url = await listen(
			createTcpServer((socket) =>
				socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{")),
			),
		);
		for (const report of await reportsFor(url)) expect(report.sent).toBe(1);
	});

	it("keeps calls that run side by side apart, and leaves looks out", async () => {
		const refusing = await closedPort();
		const url = await listen(
			createServer((request, response) => void request.resume().on("end", () => response.end())),
		);
		const reports: (SendingReport | undefined)[] = [];
		await Promise.all([
			watchSending(
				() => http.submit(refusing, { method: "POST", body: "x" }).catch(() => undefined),
				(report) => {
					reports[0] = report;
				},
			),
			watchSending(
				() => http.submit(url, { method: "POST", body: "x" }),
				(report) => {
					reports[1] = report;
				},
			),
			watchSending(
				() => http.look(url),
				(report) => {
					reports[2] = report;
				},
			),
		]);
		expect(reports).toMatchObject([refused, { failed: 0, sent: 1 }, { failed: 0, sent: 0 }]);
	});

	it("is not known of a client that reports nothing", async () => {
		const url = new URL(await closedPort());
		const { request } = await import("node:http");
		let report: SendingReport | undefined;
		await watchSending(
			() =>
				new Promise((resolve) => {
					request(url, { method: "POST" }).on("error", resolve).end("x");
				}),
			(observed) => {
				report = observed;
			},
		);
		expect(report?.unobserved).toBe(1);
	});
});
