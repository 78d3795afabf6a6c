import type { Command, Option } from "commander";
import { EXIT } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

/** The shells that a script can be made for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** A shell that a script can be made for. */
export type Shell = (typeof SHELLS)[number];

const PATHS: readonly string[] = ["file", "path"];

/** Prints a shell's script. It is made from the commands themselves, so it has all of them. */
export function completion(program: Command, shell: Shell, terminal: Terminal): number {
	const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };
	terminal.result(scripts[shell](program));
	return EXIT.done;
}

/** Flags are offered after a dash, otherwise the choices that there are; and files where there are none. */
function bashScript({ commands }: Command): string {
	const names = commands.map((command) => command.name()).join(" ");
	const afterFlags = commands.flatMap((command) => {
		const name = command.name();
		const cases = (options: readonly Option[]) =>
			options.flatMap((option) => spellings(option).map((flag) => `"${name} ${flag}"`)).join(" | ");
		const valued = command.options.filter((option) => takesValue(option) && option.argChoices === undefined);
		return [
			...command.options.flatMap((option) =>
				option.argChoices === undefined ? [] : [`${cases([option])}) words="${option.argChoices.join(" ")}" ;;`],
			),
			...(valued.length === 0 ? [] : [`${cases(valued)}) ;;`]),
		];
	});
	const rest = commands.flatMap((command) => {
		const choices = command.registeredArguments[0]?.argChoices?.join(" ");
		return [
			`"${command.name()} -"*) words="${flagsOf(command).flatMap(spellings).join(" ")}" ;;`,
			...(choices === undefined ? [] : [`"${command.name()} "*) words="${choices}" ;;`]),
		];
	});
	return `# In ~/.bashrc: eval "$(reelay completion bash)"
_reelay() {
	local word="\${COMP_WORDS[COMP_CWORD]}" command="\${COMP_WORDS[1]}" words=""
	if [ "$COMP_CWORD" -eq 1 ]; then
		words="${names} help --help --version"
	else
		case "$command \${COMP_WORDS[COMP_CWORD - 1]}" in
			"help help") words="${names}" ;;
			${afterFlags.join("\n\t\t\t")}
			*) case "$command $word" in
				${rest.join("\n\t\t\t\t")}
			esac ;;
		esac
	fi
	COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _reelay reelay`;
}

function zshScript({ commands }: Command): string {
	const described = commands.map((command) => quote(`${command.name()}:${command.description()}`));
	const cases = commands.map((command) => {
		const flags = flagsOf(command).flatMap((option) => {
			const meaning = `[${option.description.replaceAll(/[[\]\\]/g, "\\$&")}]`;
			const value = takesValue(option)
				? `:${valueName(option)}:${zshValues(valueName(option), option.argChoices)}`
				: "";
			return spellings(option).map((flag) => quote(`*${flag}${meaning}${value}`));
		});
		const args = command.registeredArguments.map((argument, index) =>
			quote(`${index + 1}:${argument.name()}:${zshValues(argument.name(), argument.argChoices)}`),
		);
		return `${command.name()}) _arguments ${[...flags, ...args].join(" \\\n\t\t\t")} ;;`;
	});
	return `# In ~/.zshrc, after compinit: source <(reelay completion zsh)
_reelay() {
	local -a commands
	commands=(
		${described.join("\n\t\t")}
	)
	if (( CURRENT == 2 )); then
		_describe command commands
		return
	fi
	shift words
	(( CURRENT -= 1 ))
	case $words[1] in
		${cases.join("\n\t\t")}
	esac
}
compdef _reelay reelay`;
}

function fishScript({ commands }: Command): string {
	const lines = commands.flatMap((command) => {
		const of = `complete -c reelay -n ${quote(`__fish_seen_subcommand_from ${command.name()}`)}`;
		const args = command.registeredArguments.map((argument) => fishValues(argument.name(), argument.argChoices));
		return [
			`complete -c reelay -n __fish_use_subcommand -a ${command.name()} -d ${quote(command.description())}`,
			...flagsOf(command).map((option) => {
				const short = option.short === undefined ? "" : ` -s ${option.short.slice(1)}`;
				const values = fishValues(valueName(option), option.argChoices);
				const value = takesValue(option) ? `${values.endsWith("-F") ? " -r" : " -x"}${values}` : "";
				return `${of}${short} -l ${String(option.long).slice(2)}${value} -d ${quote(option.description)}`;
			}),
			...args.filter((values) => values !== "").map((values) => of + values),
		];
	});
	return `# In ~/.config/fish/config.fish: reelay completion fish | source
complete -c reelay -f
${lines.join("\n")}`;
}

function flagsOf(command: Command): readonly Option[] {
	return command.createHelp().visibleOptions(command);
}

function spellings({ short, long }: Option): readonly string[] {
	return [short, long].filter((flag) => flag !== undefined);
}

function takesValue({ required, optional }: Option): boolean {
	return required || optional;
}

/** What stands between the angle brackets of a flag. */
function valueName({ flags }: Option): string {
	return /<(\w+)>/.exec(flags)?.[1] ?? "value";
}

/** `name` is that of a value in the help: it tells what is a path. */
function zshValues(name: string, choices: readonly string[] | undefined): string {
	return choices === undefined ? (PATHS.includes(name) ? "_files" : "") : `(${choices.join(" ")})`;
}

function fishValues(name: string, choices: readonly string[] | undefined): string {
	return choices === undefined ? (PATHS.includes(name) ? " -F" : "") : ` -a ${quote(choices.join(" "))}`;
}

function quote(text: string): string {
	return `'${text.replaceAll("'", `'\\''`)}'`;
}
