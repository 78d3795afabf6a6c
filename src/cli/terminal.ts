import { redact } from "../errors/index.ts";

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
	/** Whether the result is to be JSON. */
	readonly json: boolean;
}

/** What every command takes. */
export interface CommonOptions {
	readonly json?: boolean | undefined;
	readonly quiet?: boolean | undefined;
}

/** The process's own streams. */
export function processTerminal(options: CommonOptions): Terminal {
	const quiet = options.quiet === true;
	return {
		result: (line) => void process.stdout.write(`${line}\n`),
		note: (line) => void (quiet || process.stderr.write(`${redact(line)}\n`)),
		problem: (line) => void process.stderr.write(`${redact(line)}\n`),
		isInteractive: process.stderr.isTTY === true && !quiet,
		json: options.json === true,
	};
}
