import { readFileSync } from "node:fs";
import { CommanderError } from "commander";
import { buildCommands } from "../../src/cli/commands.ts";
import { blocksOf, type Checker, inlineCodeOf, type Page } from "./page.ts";

/** What stands before the arguments of a command line of reelay, and what it stands for. */
const CALLS: readonly (readonly [prefix: RegExp, args: readonly string[]])[] = [
	[/^(?:npx )?reelay /, []],
	[/^npm run (?:--silent )?reelay -- /, []],
	[/^npm start (?:--silent )?-- /, ["generate"]],
];
/** Flags in the text that are npm's or Node's. */
const FOREIGN_FLAGS: readonly string[] = ["--silent"];
const WORD = /"([^"]*)"|'([^']*)'|([^\s"']+)/g;

/** Every command line of reelay in a page can be parsed: the command, its flags and their choices are there. */
export async function checkCommandLines(pages: readonly Page[]): Promise<readonly string[]> {
	const problems: string[] = [];
	for (const page of pages) {
		for (const line of shellLines(page)) {
			const problem = await problemOf(line);
			if (problem !== undefined) problems.push(`${page.path}: "${line}": ${problem}`);
		}
	}
	return problems;
}

/** Every `npm run` in a page names a script. */
export const checkScripts: Checker = (pages) => {
	const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { readonly scripts: object };
	return pages.flatMap(({ path, text }) =>
		[...text.matchAll(/\bnpm run ([\w:-]+)/g)]
			.filter(([, name = ""]) => !Object.hasOwn(scripts, name))
			.map(([call]) => `${path}: "${call}" is no script of package.json`),
	);
};

/** Every flag that the text names is a flag of some command. */
export const checkFlags: Checker = (pages) => {
	const program = buildCommands("", async () => undefined);
	const ours = [program, ...program.commands].flatMap(({ options }) => options.map(({ long }) => long));
	const known = new Set<string | null | undefined>(["--help", ...ours, ...FOREIGN_FLAGS]);
	return pages.flatMap((page) =>
		inlineCodeOf(page).flatMap((code) => {
			const [flag] = /^--[a-z][a-z-]*/.exec(code) ?? [];
			return flag === undefined || known.has(flag) ? [] : [`${page.path}: no command has the flag ${flag}`];
		}),
	);
};

/** Lines of the code blocks that have no language, and one-line code in the text. */
function shellLines(page: Page): readonly string[] {
	return [...blocksOf(page, "").flatMap(({ code }) => code.split("\n")), ...inlineCodeOf(page)];
}

/** What is wrong with a line; `undefined` also for a line that is no call of reelay. */
async function problemOf(line: string): Promise<string | undefined> {
	const calls = line.split(/ (?:&&|\||;) /).map((call) => call.replace(/^(?:[A-Z_]+=\S* )+/, "").trim());
	for (const call of calls) {
		for (const [prefix, before] of CALLS) {
			if (!prefix.test(call)) continue;
			const problem = await parse([...before, ...words(call.replace(prefix, ""))]);
			if (problem !== undefined) return problem;
		}
	}
	return undefined;
}

/** As a shell takes it apart, as far as the pages need it. */
function words(line: string): readonly string[] {
	return [...line.replace(/(?:^|\s)#.*$/, "").matchAll(WORD)].map(
		([, double, single, plain]) => double ?? single ?? plain ?? "",
	);
}

async function parse(args: readonly string[]): Promise<string | undefined> {
	const program = buildCommands("", async () => undefined);
	for (const command of program.commands) command.exitOverride().configureOutput({ outputError: () => undefined });
	try {
		await program.parseAsync(args, { from: "user" });
		return undefined;
	} catch (error) {
		if (!(error instanceof CommanderError)) throw error;
		// A page may speak of a command without its arguments, and of the program without a command.
		if (error.exitCode === 0 || error.code === "commander.missingArgument") return undefined;
		return error.message;
	}
}
