/** Something in the input that cannot be used. */
export interface LineProblem {
	/** Where it begins, from 1. */
	readonly line: number;
	readonly message: string;
}

/** One record of a CSV file. */
export interface CsvRecord {
	/** Where it begins, from 1. */
	readonly line: number;
	readonly cells: readonly string[];
}

/** A cell, in quotes or not, and what ends it. */
const CELL = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;

/**
 * Reads CSV as RFC 4180 has it: cells between commas, in quotes where they hold commas, quotes (doubled) or
 * line breaks; any kind of line break between records. Empty lines are left out. What breaks these rules is
 * a problem, and reading goes on with the next line.
 */
export function parseCsv(text: string): {
	readonly records: readonly CsvRecord[];
	readonly problems: readonly LineProblem[];
} {
	const records: CsvRecord[] = [];
	const problems: LineProblem[] = [];
	let offset = 0;
	let line = 1;
	while (offset < text.length) {
		const start = offset;
		const cells: string[] = [];
		let end: string | undefined = ",";
		while (end === ",") {
			CELL.lastIndex = offset;
			const [whole = "", quoted, bare = "", ended] = CELL.exec(text) ?? [];
			cells.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
			offset += whole.length;
			end = ended;
		}
		if (end === undefined) {
			problems.push({ line, message: problemAt(text, offset) });
			offset = nextLine(text, offset);
		} else if (cells.length > 1 || cells[0] !== "") {
			records.push({ line, cells });
		}
		line += text.slice(start, offset).match(/\r\n|\n|\r/g)?.length ?? 0;
	}
	return { records, problems };
}

function problemAt(text: string, offset: number): string {
	if (text[offset] !== '"') return "a quote stands inside a cell without quotes; put the cell in quotes, and double it";
	const isClosed = /^"[^"]*(?:""[^"]*)*"/.test(text.slice(offset));
	return isClosed
		? "something follows the quote that ends a cell; double the quotes inside the cell"
		: "a quote is opened and never closed";
}

function nextLine(text: string, offset: number): number {
	const found = /\r\n|\n|\r/g;
	found.lastIndex = offset;
	return found.exec(text) === null ? text.length : found.lastIndex;
}
