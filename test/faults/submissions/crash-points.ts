import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type JobRecord, SqliteLedger } from "../../../src/index.ts";
import { createScriptedService, type ScriptedService, TINY_VIDEO } from "../../../src/testing/index.ts";
import type { Finding } from "./cell.ts";
import type { WorkerOrder } from "./worker.ts";

const WORKER = resolve("test/faults/submissions/worker.ts");
const KEY = "studio-key-0123456789";

/** Kills a process before and after each write and each request of a job, and lets another one go on. */
export async function runCrashPoints(): Promise<{
	readonly cells: number;
	readonly jobs: number;
	readonly findings: readonly Finding[];
}> {
	const findings: Finding[] = [];
	let cells = 0;
	for (const lookup of ["none", "list"] as const) {
		for (let crashAt = 0; ; crashAt++) {
			const cell = `worker: killed at step ${crashAt}, ${lookup}`;
			const { hasEnded, found } = await crashAndResume(cell, { lookup, jobs: 1, crashAt });
			findings.push(...found);
			cells++;
			if (hasEnded) break;
		}
	}
	return { cells, jobs: cells, findings };
}

interface Crash {
	readonly lookup: "none" | "list";
	readonly jobs: number;
	readonly crashAt: number;
}

async function crashAndResume(
	cell: string,
	crash: Crash,
): Promise<{ readonly hasEnded: boolean; readonly found: readonly Finding[] }> {
	const folder = await mkdtemp(join(tmpdir(), "reelay-crash-"));
	await using service = await createScriptedService({ apiKey: KEY });
	try {
		const order = { ...crash, baseUrl: service.baseUrl, apiKey: KEY, folder };
		const first = await runWorker({ ...order, action: "generate" });
		await runWorker({ ...order, action: "resume", crashAt: undefined });
		return { hasEnded: first === 0, found: await judge(cell, service, folder, crash.jobs) };
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** Runs a worker. Returns its exit code, `null` when it was killed. */
export function runWorker(order: WorkerOrder, killAfterMs?: number): Promise<number | null> {
	const args = [...process.execArgv, WORKER, JSON.stringify(order)];
	const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
	const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killAfterMs);
	return new Promise((done, fail) => {
		child.on("close", (code) => {
			clearTimeout(timer);
			if (code === 0 || code === null) done(code);
			else fail(new TypeError(`a worker ended with exit code ${code}`));
		});
	});
}

/** Holds the ledger, the folder and the service against each other. */
export async function judge(
	cell: string,
	service: ScriptedService,
	folder: string,
	jobs: number,
): Promise<readonly Finding[]> {
	const findings: Finding[] = [];
	const find = (kind: Finding["kind"], problem: string) => findings.push({ cell, kind, problem });
	const ledger = new SqliteLedger(join(folder, "ledger.sqlite"));
	const records = await ledger.list({ limit: 10_000 });
	await ledger.close();
	if (records.length > jobs) find("other", `${records.length} jobs are recorded, not ${jobs}`);
	if (service.posts > records.length) find("billed twice", `${service.posts} submissions for ${records.length} jobs`);
	const charged = new Map<string, number>();
	for (const { clientId = "?" } of service.jobs) charged.set(clientId, (charged.get(clientId) ?? 0) + 1);
	for (const [id, count] of charged) {
		if (count > 1) find("billed twice", `${id} was charged ${count} times`);
		if (!records.some((record) => record.id === id)) find("lost", `${id} was charged and is in no ledger`);
	}
	for (const record of records) findings.push(...judgeRecord(cell, record, charged.get(record.id) ?? 0));
	const names = await readdir(join(folder, "videos")).catch(() => []);
	for (const name of names.filter((file) => !file.startsWith("."))) {
		if (Buffer.from(TINY_VIDEO).equals(await readFile(join(folder, "videos", name)))) continue;
		find("other", `${name} is not the whole video`);
	}
	return findings;
}

function judgeRecord(cell: string, { id, state, attempts, result }: JobRecord, charged: number): readonly Finding[] {
	const findings: Finding[] = [];
	const find = (kind: Finding["kind"], problem: string) => findings.push({ cell, kind, problem });
	const billed = attempts.at(-1)?.billed ?? "no";
	if (!["succeeded", "failed", "cancelled", "submit_unknown"].includes(state)) find("stuck", `${id} is ${state}`);
	if (state === "created" && charged > 0) find("lost", `${id} was charged, and is recorded as never sent`);
	if (state === "failed" && charged > 0) find("lost", `${id} was charged, and has failed`);
	if (billed === "no" && charged > 0) find("untrue", `${id} says that nothing was billed`);
	if (billed === "yes" && charged === 0) find("untrue", `${id} says that it was billed`);
	if (state === "succeeded" && (charged !== 1 || result === undefined))
		find("untrue", `${id} has succeeded without a video`);
	return findings;
}
