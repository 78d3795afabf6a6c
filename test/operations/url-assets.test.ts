import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import type { OperationStatus, VideoAsset } from "../../src/provider/index.ts";
import { FakeProvider } from "../support/fake-provider.ts";
import { filesIn, testService } from "../support/service.ts";
import { TINY_VIDEO } from "../support/tiny-video.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server on loopback that gives one answer after the other; the last one repeats. */
async function serve(...answers: readonly Answer[]) {
	const requests: IncomingMessage[] = [];
	const server = createServer((request, response) => {
		requests.push(request);
		answers[Math.min(requests.length, answers.length) - 1]?.(request, response);
	});
	await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	return { requests, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const whole: Answer = (_request, response) => {
	response.writeHead(200, { "content-length": TINY_VIDEO.byteLength, etag: '"one"' }).end(TINY_VIDEO);
};
const CUT_AT = 1050;
const cut: Answer = (_request, response) => {
	response.writeHead(200, { "content-length": TINY_VIDEO.byteLength, etag: '"one"' });
	response.write(TINY_VIDEO.subarray(0, CUT_AT), () => setTimeout(() => response.socket?.end(), 40));
};
const rest: Answer = (request, response) => {
	const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1]);
	const total = TINY_VIDEO.byteLength;
	response
		.writeHead(206, {
			"content-range": `bytes ${from}-${total - 1}/${total}`,
			"content-length": total - from,
			etag: '"one"',
		})
		.end(TINY_VIDEO.subarray(from));
};

function succeeded(asset: Partial<Extract<VideoAsset, { kind: "url" }>> & { url: string }): () => OperationStatus {
	return () => ({ state: "succeeded", assets: [{ kind: "url", ...asset }] });
}

async function generate(
	looks: readonly (() => OperationStatus)[],
	allowPrivateNetwork = true,
	maxVideoBytes = 1_000_000,
) {
	const provider = new FakeProvider({ looks });
	const { videos, folder } = await testService({
		providers: [provider],
		egress: { allowPrivateNetwork },
		limits: { maxVideoBytes },
	});
	const job = await videos.submit({ prompt: "Waves" }, { model: "fake:one" });
	const outcome = await job.wait().catch((error: unknown) => error);
	return { outcome, provider, job, files: await filesIn(folder) };
}

describe("a result at a URL", () => {
	it("is fetched, verified, and named only when it is whole", async () => {
		const { url, requests } = await serve(whole);
		const { outcome, files } = await generate([succeeded({ url })]);
		expect(outcome).toMatchObject({ sizeBytes: TINY_VIDEO.byteLength, metadata: { codec: "avc" } });
		expect(requests[0]?.headers["accept-encoding"]).toBe("identity");
		expect(files).toHaveLength(1);
	});

	it("on a private address is not connected to unless that is allowed", async () => {
		const { url, requests } = await serve(whole);
		const { outcome, provider, job } = await generate([succeeded({ url })], false);
		expect(outcome).toMatchObject({ code: "download_failed", billed: "yes", token: job.token });
		expect([requests.length, provider.billed, job.state]).toEqual([0, 1, "generated"]);
	});

	it("that is cut is resumed where it was cut", async () => {
		const { url, requests } = await serve(cut, rest);
		const { outcome, provider } = await generate([succeeded({ url })]);
		expect(outcome).toMatchObject({ sizeBytes: TINY_VIDEO.byteLength });
		expect(requests[1]?.headers).toMatchObject({ range: `bytes=${CUT_AT}-`, "if-range": '"one"' });
		expect(provider.billed).toBe(1);
	});

	it("whose URL has expired is asked for again, without a submission", async () => {
		const gone = await serve((_request, response) => response.writeHead(403).end("expired"));
		const fresh = await serve(whole);
		const { outcome, provider } = await generate([succeeded({ url: gone.url }), succeeded({ url: fresh.url })]);
		expect(outcome).toMatchObject({ sizeBytes: TINY_VIDEO.byteLength });
		expect([provider.looks, provider.billed]).toEqual([2, 1]);
	});

	it("gets its credentials at its own origins, and never beyond a redirect to another", async () => {
		const other = await serve(whole);
		const own = await serve((_request, response) => response.writeHead(302, { location: other.url }).end());
		const headers = { "x-api-key": "canary-1234567890" };
		const { outcome } = await generate([succeeded({ url: own.url, headers, credentialOrigins: [own.url] })]);
		expect(outcome).toMatchObject({ sizeBytes: TINY_VIDEO.byteLength });
		expect(own.requests[0]?.headers["x-api-key"]).toBe("canary-1234567890");
		expect(JSON.stringify(other.requests[0]?.rawHeaders)).not.toContain("canary");
	});

	it.each<[what: string, code: string, answer: Answer]>([
		[
			"a web page with status 200",
			"bad_media",
			(_request, response) => response.end("<!doctype html><title>Oops</title>"),
		],
		["JSON", "bad_media", (_request, response) => response.setHeader("content-type", "application/json").end("{}")],
		["nothing", "bad_media", (_request, response) => response.end()],
		[
			"something packed",
			"download_failed",
			(_request, response) => response.setHeader("content-encoding", "gzip").end("x"),
		],
	])("that is %s leaves no file, and the job can be resumed", async (_what, code, answer) => {
		const { url } = await serve(answer);
		const { outcome, files, job, provider } = await generate([
			succeeded({ url: `${url}/v.mp4?sig=canary-1234567890` }),
		]);
		expect(outcome).toMatchObject({ code, billed: "yes", token: job.token });
		expect(String(outcome)).not.toContain("canary");
		expect([files.length, provider.billed, job.state]).toEqual([0, 1, "generated"]);
	});

	it("that never ends is cut off at the limit", async () => {
		const { url } = await serve((_request, response) => {
			response.write(TINY_VIDEO);
			const more = () => {
				if (!response.destroyed) response.write(Buffer.alloc(65_536), () => setImmediate(more));
			};
			more();
		});
		const { outcome, files } = await generate([succeeded({ url })], true, 500_000);
		expect(outcome).toMatchObject({ code: "file_too_large", billed: "yes" });
		expect(files).toEqual([]);
	});
});
