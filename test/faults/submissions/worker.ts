/**
 * A process that runs jobs and dies at a chosen step: before or after one of its writes to the ledger or of
 * its requests. Its parent holds the service, which knows what was charged.
 */
import { join } from "node:path";
import { createStudioProvider } from "../../../examples/http-provider.ts";
import { createVideoService, type Fetch, type Ledger, SqliteLedger } from "../../../src/index.ts";
import { FAST, withoutLookup } from "./cell.ts";

const { baseUrl, apiKey, folder, lookup, action, jobs, crashAt } = JSON.parse(process.argv[2] ?? "{}") as WorkerOrder;

/** What a worker is told. */
export interface WorkerOrder {
	readonly baseUrl: string;
	readonly apiKey: string;
	readonly folder: string;
	readonly lookup: "none" | "list";
	/** Make jobs, only submit them, or finish those of another process. */
	readonly action: "generate" | "submit" | "resume";
	readonly jobs: number;
	/** The step at which it dies; absent: never. */
	readonly crashAt?: number | undefined;
}

const studio = createStudioProvider({ baseUrl, apiKey });
let steps = 0;

/** Dies when it is its turn. Every step has a moment before it, and one after it. */
function step(): void {
	if (steps === crashAt) process.kill(process.pid, "SIGKILL");
	steps++;
}

async function stepped<Result>(call: () => Promise<Result>): Promise<Result> {
	step();
	try {
		return await call();
	} finally {
		step();
	}
}

const sqlite = new SqliteLedger(join(folder, "ledger.sqlite"));
const ledger: Ledger = {
	insert: (record) => stepped(() => sqlite.insert(record)),
	replace: (record, revision) => stepped(() => sqlite.replace(record, revision)),
	find: (id) => sqlite.find(id),
	list: (filter) => sqlite.list(filter),
	prune: (updatedBeforeMs) => sqlite.prune(updatedBeforeMs),
	close: () => sqlite.close(),
};
const steppedFetch: Fetch = (input, init) => stepped(() => fetch(input, init));

const videos = createVideoService({
	env: { REELAY_ALLOW_PRIVATE_NETWORK: "1" },
	providers: [lookup === "list" ? studio : withoutLookup(studio)],
	ledger,
	fetch: steppedFetch,
	outputDirectory: join(folder, "videos"),
	policies: FAST,
});

if (action !== "resume") {
	const work = Array.from({ length: jobs }, async (_, index) => {
		const job = await videos.submit({ prompt: `kite ${index}` }, { model: "studio:one" });
		if (action === "generate") await job.wait();
	});
	await Promise.allSettled(work);
} else {
	const open = (await videos.jobs({ limit: 1000 })).filter(({ state }) => state !== "succeeded");
	await Promise.allSettled(open.map(async ({ id }) => (await videos.resume(id)).wait()));
}
await videos.close();
process.stdout.write(JSON.stringify({ steps }));
