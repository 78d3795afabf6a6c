import type { LogLevel } from "../config/index.ts";
import { redact } from "../errors/index.ts";

/** Where log lines go. The shape is that of pino, console-like loggers need a small wrapper. */
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

const LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error", "silent"];

/** A logger that writes JSON lines of at least `level` to stderr, without secrets. */
export function stderrLogger(level: LogLevel, now: () => number): Logger {
	const write = (lineLevel: LogLevel) => (fields: object, message: string) => {
		if (LEVELS.indexOf(lineLevel) < LEVELS.indexOf(level)) return;
		const line = { time: new Date(now()).toISOString(), level: lineLevel, message, ...fields };
		process.stderr.write(`${redact(JSON.stringify(line))}\n`);
	};
	return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}
