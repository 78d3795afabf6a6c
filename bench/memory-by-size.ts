/**
 * The most memory that a generation adds, by the size of its video. Each client downloads each size in a process
 * of its own, after three tiny videos that loaded its code.
 */
import { runChild, withFolder } from "./support/child.ts";
import { CLIENTS, type ClientName } from "./support/clients.ts";
import type { MemoryResult, MemoryTask } from "./support/memory-child.ts";
import { isQuick, median, print, rounded } from "./support/report.ts";
import { startService } from "./support/service-plan.ts";

const MEBIBYTE = 2 ** 20;
const BUDGET_MEBIBYTES = 32;
const SIZES = isQuick ? [10, 100] : [10, 100, 1024];
const ROUNDS = isQuick ? 1 : 3;

interface Row {
	readonly client: ClientName;
	readonly videoMebibytes: number;
	/** The most resident memory over what the process took before; the median of the rounds. */
	readonly addedMebibytes: number;
	readonly processMebibytes: number;
}

const rows: Row[] = [];
await using service = await startService({ videoBytes: MEBIBYTE, finishAfterLooks: 2 });
for (const videoMebibytes of SIZES) {
	for (const client of CLIENTS) {
		const results: MemoryResult[] = [];
		for (let round = 0; round < ROUNDS; round += 1) {
			const common = { client, origin: service.origin, videoBytes: videoMebibytes * MEBIBYTE };
			results.push(
				await withFolder((folder) => runChild("memory-child.ts", { ...common, folder } satisfies MemoryTask)),
			);
		}
		const added = median(results.map(({ idleBytes, peakBytes }) => peakBytes - idleBytes));
		const peak = median(results.map(({ peakBytes }) => peakBytes));
		rows.push({
			client,
			videoMebibytes,
			addedMebibytes: rounded(added / MEBIBYTE),
			processMebibytes: rounded(peak / MEBIBYTE),
		});
	}
}
const ours = rows.filter(({ client }) => client === "reelay").map(({ addedMebibytes }) => addedMebibytes);
print({
	name: "memory-by-size",
	rows,
	budgets: [
		{
			what: `memory added, ${SIZES.join(", ")} MiB`,
			budget: `at most ${BUDGET_MEBIBYTES} MiB`,
			measured: `${ours.join(", ")} MiB`,
			isMet: ours.every((added) => added <= BUDGET_MEBIBYTES),
		},
	],
});
