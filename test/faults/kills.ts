/**
 * `npm run test:kills [times]`: kills a process that runs five jobs at once, at a random moment, and lets
 * `reelay resume` finish each job in a process of its own. A process that was done before does not count.
 */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { SqliteLedger } from "../../src/index.ts";
import { createScriptedService, faults } from "../../src/testing/index.ts";
import type { Finding } from "./submissions/cell.ts";
import { judge, runWorker } from "./submissions/crash-points.ts";

const JOBS = 5;
const KEY = "studio-key-0123456789";
/** Around the time from before the first intent is written until the last job is done. */
const EARLIEST_KILL_MS = 600;
const LATEST_KILL_MS = 2_600;
const times = Number(process.argv[2] ?? 20);
const states = new Map<string, number>();
const findings: Finding[] = [];
let killed = 0;

for (let round = 1; killed < times; round++) {
	const folder = await mkdtemp(join(tmpdir(), "reelay-kill-"));
	await using service = await createScriptedService({ apiKey: KEY, views: [{ state: "succeeded" }] });
	service.every("look", faults.show({ state: "running" }));
	const done = setTimeout(() => service.every("look", undefined), randomMoment());
	try {
		const lookup = round % 2 === 0 ? "list" : "none";
		const order = { baseUrl: service.baseUrl, apiKey: KEY, folder, lookup, jobs: JOBS, action: "generate" } as const;
		const exitCode = await runWorker(order, randomMoment());
		clearTimeout(done);
		service.every("look", undefined);
		if (exitCode === null) killed++;
		const ids = await unfinished(folder);
		await Promise.all(ids.map((id) => resume(id, service.baseUrl, folder)));
		findings.push(...(await judge(`round ${round}`, service, folder, JOBS)));
		await count(folder);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

const ends = [...states].map(([state, jobs]) => `${jobs} ${state}`).join(", ");
const twice = findings.filter(({ kind }) => kind === "billed twice").length;
console.log(`killed ${killed} times: ${ends}; billed twice ${twice}, findings ${findings.length}`);
for (const { cell, kind, problem } of findings) console.log(`  ${kind}: ${cell}: ${problem}`);
process.exitCode = findings.length > 0 ? 1 : 0;

function randomMoment(): number {
	return EARLIEST_KILL_MS + Math.random() * (LATEST_KILL_MS - EARLIEST_KILL_MS);
}

async function unfinished(folder: string): Promise<readonly string[]> {
	const ledger = new SqliteLedger(join(folder, "ledger.sqlite"));
	const records = await ledger.list();
	await ledger.close();
	return records.filter(({ state }) => state !== "succeeded").map(({ id }) => id);
}

async function count(folder: string): Promise<void> {
	const ledger = new SqliteLedger(join(folder, "ledger.sqlite"));
	for (const { state } of await ledger.list()) states.set(state, (states.get(state) ?? 0) + 1);
	await ledger.close();
}

/** `reelay resume`, as a user would type it. */
function resume(id: string, baseUrl: string, folder: string): Promise<number | null> {
	const child = spawn(process.execPath, [...process.execArgv, resolve("src/cli/main.ts"), "resume", id, "--quiet"], {
		cwd: resolve("."),
		stdio: ["ignore", "ignore", "ignore"],
		env: {
			PATH: process.env["PATH"],
			HOME: folder,
			REELAY_STATE_DIRECTORY: folder,
			REELAY_CACHE_DIRECTORY: folder,
			REELAY_ALLOW_PRIVATE_NETWORK: "1",
			REELAY_PROVIDERS: "./examples/studio-from-environment.ts",
			STUDIO_BASE_URL: baseUrl,
			STUDIO_API_KEY: KEY,
		},
	});
	return new Promise((done) => child.on("close", done));
}
