import { BODY_CELLS } from "./body-cells.ts";
import { DESTINATION_CELLS } from "./destination-cells.ts";
import { EGRESS_CELLS } from "./egress-cells.ts";
import { LENGTH_CELLS } from "./length-cells.ts";
import { PROBE_CELLS } from "./probe-cells.ts";
import { REDIRECT_CELLS } from "./redirect-cells.ts";
import { type CellOutcome, type FaultCell, type FaultReport, summarize } from "./report.ts";
import { RESUME_CELLS } from "./resume-cells.ts";
import { SLOW_CELLS } from "./slow-cells.ts";
import { STATUS_CELLS } from "./status-cells.ts";

export type { CellFailure, CellOutcome, FaultCell, FaultReport } from "./report.ts";

/** Every cell, in groups that share a subject. */
export const CELL_GROUPS: Readonly<Record<string, readonly FaultCell[]>> = {
	"lengths and protocol": LENGTH_CELLS,
	resuming: RESUME_CELLS,
	"statuses and expired URLs": STATUS_CELLS,
	"bodies that are no video": BODY_CELLS,
	"slow servers": SLOW_CELLS,
	"redirects and keys": REDIRECT_CELLS,
	"names that are taken": DESTINATION_CELLS,
	"addresses that are closed": EGRESS_CELLS,
	"files that lie about themselves": PROBE_CELLS,
};

/** Runs every download, egress and probe cell against real servers on loopback. */
export async function runDownloadFaults(): Promise<FaultReport> {
	const outcomes: (readonly [FaultCell, CellOutcome])[] = [];
	for (const cell of Object.values(CELL_GROUPS).flat()) outcomes.push([cell, await cell.run()]);
	return summarize(outcomes);
}
