import { CommanderError } from "commander";
import { buildCommands } from "./commands.ts";
import { EXIT } from "./exit-code.ts";
import { reportError } from "./report-error.ts";
import { type CommonOptions, processTerminal, type Terminal } from "./terminal.ts";
import { reportUsage } from "./usage-error.ts";
import { packageVersion } from "./version.ts";

/** Runs the command line and returns the exit code. Never throws. */
export async function run(args: readonly string[]): Promise<number> {
	let exitCode: number = EXIT.done;
	const execute = async (flags: CommonOptions, command: (terminal: Terminal) => Promise<number>) => {
		const terminal = processTerminal(flags);
		try {
			exitCode = await command(terminal);
		} catch (error) {
			exitCode = reportError(error, terminal);
		}
	};
	try {
		await buildCommands(await packageVersion(), execute).parseAsync(args, { from: "user" });
	} catch (error) {
		if (!(error instanceof CommanderError)) throw error;
		if (error.exitCode === 0) return EXIT.done;
		// Without a command the help was shown, which says it all.
		return error.code === "commander.help" ? EXIT.wrongInput : reportUsage(error, args);
	}
	return exitCode;
}
