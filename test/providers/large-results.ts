/**
 * `npm run test:large`: sends a video of 200 MB through every protocol, each in a process of its own, and prints how
 * much more memory that took than a video of 1 KB: at most 64 MiB where the protocol gives a URL, and at most one and
 * a half copies where it gives the bytes.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createScriptedService, type ServiceDialect, TINY_VIDEO } from "../../src/testing/index.ts";
import type { Protocol } from "./protocol.ts";
import { PROTOCOLS } from "./protocols.ts";

const SIZE = 200_000_000;
const MEBIBYTE = 1_048_576;
const KEY = "0123456789abcdef";
const CHILD = new URL("generate-once.ts", import.meta.url).pathname;
const run = promisify(execFile);

const large = paddedVideo(SIZE);
let failed = 0;
for (const protocol of PROTOCOLS.filter(({ request, only }) => request.image === undefined && only === undefined)) {
	const { peakBytes: idleBytes } = await measure(protocol, TINY_VIDEO);
	const { peakBytes, sizeBytes, isInline } = await measure(protocol, large);
	const addedBytes = peakBytes - idleBytes;
	const isGood = sizeBytes === SIZE && addedBytes <= (isInline ? 1.5 * SIZE : 64 * MEBIBYTE);
	if (!isGood) failed++;
	const added = `${(addedBytes / MEBIBYTE).toFixed(1)} MiB over idle`;
	const copies = isInline ? `, ${(addedBytes / SIZE).toFixed(2)} copies` : "";
	console.log(`${protocol.provider}, ${protocol.name}: ${added}${copies}${isGood ? "" : ": TOO MUCH"}`);
}
process.exitCode = failed > 0 ? 1 : 0;

async function measure({ dialect, environment, keyPrefix = "", provider, request }: Protocol, video: Uint8Array) {
	const apiKey = `${keyPrefix}${KEY}`;
	const folder = await mkdtemp(join(tmpdir(), "reelay-large-"));
	await using service = await createScriptedService({ dialect: handingOver(video, dialect), apiKey, video });
	try {
		const { stdout } = await run(process.execPath, [CHILD, `${provider}:${request.model}`, join(folder, "out.mp4")], {
			env: {
				PATH: process.env["PATH"],
				HOME: folder,
				REELAY_LEDGER: "memory",
				...environment({ baseUrl: service.baseUrl, apiKey }),
			},
		});
		const measured: { readonly peakBytes: number; readonly sizeBytes: number } = JSON.parse(stdout);
		return { ...measured, isInline: service.downloads === 0 };
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** The protocol, with another video where an answer holds the usual one. */
function handingOver(video: Uint8Array, dialect: ServiceDialect): ServiceDialect {
	const [usual, wanted] = [TINY_VIDEO, video].map((data) => Buffer.from(data).toString("base64"));
	const looked: ServiceDialect["looked"] = (job, call) => {
		const answer = dialect.looked(job, call);
		const text = JSON.stringify(answer.json ?? null);
		if (usual === undefined || !text.includes(usual)) return answer;
		return { ...answer, json: JSON.parse(text.replace(usual, wanted ?? "")) };
	};
	return { ...dialect, looked };
}

/** A real video of that size: what it has too much is in a box that players skip. */
function paddedVideo(sizeBytes: number): Uint8Array {
	const padding = Buffer.alloc(sizeBytes - TINY_VIDEO.byteLength);
	padding.writeUInt32BE(padding.byteLength, 0);
	padding.write("free", 4, "latin1");
	return Buffer.concat([TINY_VIDEO, padding]);
}
