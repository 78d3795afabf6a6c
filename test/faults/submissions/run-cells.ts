import { type Cell, type Finding, runCell } from "./cell.ts";

/** Cells that run side by side: most of their time is waiting. */
const SIDE_BY_SIDE = 8;

/** Runs cells, some at a time. */
export async function runSideBySide(cells: readonly Cell[]): Promise<readonly Finding[]> {
	const findings: Finding[] = [];
	const queue = [...cells];
	const work = async () => {
		for (let cell = queue.shift(); cell !== undefined; cell = queue.shift()) {
			try {
				findings.push(...(await runCell(cell)));
			} catch (error) {
				findings.push({ cell: cell.name, kind: "other", problem: String(error) });
			}
		}
	};
	await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
	return findings;
}
