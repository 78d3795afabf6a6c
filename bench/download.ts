/**
 * Downloads 10 MiB and 1 GiB from loopback: memory over idle, and throughput beside `curl` in the same run.
 * The server is a process of its own. A gibibyte that does not count comes first (a virtual machine is slow to
 * get the memory for a page cache), and a mebibyte that loads the code; then both take turns. Shown are the
 * medians, and the most memory of all rounds over what the process took before the first. `curl` leaves its
 * file in the page cache; ours is hashed, verified and on the disk.
 */
import { execFileSync, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createVideoNetwork, planOutput, saveAsset } from "../src/downloads/index.ts";

const MEBIBYTE = 1_048_576;
const SIZES = [10 * MEBIBYTE, 1024 * MEBIBYTE];
const ROUNDS = 5;

const folder = await mkdtemp(join(tmpdir(), "reelay-bench-"));
const server = spawn(process.execPath, ["bench/support/video-server.ts"], { stdio: ["ignore", "pipe", "inherit"] });
const port = await new Promise<number>((resolve) => server.stdout.once("data", (chunk) => resolve(Number(chunk))));
const network = createVideoNetwork({ allowPrivateNetwork: true });

try {
	curl(1024 * MEBIBYTE);
	await download(MEBIBYTE, "warm-up.mp4");
	globalThis.gc?.();
	const idleBytes = process.memoryUsage.rss();
	const rows = [];
	for (const sizeBytes of SIZES) {
		const ours: number[] = [];
		const curls: number[] = [];
		const peaks: number[] = [];
		for (let round = 0; round < ROUNDS; round += 1) {
			const { seconds, peakBytes } = await download(sizeBytes, `${sizeBytes}.mp4`);
			ours.push(seconds);
			peaks.push(peakBytes);
			const curlSeconds = curl(sizeBytes);
			if (curlSeconds !== undefined) curls.push(curlSeconds);
		}
		const mebibytes = sizeBytes / MEBIBYTE;
		const hasCurl = curls.length > 0;
		rows.push({
			mebibytes,
			memoryAddedMebibytes: round((Math.max(...peaks) - idleBytes) / MEBIBYTE),
			mebibytesPerSecond: round(mebibytes / median(ours)),
			curlMebibytesPerSecond: hasCurl ? round(mebibytes / median(curls)) : undefined,
			shareOfCurl: hasCurl ? round(median(curls) / median(ours)) : undefined,
		});
	}
	console.table(rows);
	console.log(JSON.stringify({ name: "download", rows }));
} finally {
	await network.close();
	server.kill();
	await rm(folder, { recursive: true, force: true });
}

async function download(sizeBytes: number, name: string): Promise<{ seconds: number; peakBytes: number }> {
	const plan = await planOutput({
		output: join(folder, name),
		overwrite: false,
		defaultDirectory: folder,
		createDefaultDirectory: false,
	});
	let peakBytes = 0;
	const sampler = setInterval(() => {
		peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
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
	return { seconds, peakBytes };
}

function curl(sizeBytes: number): number | undefined {
	const target = join(folder, "curl.mp4");
	const startedAt = performance.now();
	try {
		execFileSync("curl", ["--silent", "--fail", "-o", target, `http://127.0.0.1:${port}/${sizeBytes}`]);
	} catch {
		return undefined;
	}
	const seconds = (performance.now() - startedAt) / 1000;
	rmSync(target);
	return seconds;
}

function median(values: readonly number[]): number {
	return values.toSorted((one, other) => one - other)[values.length >> 1] ?? Number.NaN;
}

function round(value: number): number {
	return Math.round(value * 100) / 100;
}
