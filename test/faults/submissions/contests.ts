import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createStudioProvider } from "../../../examples/http-provider.ts";
import { createVideoService, type Ledger, SqliteLedger, type VideoProvider } from "../../../src/index.ts";
import { createScriptedService, type ScriptedService } from "../../../src/testing/index.ts";
import { endProcessOf } from "../../support/dead-process.ts";
import { FAST, type Finding } from "./cell.ts";
import { judge, runWorker } from "./crash-points.ts";

const KEY = "studio-key-0123456789";

/** Several processes at one job: one of them works, the others wait, and who slept through his lease is fenced off. */
export async function runContests(): Promise<{ readonly cells: number; readonly findings: readonly Finding[] }> {
	const contests = [resumedTogether, sleptThroughItsLease];
	const findings: Finding[] = [];
	for (const contest of contests) {
		const folder = await mkdtemp(join(tmpdir(), "reelay-contest-"));
		await using service = await createScriptedService({ apiKey: KEY });
		try {
			const cell = `worker: ${contest.name}`;
			for (const problem of await contest(service, folder)) findings.push({ cell, kind: "other", problem });
			findings.push(...(await judge(cell, service, folder, 1)));
		} finally {
			await rm(folder, { recursive: true, force: true });
		}
	}
	return { cells: contests.length, findings };
}

async function resumedTogether(service: ScriptedService, folder: string): Promise<readonly string[]> {
	const order = { baseUrl: service.baseUrl, apiKey: KEY, folder, lookup: "list", jobs: 1 } as const;
	await runWorker({ ...order, action: "submit" });
	await Promise.all([runWorker({ ...order, action: "resume" }), runWorker({ ...order, action: "resume" })]);
	const problems: string[] = [];
	if (service.downloads !== 1) problems.push(`${service.downloads} downloads`);
	const files = await readdir(join(folder, "videos"));
	if (files.length !== 1) problems.push(`${files.length} files: ${files.join(", ")}`);
	return problems;
}

async function sleptThroughItsLease(service: ScriptedService, folder: string): Promise<readonly string[]> {
	const ledger = new SqliteLedger(join(folder, "ledger.sqlite"));
	const studio = createStudioProvider({ baseUrl: service.baseUrl, apiKey: KEY });
	const asleep = Promise.withResolvers<void>();
	const sleeper = serviceOf(ledger, folder, {
		...studio,
		status: async (handle, context) => {
			await asleep.promise;
			return studio.status(handle, context);
		},
	});
	const { id, waiting } = await (async () => {
		const job = await sleeper.submit({ prompt: "a kite" }, { model: "studio:one" });
		return { id: job.id, waiting: job.wait().catch((error: unknown) => error) };
	})();
	await endProcessOf(ledger, id);
	const other = serviceOf(new SqliteLedger(ledger.path), folder, studio);
	await (await other.resume(id)).wait();
	const before = JSON.stringify(await ledger.find(id));
	asleep.resolve();
	await waiting;
	const after = JSON.stringify(await ledger.find(id));
	await Promise.all([sleeper.close(), other.close()]);
	return before === after ? [] : ["it wrote to a job that was taken over and had ended"];
}

function serviceOf(ledger: Ledger, folder: string, provider: VideoProvider) {
	return createVideoService({
		env: { REELAY_ALLOW_PRIVATE_NETWORK: "1" },
		providers: [provider],
		ledger,
		outputDirectory: join(folder, "videos"),
		policies: FAST,
	});
}
