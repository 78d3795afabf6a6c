/**
 * A batch against what it would take if nothing but the generations took time: `ceil(n / c) × T`. All waits are
 * a fifth of the usual ones (a twentieth in a quick run), so 9 seconds stand for 45; what the machine itself
 * takes is not divided, and weighs five times as much here. The clients run at the same time: they mostly wait.
 */
import { withFolder } from "./support/child.ts";
import { CLIENTS, type ClientName, createClient } from "./support/clients.ts";
import { isQuick, print, rounded } from "./support/report.ts";
import { startService } from "./support/service-plan.ts";

const SCALE = isQuick ? 20 : 5;
const BUDGET_SHARE = 0.05;
const CONCURRENCY = 5;
const ITEMS = isQuick ? 25 : 50;
const GENERATION_MS = 45_000 / SCALE;
/** The defaults of reelay, and 5 seconds for the others. */
const POLICIES = {
	minPollMs: 50 / SCALE,
	pollMs: 2_000 / SCALE,
	maxPollMs: 15_000 / SCALE,
	maxBackoffMs: 60_000 / SCALE,
};
const POLL_MS = 5_000 / SCALE;

interface Row {
	readonly client: ClientName;
	readonly items: number;
	readonly concurrency: number;
	readonly idealSeconds: number;
	readonly seconds: number;
	/** What came on top of the ideal. */
	readonly addedPercent: number;
}

const idealSeconds = (Math.ceil(ITEMS / CONCURRENCY) * GENERATION_MS) / 1000;
const prompts = Array.from({ length: ITEMS }, (_, index) => `A red kite over the sea, take ${index}`);
const rows = await Promise.all(CLIENTS.map(measure));
const ours = rows.find(({ client }) => client === "reelay")?.addedPercent ?? Number.NaN;
print({
	name: "batch-efficiency",
	rows,
	budgets: [
		{
			what: `batch of ${ITEMS}, ${CONCURRENCY} at a time, over ceil(n / c) × T`,
			budget: `at most ${BUDGET_SHARE * 100} % more`,
			measured: `${ours} %`,
			isMet: ours <= BUDGET_SHARE * 100,
		},
	],
});

async function measure(name: ClientName): Promise<Row> {
	await using service = await startService({ videoBytes: 2 ** 20, finishAfterMs: GENERATION_MS });
	const seconds = await withFolder(async (folder) => {
		const pace = name === "reelay" ? { policies: POLICIES } : { pollMs: POLL_MS };
		await using client = createClient(name, { origin: service.origin, folder, ...pace });
		const startedAt = performance.now();
		await client.generateAll(prompts, folder, CONCURRENCY);
		return (performance.now() - startedAt) / 1000;
	});
	const addedPercent = rounded((seconds / idealSeconds - 1) * 100);
	return {
		client: name,
		items: ITEMS,
		concurrency: CONCURRENCY,
		idealSeconds,
		seconds: rounded(seconds),
		addedPercent,
	};
}
