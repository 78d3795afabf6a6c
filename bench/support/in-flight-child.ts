/** Starts many generations that do not end, and prints what each takes of memory and all of them of the event loop. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { childTask } from "./child.ts";
import { type ClientName, createClient } from "./clients.ts";
import { changePlan, readTally } from "./service-plan.ts";

/** What to do. */
export interface InFlightTask {
	readonly client: ClientName;
	readonly origin: string;
	readonly folder: string;
	readonly generations: number;
	/** How long the event loop is watched once all are in flight. */
	readonly watchMs: number;
}

/** What it took. */
export interface InFlightResult {
	/** Of the heap and of buffers beside it, after a collection, for each generation. */
	readonly heapBytesEach: number;
	readonly residentBytesEach: number;
	readonly eventLoopDelayP99Ms: number;
	readonly cpuShare: number;
	/** From the first call until the service had taken all. */
	readonly submitSeconds: number;
}

const RESOLUTION_MS = 5;
const WARM_UPS = 100;
const VIDEO_BYTES = 16_384;

const { client: name, origin, folder, generations, watchMs } = childTask<InFlightTask>();
const client = createClient(name, { origin, folder });
const start = (index: number) => client.generate(`A red kite over the sea, take ${index}`, `${folder}/${index}.mp4`);

await changePlan(origin, { videoBytes: VIDEO_BYTES, finishAfterLooks: 1 });
// What the engine makes of code that runs often is no generation's memory.
await Promise.all(Array.from({ length: WARM_UPS }, (_, index) => start(-index)));
const { posts } = await readTally(origin);
await changePlan(origin, { videoBytes: VIDEO_BYTES });
const before = await memory();

const startedAt = performance.now();
// One that fails would be missing below.
for (let index = 0; index < generations; index += 1) start(index).catch((error: unknown) => fail(error));
while ((await readTally(origin)).posts < posts + generations) await delay(50);
const submitSeconds = (performance.now() - startedAt) / 1000;
await delay(500);

const cpu = process.cpuUsage();
const loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
loop.enable();
await delay(watchMs);
loop.disable();
const { user, system } = process.cpuUsage(cpu);
const after = await memory();
const result: InFlightResult = {
	heapBytesEach: (after.heapBytes - before.heapBytes) / generations,
	residentBytesEach: (after.residentBytes - before.residentBytes) / generations,
	// The time between two samples is no delay.
	eventLoopDelayP99Ms: loop.percentile(99) / 1e6 - RESOLUTION_MS,
	cpuShare: (user + system) / 1000 / watchMs,
	submitSeconds,
};
console.log(JSON.stringify(result));
process.exit(0);

async function memory(): Promise<{ heapBytes: number; residentBytes: number }> {
	for (let round = 0; round < 3; round += 1) {
		globalThis.gc?.();
		await delay(20);
	}
	const { external, heapUsed, rss } = process.memoryUsage();
	return { heapBytes: heapUsed + external, residentBytes: rss };
}

function fail(error: unknown): never {
	console.error(error);
	process.exit(1);
}
