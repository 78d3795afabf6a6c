/**
 * Looks at an operation against the time until its end is noticed. The time is simulated: generations of three
 * kinds, from steady to wild, one after the other on a clock that takes no time. reelay learns from each how long
 * the next may take, the learning counts. The Vercel AI SDK looks at its fixed interval, and so does every other
 * fixed interval, of which the best one with as many looks is what reelay has to beat.
 */
import { experimental_generateVideo as generateVideo } from "ai";
import { createVideoService, MemoryLedger } from "reelay";
import type { VideoProvider } from "reelay/provider-kit";
import { TINY_VIDEO } from "reelay/testing";
import { FakeClock } from "../test/support/fake-clock.ts";
import { withFolder } from "./support/child.ts";
import { generationTimes, seededRandom } from "./support/random.ts";
import { type Budget, isQuick, print, rounded } from "./support/report.ts";

const JOBS = isQuick ? 60 : 300;
/** No round number: a limit that happens to lie there would look like foresight. */
const MEDIAN_MS = 45_000;
const KINDS = { steady: 0.1, usual: 0.3, wild: 0.8 };
const INTERVALS_MS = Array.from({ length: 600 }, (_, index) => (index + 1) * 500);
const CHART_INTERVALS_MS = [2_000, 3_000, 5_000, 10_000, 15_000, 20_000, 30_000, 45_000, 60_000];

/** Means over the jobs. */
interface Pace {
	readonly looks: number;
	/** From the end at the service until it was seen. */
	readonly delayMs: number;
}

interface Row {
	readonly times: string;
	readonly client: string;
	readonly looks: number;
	readonly noticedAfterSeconds: number;
}

const rows: Row[] = [];
const budgets: Budget[] = [];
for (const [kind, spread] of Object.entries(KINDS)) {
	const times = generationTimes(JOBS, MEDIAN_MS, spread, seededRandom(1));
	const ours = await paceOfReelay(times);
	const peer = await paceOfAiSdk(times);
	const paces = INTERVALS_MS.map((intervalMs) => paceOfInterval(times, intervalMs));
	const affordable = paces.filter(({ looks }) => looks <= ours.looks);
	const best = affordable.reduce((one, other) => (other.delayMs < one.delayMs ? other : one));
	addRow(kind, "reelay", ours);
	addRow(kind, "best fixed interval with as many looks", best);
	addRow(kind, "Vercel AI SDK", peer);
	for (const intervalMs of CHART_INTERVALS_MS) {
		addRow(kind, `every ${intervalMs / 1000} s`, paceOfInterval(times, intervalMs));
	}
	budgets.push({
		what: `noticed after, ${kind} times, ${rounded(ours.looks)} looks`,
		budget: `below ${rounded(best.delayMs / 1000)} s`,
		measured: `${rounded(ours.delayMs / 1000)} s`,
		isMet: ours.delayMs < best.delayMs,
	});
}
print({ name: "polls", rows, budgets });

function addRow(times: string, client: string, { looks, delayMs }: Pace): void {
	rows.push({ times, client, looks: rounded(looks), noticedAfterSeconds: rounded(delayMs / 1000) });
}

function paceOfInterval(times: readonly number[], intervalMs: number): Pace {
	const looks = times.map((timeMs) => Math.ceil(timeMs / intervalMs));
	const delays = times.map((timeMs, index) => (looks[index] ?? 0) * intervalMs - timeMs);
	return { looks: mean(looks), delayMs: mean(delays) };
}

async function paceOfReelay(times: readonly number[]): Promise<Pace> {
	const clock = new FakeClock();
	const delays: number[] = [];
	let looks = 0;
	let endsAtMs = 0;
	const timed: VideoProvider = {
		id: "timed",
		traits: {
			idempotency: "none",
			lookup: "none",
			cancel: "none",
			billing: "free",
			runsIn: "service",
			modelIds: "open",
		},
		model: () => undefined,
		async start({ prompt }) {
			endsAtMs = clock.monotonic() + (times[Number(prompt)] ?? 0);
			return { handle: prompt };
		},
		async status() {
			looks += 1;
			const delayMs = clock.monotonic() - endsAtMs;
			if (delayMs < 0) return { state: "running" };
			delays.push(delayMs);
			return { state: "succeeded", assets: [{ kind: "bytes", data: TINY_VIDEO }] };
		},
	};
	await withFolder(async (folder) => {
		const videos = createVideoService({
			env: {},
			providers: [timed],
			outputDirectory: folder,
			ledger: new MemoryLedger(),
			cache: false,
			clock,
			random: seededRandom(2),
			// The clock takes no time: a deadline would pass in the middle of each call.
			policies: { submitTimeoutMs: 0, lookTimeoutMs: 0 },
		});
		for (const index of times.keys()) {
			await videos.textToVideo({ prompt: String(index) }, { model: "timed:any" });
		}
		await videos.close();
	});
	return { looks: looks / times.length, delayMs: mean(delays) };
}

async function paceOfAiSdk(times: readonly number[]): Promise<Pace> {
	const delays: number[] = [];
	let looks = 0;
	for (const timeMs of times) {
		let elapsedMs = 0;
		const response = { timestamp: new Date(0), modelId: "any", headers: undefined };
		await generateVideo({
			model: {
				specificationVersion: "v4",
				provider: "timed",
				modelId: "any",
				maxVideosPerCall: 1,
				doStart: async () => ({ operation: {}, warnings: [], response }),
				doStatus: async () => {
					looks += 1;
					if (elapsedMs < timeMs) return { status: "pending", response };
					delays.push(elapsedMs - timeMs);
					const video = { type: "binary" as const, data: TINY_VIDEO, mediaType: "video/mp4" };
					return { status: "completed", videos: [video], warnings: [], response };
				},
			},
			prompt: "timed",
			poll: {
				delay: async (ms) => {
					elapsedMs += ms;
				},
			},
		});
	}
	return { looks: looks / times.length, delayMs: mean(delays) };
}

function mean(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}
