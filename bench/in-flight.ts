/**
 * Memory and event loop with 1 to 5,000 generations in flight in one process, each client with its own pace of
 * looks. A hundred have ended before. The service takes all submissions at once and finishes none.
 */
import { runChild, withFolder } from "./support/child.ts";
import { CLIENTS, type ClientName } from "./support/clients.ts";
import type { InFlightResult, InFlightTask } from "./support/in-flight-child.ts";
import { isQuick, print, rounded } from "./support/report.ts";
import { startService } from "./support/service-plan.ts";

const BUDGET_AT = 1000;
const BUDGET_KIBIBYTES = 20;
const BUDGET_DELAY_MS = 50;
const COUNTS = isQuick ? [1, 100, 1000] : [1, 10, 100, 1000, 5000];
const WATCH_MS = isQuick ? 5_000 : 10_000;

interface Row {
	readonly client: ClientName;
	readonly inFlight: number;
	/** Heap and buffers, after a collection. */
	readonly kibibytesEach: number;
	readonly residentKibibytesEach: number;
	readonly eventLoopDelayP99Ms: number;
	readonly cpuShare: number;
	readonly submitSeconds: number;
}

const rows: Row[] = [];
for (const inFlight of COUNTS) {
	for (const client of CLIENTS) {
		await using service = await startService({ videoBytes: 16_384 });
		const common = { client, origin: service.origin, generations: inFlight, watchMs: WATCH_MS };
		const result = await withFolder((folder) =>
			runChild<InFlightResult>("in-flight-child.ts", { ...common, folder } satisfies InFlightTask),
		);
		rows.push({
			client,
			inFlight,
			kibibytesEach: rounded(result.heapBytesEach / 1024),
			residentKibibytesEach: rounded(result.residentBytesEach / 1024),
			eventLoopDelayP99Ms: rounded(result.eventLoopDelayP99Ms),
			cpuShare: rounded(result.cpuShare),
			submitSeconds: rounded(result.submitSeconds),
		});
	}
}
const ours = rows.find(({ client, inFlight }) => client === "reelay" && inFlight === BUDGET_AT);
print({
	name: "in-flight",
	rows,
	budgets:
		ours === undefined
			? []
			: [
					{
						what: `memory of each of ${BUDGET_AT} in flight`,
						budget: `at most ${BUDGET_KIBIBYTES} KiB`,
						measured: `${ours.kibibytesEach} KiB`,
						isMet: ours.kibibytesEach <= BUDGET_KIBIBYTES,
					},
					{
						what: `event loop delay p99, ${BUDGET_AT} in flight`,
						budget: `at most ${BUDGET_DELAY_MS} ms`,
						measured: `${ours.eventLoopDelayP99Ms} ms`,
						isMet: ours.eventLoopDelayP99Ms <= BUDGET_DELAY_MS,
					},
				],
});
