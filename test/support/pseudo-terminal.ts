import { spawn, spawnSync } from "node:child_process";
import { describe } from "vitest";
import { commandLine, type RunOptions } from "./command-line.ts";
import { Screen } from "./screen.ts";

/** Whether this machine has the `script` of util-linux, which runs a program on a terminal. */
const HAS_TERMINAL = spawnSync("script", ["--version"]).stdout?.toString().includes("util-linux") ?? false;

/** Tests that need a terminal; left out, with the reason, where there can be none. */
export function describeOnTerminal(title: string, tests: () => void): void {
	const name = HAS_TERMINAL ? title : `${title} (left out: this machine has no script of util-linux)`;
	describe.skipIf(!HAS_TERMINAL)(name, { timeout: 60_000 }, tests);
}

/** How a run on a terminal ended. */
export interface TerminalRun {
	readonly exitCode: number | null;
	/** Everything that was written, with the sequences that move the cursor. */
	readonly written: string;
	/** What stands on the screen at the end. */
	readonly screen: string;
	/** The first screen on which something stood that is looked for; the last one when it never did. */
	screenWith(wanted: RegExp): string;
}

/** Runs the command line on a terminal of its own, stdout and stderr together as a person sees them. */
export async function runOnTerminal(
	args: readonly string[],
	options: Omit<RunOptions, "onStderr"> & {
		readonly columns?: number;
		/** Rewrites what differs from run to run, before it is drawn. */
		readonly normalise?: (text: string) => string;
		/** Called with everything that was written so far; `type` presses keys. */
		readonly onWritten?: (text: string, type: (keys: string) => void) => void;
	},
): Promise<TerminalRun> {
	const { columns = 80, normalise = (text) => text, onWritten } = options;
	const { command, env } = commandLine(args, options);
	const line = `stty cols ${columns} rows 24; exec ${command.map(quoted).join(" ")}`;
	const child = spawn("script", ["-qec", line, "/dev/null"], {
		cwd: options.cwd,
		env: { TERM: "xterm", SHELL: "/bin/sh", ...env },
		stdio: ["pipe", "pipe", "inherit"],
	});
	let written = "";
	child.stdout.setEncoding("utf8").on("data", (piece: string) => {
		written += piece;
		onWritten?.(written, (keys) => child.stdin.write(keys));
	});
	const exitCode = await new Promise<number | null>((done) => child.on("close", done));
	const screen = new Screen(columns);
	screen.write(normalise(written));
	return {
		exitCode,
		written,
		screen: screen.text,
		screenWith(wanted) {
			const drawn = new Screen(columns);
			for (const step of normalise(written).split(ROW_END)) {
				drawn.write(step);
				if (wanted.test(drawn.text)) break;
			}
			return drawn.text;
		},
	};
}

/** After a row was drawn, the rest of its line is cleared. */
const ROW_END = new RegExp(`(?<=${String.fromCharCode(27)}\\[0?K)`);

function quoted(argument: string): string {
	return `'${argument.replaceAll("'", `'\\''`)}'`;
}
