import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { ENVIRONMENT, type EnvironmentVariable } from "../config/index.ts";
import { InputError } from "../errors/index.ts";
import { EXIT } from "./exit-code.ts";
import type { CommonOptions, Terminal } from "./terminal.ts";

/** The flags of `init`, parsed. */
export interface InitFlags extends CommonOptions {
	readonly overwrite?: boolean;
}

const NAME = ".env.example";

const HEAD = `# What reelay reads from the environment. Copy this file to .env, fill in what you need, and keep .env
# out of version control. Then start your program with it, or the command line in a shell that has read it:
#
#   node --env-file=.env app.js
#   set -a; . ./.env; set +a
#
# An empty value counts as none.
`;

/** Writes `.env.example` into the current folder. Throws `InputError` when it is there already, or cannot be written. */
export async function init({ overwrite = false }: InitFlags, terminal: Terminal): Promise<number> {
	const path = resolve(NAME);
	try {
		await writeFile(path, environmentTemplate(), { flag: overwrite ? "w" : "wx" });
	} catch (cause) {
		const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
		const problem =
			code === "EEXIST"
				? "exists already; --overwrite replaces it"
				: `cannot be written (${code}); choose another folder`;
		throw new InputError("file", `"${path}" ${problem}`, { cause });
	}
	terminal.result(terminal.json ? JSON.stringify({ path }) : path);
	terminal.note("copy it to .env, fill in what you need, and load it: node --env-file=.env app.js");
	terminal.note("for the command line, in a shell: set -a; . ./.env; set +a");
	return EXIT.done;
}

/** Every variable with what it does. Keys are empty; the rest is a comment with its default. */
export function environmentTemplate(): string {
	return `${HEAD}\n${ENVIRONMENT.map(entry).join("\n")}`;
}

function entry({ name, kind, description, defaultText }: EnvironmentVariable): string {
	const value = /^`([^`]*)`$/.exec(defaultText)?.[1];
	const otherwise = value === undefined && defaultText !== "none" ? ` Unset: ${plain(defaultText)}.` : "";
	const assignment = kind === "secret" ? `${name}=` : `# ${name}=${value ?? ""}`;
	return `# ${plain(description)}${otherwise}\n${assignment}\n`;
}

function plain(markdown: string): string {
	return markdown.replaceAll("`", "");
}
