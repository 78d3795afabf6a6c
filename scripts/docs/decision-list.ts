import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { withPart } from "./generated-part.ts";

/** `docs/README.md` with its list of decisions made anew from their headings. */
export function withDecisions(page: string): string {
	const files = globSync("docs/decisions/*.md").sort();
	const lines = files.map((file) => {
		const [, title = ""] = /^# (.*)$/m.exec(readFileSync(file, "utf8")) ?? [];
		return `- [${title}](decisions/${basename(file)})`;
	});
	return withPart(page, "decisions", lines);
}
