/** What one benchmark measured against what it should have. */
export interface Budget {
	/** In a few words, for the table at the end. */
	readonly what: string;
	readonly budget: string;
	readonly measured: string;
	readonly isMet: boolean;
}

/** What a benchmark prints, and what the charts are made from. */
export interface Report {
	readonly name: string;
	/** Each value is text, or a number with the unit that its column's name says. */
	readonly rows: readonly object[];
	readonly budgets: readonly Budget[];
}

/** Whether a fast look is enough: fewer rounds, smaller sizes. */
export const isQuick: boolean = process.argv.includes("--quick");

/** Prints the rows as a table, and everything as one line of JSON, which must be the last. */
export function print(report: Report): void {
	console.table(report.rows);
	console.log(JSON.stringify(report));
}

/** The middle one. */
export function median(values: readonly number[]): number {
	return values.toSorted((one, other) => one - other)[values.length >> 1] ?? Number.NaN;
}

/** To two places, or none from a hundred on. */
export function rounded(value: number): number {
	return Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 100) / 100;
}
