import { processEnvironment } from "../config/index.ts";
import { redact } from "../errors/index.ts";
import { columnsOf } from "./clip.ts";
import { wrapLine } from "./table.ts";

/** Where a command writes: results to stdout, everything else to stderr. */
export interface Terminal {
	/** Writes one line of the result. */
	result(line: string): void;
	/** Writes one line for people; silent with `--quiet`. */
	note(line: string): void;
	/** Writes one line that even `--quiet` does not silence. */
	problem(line: string): void;
	/** Whether a person watches stderr, so that a bar makes sense. */
	readonly isInteractive: boolean;
	/** How many columns the result may have; absent when it goes to a file or to another program. */
	readonly columns?: number;
	/** Whether the result is to be JSON. */
	readonly json: boolean;
	/** Whether errors are told with what caused them. */
	readonly verbose: boolean;
}

/** What every command takes. */
export interface CommonOptions {
	readonly json?: boolean | undefined;
	readonly quiet?: boolean | undefined;
	readonly verbose?: boolean | undefined;
}

/** The process's own streams. */
export function processTerminal(options: CommonOptions): Terminal {
	const quiet = options.quiet === true;
	const tell = (line: string) => {
		const safe = redact(line);
		process.stderr.write(`${process.stderr.isTTY ? wrapLine(safe, columnsOf(process.stderr)) : safe}\n`);
	};
	return {
		result: (line) => void process.stdout.write(`${line}\n`),
		note: (line) => void (quiet || tell(line)),
		problem: tell,
		isInteractive: process.stderr.isTTY === true && processEnvironment()["TERM"] !== "dumb" && !quiet,
		...(process.stdout.isTTY ? { columns: columnsOf(process.stdout) } : {}),
		json: options.json === true,
		verbose: options.verbose === true,
	};
}
