/**
 * Processor time of one generation, submitted, looked at ten times and downloaded, beside the hand-written loop
 * and the Vercel AI SDK. The clients take turns, each in a process of its own; shown is the median of the rounds.
 * With a tiny video what is left is the work around it: reelay's ledger, its checks, its look at the file.
 */
import { runChild, withFolder } from "./support/child.ts";
import { CLIENTS, type ClientName } from "./support/clients.ts";
import type { CpuTask } from "./support/cpu-child.ts";
import { isQuick, median, print, rounded } from "./support/report.ts";
import { startService } from "./support/service-plan.ts";

const BUDGET = 1.5;
const LOOKS = 10;
const ROUNDS = isQuick ? 1 : 3;
const SIZES = [
	{ mebibytes: 5, generations: isQuick ? 10 : 30 },
	{ mebibytes: 0.01, generations: isQuick ? 20 : 60 },
];

const rows: { client: ClientName; videoMebibytes: number; cpuMs: number; timesByHand: number }[] = [];
for (const { mebibytes, generations } of SIZES) {
	await using service = await startService({ videoBytes: Math.round(mebibytes * 2 ** 20), finishAfterLooks: LOOKS });
	const times = new Map<ClientName, number[]>();
	for (let round = 0; round < ROUNDS; round += 1) {
		for (const client of CLIENTS) {
			const common = { client, origin: service.origin, warmUps: 5, generations };
			const cpuMs = await withFolder((folder) =>
				runChild<number>("cpu-child.ts", { ...common, folder } satisfies CpuTask),
			);
			times.set(client, [...(times.get(client) ?? []), cpuMs]);
		}
	}
	const byHand = median(times.get("hand-written loop") ?? []);
	for (const [client, values] of times) {
		const cpuMs = median(values);
		rows.push({ client, videoMebibytes: mebibytes, cpuMs: rounded(cpuMs), timesByHand: rounded(cpuMs / byHand) });
	}
}
const times = rows.find(({ client, videoMebibytes }) => client === "reelay" && videoMebibytes === 5)?.timesByHand;
print({
	name: "generation-cpu",
	rows,
	budgets: [
		{
			what: "CPU of a generation, 5 MiB",
			budget: `at most ${BUDGET} × by hand`,
			measured: `${times} ×`,
			isMet: times !== undefined && times <= BUDGET,
		},
	],
});
