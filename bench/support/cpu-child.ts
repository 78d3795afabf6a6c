/** Generates one video after the other, and prints the processor time of each in milliseconds, every thread counted. */
import { childTask } from "./child.ts";
import { type ClientName, createClient } from "./clients.ts";

/** What to do. */
export interface CpuTask {
	readonly client: ClientName;
	readonly origin: string;
	readonly folder: string;
	readonly warmUps: number;
	readonly generations: number;
}

const { client: name, origin, folder, warmUps, generations } = childTask<CpuTask>();
await using client = createClient(name, { origin, folder, pollMs: 10 });
const generate = () => client.generate("A red kite over the sea at dawn", `${folder}/kite.mp4`);
for (let index = 0; index < warmUps; index += 1) await generate();
const before = process.cpuUsage();
for (let index = 0; index < generations; index += 1) await generate();
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify((user + system) / 1000 / generations));
