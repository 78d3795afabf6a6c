/** What a run of fault cells came to. */
export interface FaultReport {
	/** How many faults were tried. */
	readonly cells: number;
	/** How many downloads and probes that took. */
	readonly jobs: number;
	/** How often the final name stood for anything but the whole video. */
	readonly wronglyFinal: number;
	/** Connections to addresses that must not be connected to. */
	readonly deniedConnects: number;
	/** Bytes that were on the disk under a strong entity tag and were fetched again. */
	readonly bytesLost: number;
	readonly failures: readonly CellFailure[];
}

/** A cell that did not end as it must. */
export interface CellFailure {
	readonly cell: string;
	readonly problem: string;
}

/** What one cell came to. */
export interface CellOutcome extends Omit<FaultReport, "cells" | "failures"> {
	readonly problems: readonly string[];
}

/** One fault, its expected end, and how to try it. */
export interface FaultCell {
	readonly name: string;
	/** Never throws: what went wrong is among the problems. */
	run(): Promise<CellOutcome>;
}

/** The sums over cells that were run. */
export function summarize(outcomes: readonly (readonly [FaultCell, CellOutcome])[]): FaultReport {
	const sum = (value: (outcome: CellOutcome) => number) =>
		outcomes.reduce((total, [, outcome]) => total + value(outcome), 0);
	return {
		cells: outcomes.length,
		jobs: sum((outcome) => outcome.jobs),
		wronglyFinal: sum((outcome) => outcome.wronglyFinal),
		deniedConnects: sum((outcome) => outcome.deniedConnects),
		bytesLost: sum((outcome) => outcome.bytesLost),
		failures: outcomes.flatMap(([{ name: cell }, { problems }]) => problems.map((problem) => ({ cell, problem }))),
	};
}
