import type { CommanderError } from "commander";
import { redact } from "../errors/index.ts";
import { EXIT } from "./exit-code.ts";
import { processTerminal } from "./terminal.ts";

/** Tells what is wrong with a command line, and how to write it. Returns the exit code. */
export function reportUsage({ code, message }: CommanderError, args: readonly string[]): number {
	const terminal = processTerminal({ json: args.includes("--json") });
	const problem = redact(message.replace(/^error: /, "").replaceAll(/\s*\n\s*/g, " "));
	if (terminal.json) {
		terminal.result(JSON.stringify({ error: { name: "InputError", code: "invalid_input", message: problem } }));
	}
	terminal.problem(`reelay: ${problem}`);
	terminal.problem(remedy(code, args));
	return EXIT.wrongInput;
}

function remedy(code: string, args: readonly string[]): string {
	const [command = "", ...rest] = args;
	if (code === "commander.unknownCommand" && /\s/.test(command)) {
		return `to make a video of it: reelay generate ${quoted(command)}`;
	}
	if (command === "generate") {
		if (rest.includes("--")) return 'the prompt comes last: reelay generate --dry-run -- "-5 degrees outside"';
		const dashed = rest.find((arg) => /^-[^-].*\s/.test(arg) || /^-\d/.test(arg));
		if (dashed !== undefined) return `if that is the prompt, put -- before it: reelay generate -- ${quoted(dashed)}`;
		if (code === "commander.excessArguments") return `put the prompt in quotes: reelay generate ${promptOf(rest)}`;
		if (code === "commander.missingArgument") return 'say what it should show: reelay generate "A red kite at dawn"';
	}
	const isCommand = /^[a-z]+$/.test(command) && code !== "commander.unknownCommand";
	return `(reelay ${isCommand ? `${command} ` : ""}--help shows what there is)`;
}

/** The words of a prompt as far as flags do not mix in. */
function promptOf(args: readonly string[]): string {
	const end = args.findIndex((arg) => arg.startsWith("-"));
	const words = end === -1 ? args : args.slice(0, end);
	return words.length > 1 ? quoted(words.join(" ")) : '"…"';
}

/** As a shell takes it. */
function quoted(text: string): string {
	return `"${text.replaceAll(/["\\$`]/g, "\\$&")}"`;
}
