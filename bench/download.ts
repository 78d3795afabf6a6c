/**
 * Downloads 10 MiB and 1 GiB from loopback: memory over idle, and throughput beside `curl` in the same run.
 * The server is a process of its own.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createVideoNetwork, planOutput, saveAsset } from "../src/downloads/index.ts";

const MEBIBYTE = 1_048_576;
const SIZES = [10 * MEBIBYTE, 1024 * MEBIBYTE];

const folder = await mkdtemp(join(tmpdir(), "reelay-bench-"));
const server = spawn(process.execPath, ["bench/support/video-server.ts"], { stdio: ["ignore", "pipe", "inherit"] });
const port = await new Promise<number>((resolve) => server.stdout.once("data", (chunk) => resolve(Number(chunk))));
const network = createVideoNetwork({ allowPrivateNetwork: true });

try {
	await download(MEBIBYTE, "warm-up.mp4");
	const rows = [];
	for (const sizeBytes of SIZES) {
		const { seconds, addedMebibytes } = await download(sizeBytes, `${sizeBytes}.mp4`);
		const curlSeconds = curl(sizeBytes);
		rows.push({
			mebibytes: sizeBytes / MEBIBYTE,
			memoryAddedMebibytes: round(addedMebibytes),
			mebibytesPerSecond: round(sizeBytes / MEBIBYTE / seconds),
			curlMebibytesPerSecond: curlSeconds === undefined ? undefined : round(sizeBytes / MEBIBYTE / curlSeconds),
			shareOfCurl: curlSeconds === undefined ? undefined : round(curlSeconds / seconds),
		});
	}
	console.table(rows);
	console.log(JSON.stringify({ name: "download", rows }));
} finally {
	await network.close();
	server.kill();
	await rm(folder, { recursive: true, force: true });
}

async function download(sizeBytes: number, name: string): Promise<{ seconds: number; addedMebibytes: number }> {
	const plan = await planOutput({
		output: join(folder, name),
		overwrite: false,
		defaultDirectory: folder,
		createDefaultDirectory: false,
	});
	globalThis.gc?.();
	const idle = process.memoryUsage.rss();
	let peak = idle;
	const sampler = setInterval(() => {
		peak = Math.max(peak, process.memoryUsage.rss());
	}, 10);
	const startedAt = performance.now();
	await saveAsset({
		asset: { kind: "url", url: `http://127.0.0.1:${port}/${sizeBytes}`, sizeBytes },
		plan,
		names: { jobId: "bench", model: "bench:bench", prompt: "", createdAtMs: 0 },
		maxBytes: 2 * sizeBytes,
		billed: "no",
		signal: new AbortController().signal,
		network,
	});
	const seconds = (performance.now() - startedAt) / 1000;
	clearInterval(sampler);
	await rm(join(folder, name));
	return { seconds, addedMebibytes: (peak - idle) / MEBIBYTE };
}

function curl(sizeBytes: number): number | undefined {
	const target = join(folder, "curl.mp4");
	const startedAt = performance.now();
	try {
		execFileSync("curl", ["--silent", "--fail", "-o", target, `http://127.0.0.1:${port}/${sizeBytes}`]);
	} catch {
		return undefined;
	}
	return (performance.now() - startedAt) / 1000;
}

function round(value: number): number {
	return Math.round(value * 100) / 100;
}
