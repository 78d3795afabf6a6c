import { LENGTH_CELLS } from "./length-cells.ts";
import { type CellOutcome, type FaultCell, type FaultReport, summarize } from "./report.ts";

export type { CellFailure, CellOutcome, FaultCell, FaultReport } from "./report.ts";

/** Every cell, in groups that share a subject. */
export const CELL_GROUPS: Readonly<Record<string, readonly FaultCell[]>> = {
	"lengths and protocol": LENGTH_CELLS,
};

/** Runs every download, egress and probe cell against real servers on loopback. */
export async function runDownloadFaults(): Promise<FaultReport> {
	const outcomes: (readonly [FaultCell, CellOutcome])[] = [];
	for (const cell of Object.values(CELL_GROUPS).flat()) outcomes.push([cell, await cell.run()]);
	return summarize(outcomes);
}
