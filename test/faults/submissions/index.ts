import type { Finding } from "./cell.ts";
import { pollCells, submitCells, verdictCells } from "./cells.ts";
import { runContests } from "./contests.ts";
import { runCrashPoints } from "./crash-points.ts";
import { runRandomSequences } from "./random-sequences.ts";
import { runSideBySide } from "./run-cells.ts";

/** What a run of the suite has found. */
export interface SubmissionReport {
	readonly cells: number;
	readonly jobs: number;
	readonly findings: readonly Finding[];
}

/** Runs every submit, poll and worker cell, and random sequences of faults from a seed. */
export async function runSubmissionFaults(seed: number): Promise<SubmissionReport> {
	const cells = [...submitCells(), ...pollCells(), ...verdictCells()];
	const findings = await runSideBySide(cells);
	const crashes = await runCrashPoints();
	const contests = await runContests();
	const random = await runRandomSequences(seed);
	return {
		cells: cells.length + crashes.cells + contests.cells + random.cells,
		jobs: cells.length + crashes.jobs + contests.cells + random.cells,
		findings: [...findings, ...crashes.findings, ...contests.findings, ...random.findings],
	};
}
