import type { LogLevel } from "../config/index.ts";

/** Where log lines go: plain JSON without secrets. The shape is pino's; other loggers need a small wrapper. */
export interface Logger {
	/** Details for whoever looks for a fault. */
	debug(fields: object, message: string): void;
	/** What happens, one line a transition. */
	info(fields: object, message: string): void;
	/** Something to look at; the job goes on. */
	warn(fields: object, message: string): void;
	/** A job, or a listener, failed. */
	error(fields: object, message: string): void;
}

/** How much a line matters. */
export type LineLevel = keyof Logger;

const LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error", "silent"];

/** A logger that writes JSON lines of at least `level` to stderr, with pino's names for the fields. */
export function stderrLogger(level: LogLevel, now: () => number): Logger {
	const write = (lineLevel: LineLevel) => (fields: object, message: string) => {
		if (LEVELS.indexOf(lineLevel) < LEVELS.indexOf(level)) return;
		const line = { time: new Date(now()).toISOString(), level: lineLevel, msg: message, ...fields };
		process.stderr.write(`${JSON.stringify(line)}\n`);
	};
	return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}
