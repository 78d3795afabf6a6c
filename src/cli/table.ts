import { widthOf } from "./clip.ts";

/** A last column that is narrower than this is left to the terminal. */
const LEAST_COLUMNS = 20;

/**
 * Rows as aligned columns, two spaces apart. The last one is not padded, and wraps at words where that keeps
 * the table within `columns`.
 */
export function table(rows: readonly (readonly string[])[], columns = Number.POSITIVE_INFINITY): string {
	const widths: number[] = [];
	for (const row of rows) {
		for (const [column, cell] of row.slice(0, -1).entries()) {
			widths[column] = Math.max(widths[column] ?? 0, widthOf(cell));
		}
	}
	return rows
		.map((row) => {
			const head = row.slice(0, -1).map((cell, column) => `${pad(cell, widths[column] ?? 0)}  `);
			const indent = widthOf(head.join(""));
			const room = columns - 1 - indent;
			const last = row.at(-1) ?? "";
			const lines = room < LEAST_COLUMNS ? [last] : wrap(last, room);
			return (head.join("") + lines.join(`\n${" ".repeat(indent)}`)).trimEnd();
		})
		.join("\n");
}

/** A word, or a command that is to be copied whole. */
const WORD = /reelay [a-z]+ (?:job_|rl1\.)\S+|\S+/g;

/** The text in lines of at most so many columns; a word that is longer has a line of its own. */
export function wrap(text: string, columns: number): readonly string[] {
	const lines: string[] = [];
	if (widthOf(text) <= columns) return [text];
	for (const [word] of text.matchAll(WORD)) {
		const line = lines.at(-1);
		if (line === undefined || widthOf(line) + 1 + widthOf(word) > columns) lines.push(word);
		else lines[lines.length - 1] = `${line} ${word}`;
	}
	return lines;
}

/** A line for a terminal of so many columns, indented as it was. */
export function wrapLine(line: string, columns: number): string {
	const [indent = ""] = /^ */.exec(line) ?? [];
	return wrap(line.slice(indent.length), columns - 1 - indent.length)
		.map((part) => indent + part)
		.join("\n");
}

function pad(text: string, columns: number): string {
	return text + " ".repeat(Math.max(0, columns - widthOf(text)));
}
