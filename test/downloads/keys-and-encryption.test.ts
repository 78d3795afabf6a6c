import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { redirect, whole } from "../support/download-answers.ts";
import { selfSignedCertificate } from "../support/download-certificate.ts";
import { downloadFolder, networkFor, serverFor } from "../support/download-folder.ts";
import { planIn, save } from "../support/download-run.ts";
import { videoOf } from "../support/download-video.ts";

const CANARY = "canary-3f9b11c2d4";
const VIDEO = videoOf(20_000);
const trusted = selfSignedCertificate();
const before = getCACertificates("default");

beforeAll(() => setDefaultCACertificates([...before, trusted.cert]));
afterAll(() => setDefaultCACertificates(before));

async function fetchWithKey(origin: string, settings: Parameters<typeof networkFor>[0] = {}) {
	const folder = await downloadFolder();
	return save(
		{ kind: "url", url: `${origin}/v.mp4`, headers: { "X-Api-Key": CANARY }, credentialOrigins: [origin] },
		{ network: networkFor(settings), plan: await planIn(folder) },
	);
}

describe("a key", () => {
	it("travels encrypted to its own origin", async () => {
		const server = await serverFor([whole(VIDEO)], trusted);
		expect(await fetchWithKey(server.origin)).toMatchObject({ sizeBytes: VIDEO.byteLength });
		expect(server.requests[0]?.headers["x-api-key"]).toBe(CANARY);
	});

	it.each([301, 302, 303, 307, 308])("does not follow a redirect %i from http to https", async (status) => {
		const secure = await serverFor([whole(VIDEO)], trusted);
		const plain = await serverFor([redirect(status, `${secure.origin}/v.mp4`)]);
		await fetchWithKey(plain.origin);
		expect(plain.requests[0]?.headers["x-api-key"]).toBe(CANARY);
		expect(secure.requests[0]?.head).not.toContain(CANARY);
	});

	it.each([301, 302, 303, 307, 308])(
		"does not follow a redirect %i from https to http, which is refused unless private networks are open",
		async (status) => {
			const plain = await serverFor([whole(VIDEO)]);
			const secure = await serverFor([redirect(status, `${plain.origin}/v.mp4`)], trusted);
			const settings = { allowPrivateNetwork: false, trustedOrigins: [secure.origin] };
			await expect(fetchWithKey(secure.origin, settings)).rejects.toMatchObject({
				code: "download_failed",
				retryable: false,
				message: expect.stringContaining("is not encrypted; use https"),
			});
			expect(plain.connections).toBe(0);
			await fetchWithKey(secure.origin);
			expect(plain.requests[0]?.head).not.toContain(CANARY);
		},
	);

	it("does not go to https under another name of the same server", async () => {
		const secure = await serverFor([], trusted);
		const other = `https://127.0.0.1:${secure.port}`;
		secure.answer(redirect(302, `${other}/v.mp4`), whole(VIDEO));
		await expect(fetchWithKey(secure.origin)).rejects.toMatchObject({
			message: expect.stringContaining("certificate that does not prove who it is"),
		});
		expect(JSON.stringify(secure.requests.slice(1))).not.toContain(CANARY);
	});
});

describe("an encrypted server", () => {
	it("whose certificate nobody trusts is sent nothing", async () => {
		const stranger = await serverFor([whole(VIDEO)], selfSignedCertificate());
		await expect(fetchWithKey(stranger.origin)).rejects.toMatchObject({
			code: "download_failed",
			billed: "yes",
			retryable: false,
			message: expect.stringMatching(/shows a certificate that does not prove who it is \([A-Z_]+\)/),
		});
		expect(stranger.requests).toEqual([]);
	});

	it("that speaks no TLS is told so in words", async () => {
		const plain = createServer((socket) => socket.on("error", () => {}).end("HTTP/1.1 400 Bad Request\r\n\r\n"));
		plain.listen(0, "127.0.0.1");
		onTestFinished(() => void plain.close());
		await once(plain, "listening");
		await expect(fetchWithKey(`https://localhost:${(plain.address() as AddressInfo).port}`)).rejects.toMatchObject({
			code: "download_failed",
			message: expect.stringMatching(/^https:\/\/localhost:\d+\/v\.mp4 does not speak proper TLS \(/),
		});
	});
});
