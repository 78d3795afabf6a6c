import { readFileSync } from "node:fs";
import ts from "typescript";
import { DEFAULT_POLICIES, ERROR_TABLE, VERDICT_TABLE } from "../../src/policies/index.ts";
import { withPart } from "./generated-part.ts";

const SETTINGS_FILE = "src/policies/settings.ts";

/** `docs/fallback-and-resilience.md` with its tables made anew from the code; the words between them stay. */
export function withResilienceTables(page: string): string {
	const tables = { errors: errorTable(), verdicts: verdictTable(), settings: settingsTable() };
	return Object.entries(tables).reduce((text, [name, lines]) => withPart(text, name, lines), page);
}

function errorTable(): readonly string[] {
	const rows = Object.entries(ERROR_TABLE).map(
		([kind, { means, counts, submit, poll, download }]) =>
			`| \`${kind}\` | ${means} | ${submit} | ${poll} | ${download} | ${counts} |`,
	);
	return ["| error | what it is | submission | look | download | counts as |", "|---|---|---|---|---|---|", ...rows];
}

function verdictTable(): readonly string[] {
	const rows = Object.entries(VERDICT_TABLE).map(
		([kind, { means, action }]) => `| \`${kind}\` | ${means} | ${action} |`,
	);
	return ["| verdict | what it is | not billed |", "|---|---|---|", ...rows];
}

function settingsTable(): readonly string[] {
	const source = ts.createSourceFile(SETTINGS_FILE, readFileSync(SETTINGS_FILE, "utf8"), ts.ScriptTarget.Latest, true);
	const interfaces = new Map(
		source.statements.filter(ts.isInterfaceDeclaration).map((declared) => [declared.name.text, declared]),
	);
	const rowsOf = (name: string, prefix: string, defaults: object): readonly string[] => {
		const members = interfaces.get(name)?.members ?? [];
		return [...members].filter(ts.isPropertySignature).flatMap((member) => {
			const field = member.name.getText();
			const value: unknown = Object.entries(defaults).find(([known]) => known === field)?.[1];
			const type = member.type?.getText() ?? "";
			if (interfaces.has(type)) return rowsOf(type, `${prefix}${field}.`, value as object);
			return `| \`${prefix}${field}\` | ${value === undefined ? "none" : `\`${value}\``} | ${commentOf(member)} |`;
		});
	};
	return ["| policy | default | what it does |", "|---|---|---|", ...rowsOf("PolicySettings", "", DEFAULT_POLICIES)];
}

function commentOf(member: ts.PropertySignature): string {
	const comments = ts.getJSDocCommentsAndTags(member).filter(ts.isJSDoc);
	const text = comments.map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? "").join(" ");
	return text.replace(/\s+/g, " ").trim();
}
