/** Generates one large video, and prints what memory the process took before and at most, in bytes. */
import { setTimeout as delay } from "node:timers/promises";
import { childTask } from "./child.ts";
import { type ClientName, createClient } from "./clients.ts";
import { changePlan } from "./service-plan.ts";

/** What to do. */
export interface MemoryTask {
	readonly client: ClientName;
	readonly origin: string;
	readonly folder: string;
	readonly videoBytes: number;
}

/** Resident memory. */
export interface MemoryResult {
	readonly idleBytes: number;
	readonly peakBytes: number;
}

const SAMPLE_MS = 5;

const { client: name, origin, folder, videoBytes } = childTask<MemoryTask>();
await using client = createClient(name, { origin, folder, pollMs: 10, maxVideoBytes: 2 * videoBytes });
const generate = () => client.generate("A red kite over the sea at dawn", `${folder}/kite.mp4`);
// Loads the code, and little of what a large video needs.
await changePlan(origin, { videoBytes: 16_384, finishAfterLooks: 2 });
for (let index = 0; index < 3; index += 1) await generate();
await changePlan(origin, { videoBytes, finishAfterLooks: 2 });
await delay(100);
globalThis.gc?.();
const idleBytes = process.memoryUsage.rss();
let peakBytes = idleBytes;
const sampler = setInterval(() => {
	peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
}, SAMPLE_MS);
await generate();
clearInterval(sampler);
console.log(JSON.stringify({ idleBytes, peakBytes } satisfies MemoryResult));
