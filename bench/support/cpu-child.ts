/**
 * Generates one video after the other, and prints the processor time of each in milliseconds: of every thread, and of
 * the processes that were started and still run.
 */
import type { ChildProcess } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { readFileSync } from "node:fs";
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

/** Linux counts a process's time in hundredths of a second. */
const TICK_MS = 10;

const children: ChildProcess[] = [];
subscribe("child_process", (message) => {
	children.push((message as { readonly process: ChildProcess }).process);
});

const { client: name, origin, folder, warmUps, generations } = childTask<CpuTask>();
await using client = createClient(name, { origin, folder, pollMs: 10 });
const generate = () => client.generate("A red kite over the sea at dawn", `${folder}/kite.mp4`);
for (let index = 0; index < warmUps; index += 1) await generate();
const before = processorMs();
for (let index = 0; index < generations; index += 1) await generate();
console.log(JSON.stringify((processorMs() - before) / generations));

function processorMs(): number {
	const { user, system } = process.cpuUsage();
	return children.reduce((sum, child) => sum + childMs(child), (user + system) / 1000);
}

function childMs({ pid, exitCode, signalCode }: ChildProcess): number {
	if (process.platform !== "linux" || exitCode !== null || signalCode !== null) return 0;
	// What follows the name in brackets begins with the third field; the 14th and 15th are wanted.
	const [, fields = ""] = /^.*\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, "latin1")) ?? [];
	const [userTicks, systemTicks] = fields.split(" ").slice(11, 13).map(Number);
	return ((userTicks ?? 0) + (systemTicks ?? 0)) * TICK_MS;
}
