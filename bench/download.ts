/**
 * Downloads 10 MiB and 1 GiB from loopback: memory over idle, and throughput beside `curl` in the same run.
 * The server is a process of its own. A gibibyte that does not count comes first, and a mebibyte that loads the
 * code; then both take turns, each with memory for the page cache that has just become free. Shown are the
 * medians, and the most memory of all rounds over what the process took before the first. `curl` leaves its
 * file in the page cache; ours is hashed, verified and on the disk.
 */
import { execFileSync, spawn } from "node:child_process";
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createVideoNetwork, planOutput, saveAsset } from "../src/downloads/index.ts";
import { type Budget, median, print, rounded } from "./support/report.ts";

const MEBIBYTE = 1_048_576;
const SIZES = [10 * MEBIBYTE, 1024 * MEBIBYTE];
const ROUNDS = 11;
const BUDGET_MEBIBYTES = 32;
const BUDGET_PERCENT = 70;

interface Row {
	readonly mebibytes: number;
	readonly memoryAddedMebibytes: number;
	readonly mebibytesPerSecond: number;
	/** Absent without `curl`. */
	readonly curlMebibytesPerSecond: number | undefined;
	readonly percentOfCurl: number | undefined;
}

const folder = await mkdtemp(join(tmpdir(), "reelay-bench-"));
const server = spawn(process.execPath, ["bench/support/video-server.ts"], { stdio: ["ignore", "pipe", "inherit"] });
const port = await new Promise<number>((resolve) => server.stdout.once("data", (chunk) => resolve(Number(chunk))));
const network = createVideoNetwork({ allowPrivateNetwork: true });

try {
	curl(1024 * MEBIBYTE);
	await download(MEBIBYTE, "warm-up.mp4");
	globalThis.gc?.();
	const idleBytes = process.memoryUsage.rss();
	const rows: Row[] = [];
	for (const sizeBytes of SIZES) {
		const ours: number[] = [];
		const curls: number[] = [];
		const peaks: number[] = [];
		for (let round = 0; round < ROUNDS; round += 1) {
			warmMemory(sizeBytes);
			const { seconds, peakBytes } = await download(sizeBytes, `${sizeBytes}.mp4`);
			ours.push(seconds);
			peaks.push(peakBytes);
			warmMemory(sizeBytes);
			const curlSeconds = curl(sizeBytes);
			if (curlSeconds !== undefined) curls.push(curlSeconds);
		}
		const mebibytes = sizeBytes / MEBIBYTE;
		const hasCurl = curls.length > 0;
		rows.push({
			mebibytes,
			memoryAddedMebibytes: rounded((Math.max(...peaks) - idleBytes) / MEBIBYTE),
			mebibytesPerSecond: rounded(mebibytes / median(ours)),
			curlMebibytesPerSecond: hasCurl ? rounded(mebibytes / median(curls)) : undefined,
			percentOfCurl: hasCurl ? Math.round((100 * median(curls)) / median(ours)) : undefined,
		});
	}
	print({ name: "download", rows, budgets: budgetsOf(rows) });
} finally {
	await network.close();
	server.kill();
	await rm(folder, { recursive: true, force: true });
}

function budgetsOf(rows: readonly Row[]): readonly Budget[] {
	const last = rows.at(-1);
	if (last === undefined) return [];
	const { memoryAddedMebibytes, percentOfCurl } = last;
	const memory = {
		what: "memory of downloading 1 GiB, alone",
		budget: `at most ${BUDGET_MEBIBYTES} MiB`,
		measured: `${memoryAddedMebibytes} MiB`,
		isMet: memoryAddedMebibytes <= BUDGET_MEBIBYTES,
	};
	if (percentOfCurl === undefined) return [memory];
	const speed = {
		what: "speed of downloading 1 GiB, beside curl",
		budget: `at least ${BUDGET_PERCENT} %`,
		measured: `${percentOfCurl} %`,
		isMet: percentOfCurl >= BUDGET_PERCENT,
	};
	return [memory, speed];
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

/**
 * Writes a file and removes it. A virtual machine returns memory that is free for some seconds to its host, and
 * waits ten times as long to get it back as to write to it: whom that hits would be chance.
 */
function warmMemory(sizeBytes: number): void {
	const target = join(folder, "memory");
	const file = openSync(target, "w");
	const piece = new Uint8Array(MEBIBYTE);
	for (let written = 0; written < sizeBytes; written += MEBIBYTE) writeSync(file, piece);
	closeSync(file);
	rmSync(target);
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
