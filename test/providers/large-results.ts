/**
 * `npm run test:large`: sends a video of 200 MB through every protocol that gives a URL, each in a process of its own,
 * and prints how much more memory that took than a video of 1 KB: at most 64 MiB.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createScriptedService, TINY_VIDEO } from "../../src/testing/index.ts";
import type { Protocol } from "./protocol.ts";
import { PROTOCOLS } from "./protocols.ts";

const SIZE = 200_000_000;
const MEBIBYTE = 1_048_576;
const MOST_BYTES = 64 * MEBIBYTE;
const KEY = "0123456789abcdef";
const CHILD = new URL("generate-once.ts", import.meta.url).pathname;
const run = promisify(execFile);

const video = paddedVideo(SIZE);
let failed = 0;
for (const protocol of PROTOCOLS.filter(({ request, only }) => request.image === undefined && only === undefined)) {
	const { peakBytes: idleBytes } = await measure(protocol, TINY_VIDEO);
	const { isInline, peakBytes, sizeBytes } = await measure(protocol, video);
	const addedBytes = peakBytes - idleBytes;
	// Videos within an answer are measured by test/providers/google/inline-media.test.ts.
	if (isInline) continue;
	const isGood = sizeBytes === SIZE && addedBytes <= MOST_BYTES;
	if (!isGood) failed++;
	const verdict = isGood ? "" : ": TOO MUCH";
	console.log(`${protocol.provider}, ${protocol.name}: ${mebibytes(addedBytes)} MiB over idle${verdict}`);
}
process.exitCode = failed > 0 ? 1 : 0;

async function measure({ dialect, environment, keyPrefix = "", provider, request }: Protocol, video: Uint8Array) {
	const apiKey = `${keyPrefix}${KEY}`;
	const folder = await mkdtemp(join(tmpdir(), "reelay-large-"));
	await using service = await createScriptedService({ dialect, apiKey, video });
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

/** A real video of that size: what it has too much is in a box that players skip. */
function paddedVideo(sizeBytes: number): Uint8Array {
	const padding = Buffer.alloc(sizeBytes - TINY_VIDEO.byteLength);
	padding.writeUInt32BE(padding.byteLength, 0);
	padding.write("free", 4, "latin1");
	return Buffer.concat([TINY_VIDEO, padding]);
}

function mebibytes(bytes: number): string {
	return (bytes / MEBIBYTE).toFixed(1);
}
