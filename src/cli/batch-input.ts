import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { buffer } from "node:stream/consumers";
import { InputError } from "../errors/index.ts";
import { type LineProblem, parseCsv } from "./batch-csv.ts";
import { cellValue, fieldProblem, type ItemFields, itemHash, splitFields } from "./batch-fields.ts";
import { decodeText } from "./decode-text.ts";

/** How a file of items is written. */
export type BatchFormat = "jsonl" | "csv" | "txt";

/** One item of the input. */
export interface BatchLine extends ItemFields {
	/** Its place among the items, from 1. */
	readonly index: number;
	/** Where it begins in the file, from 1. */
	readonly line: number;
	/** Names it among all items, in this run and in the next: what it asks for, and which of several that ask the same. */
	readonly key: string;
}

/** What a file of items says. */
export interface BatchInput {
	readonly items: readonly BatchLine[];
	/** What cannot be used, by line. */
	readonly problems: readonly LineProblem[];
}

interface Row {
	readonly line: number;
	readonly fields: Readonly<Record<string, unknown>>;
}

interface Rows {
	readonly rows: readonly Row[];
	readonly problems: readonly LineProblem[];
}

const FORMATS: Readonly<Record<string, BatchFormat>> = {
	".jsonl": "jsonl",
	".ndjson": "jsonl",
	".csv": "csv",
	".txt": "txt",
};

const READERS: Readonly<Record<BatchFormat, (text: string) => Rows>> = {
	jsonl: readJsonLines,
	csv: readCsv,
	txt: (text) => ({
		rows: linesOf(text).flatMap(({ line, content }) =>
			content.trimStart().startsWith("#") ? [] : [{ line, fields: { prompt: content.trim() } }],
		),
		problems: [],
	}),
};

/**
 * Reads the file, or standard input for `-`. `defaults` are the options of the command line; an item's own
 * count before them.
 *
 * Throws `InputError` when the file cannot be read, is no text, is of no known format, or holds no item.
 */
export async function readBatch(
	file: string,
	format: BatchFormat | undefined,
	defaults: ItemFields["options"],
): Promise<BatchInput> {
	const text = decodeText(file === "-" ? await buffer(process.stdin) : await load(file), "file");
	const { rows, problems } = READERS[format ?? guessFormat(file, text)](text);
	if (rows.length === 0 && problems.length === 0) {
		const name = file === "-" ? "standard input" : `"${file}"`;
		throw new InputError("file", `${name} holds no item; write one on each line`);
	}
	const counts = new Map<string, number>();
	const given = Object.entries(defaults).filter(([, value]) => value !== undefined);
	const items = rows.map(({ line, fields }, index): BatchLine => {
		const { request, options } = splitFields(fields);
		const item = { request, options: { ...Object.fromEntries(given), ...options } };
		const hash = itemHash(item);
		const count = (counts.get(hash) ?? 0) + 1;
		counts.set(hash, count);
		return { ...item, index: index + 1, line, key: `${hash}-${count}` };
	});
	return { items, problems };
}

async function load(file: string): Promise<Buffer> {
	try {
		return await readFile(file);
	} catch (cause) {
		const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
		const problem = code === "ENOENT" ? "does not exist" : `cannot be read (${code})`;
		throw new InputError("file", `"${file}" ${problem}; name a file of items, or - for standard input`, { cause });
	}
}

function guessFormat(file: string, text: string): BatchFormat {
	if (file === "-") return text.trimStart().startsWith("{") ? "jsonl" : "txt";
	const format = FORMATS[extname(file).toLowerCase()];
	if (format !== undefined) return format;
	throw new InputError("file", `"${file}" ends in none of .jsonl, .csv and .txt; say what it is with --format`);
}

function readJsonLines(text: string): Rows {
	const rows: Row[] = [];
	const problems: LineProblem[] = [];
	for (const { line, content } of linesOf(text)) {
		const fields = parseObject(content);
		const wrong =
			fields === undefined ? ["is no JSON object"] : Object.keys(fields).flatMap((n) => fieldProblem(n) ?? []);
		problems.push(...wrong.map((message) => ({ line, message })));
		if (fields !== undefined && wrong.length === 0) rows.push({ line, fields });
	}
	return { rows, problems };
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
	} catch {
		return undefined;
	}
}

function readCsv(text: string): Rows {
	const { records, problems: found } = parseCsv(text);
	const problems = [...found];
	const [header, ...body] = records;
	if (header === undefined) return { rows: [], problems };
	const names = header.cells.map((cell) => cell.trim());
	for (const [index, name] of names.entries()) {
		const message = names.indexOf(name) < index ? `${name}: stands in the header twice` : fieldProblem(name);
		if (message !== undefined) problems.push({ line: header.line, message });
	}
	// What a cell means depends on the header: with a wrong one, no line means anything.
	if (problems.some(({ line }) => line === header.line)) return { rows: [], problems };
	const rows: Row[] = [];
	for (const { line, cells } of body) {
		if (cells.length !== names.length) {
			problems.push({ line, message: `has ${cells.length} cells, and the header has ${names.length}` });
			continue;
		}
		rows.push({
			line,
			fields: Object.fromEntries(names.map((name, index) => [name, cellValue(name, cells[index] ?? "")])),
		});
	}
	return { rows, problems };
}

function linesOf(text: string): readonly { readonly line: number; readonly content: string }[] {
	return text
		.split(/\r\n|\n|\r/)
		.map((content, index) => ({ line: index + 1, content }))
		.filter(({ content }) => content.trim() !== "");
}
