/**
 * Keeps the documentation true: generated pages are current, every error code has its section, links
 * resolve, and every TypeScript sample type-checks.
 */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { environmentPage } from "./docs/environment-page.ts";
import { withResilienceTables } from "./docs/resilience-tables.ts";
import { typeCheckSamples } from "./docs/type-check-samples.ts";

const pages = [...globSync("*.md"), ...globSync("docs/**/*.md")];
const problems: string[] = [];

if (readFileSync("docs/environment.md", "utf8") !== environmentPage()) {
	problems.push('docs/environment.md is not current: run "npm run docs"');
}

const resiliencePage = readFileSync("docs/fallback-and-resilience.md", "utf8");
if (resiliencePage !== withResilienceTables(resiliencePage)) {
	problems.push('the tables of docs/fallback-and-resilience.md are not current: run "npm run docs"');
}

const errorPage = readFileSync("docs/errors.md", "utf8");
const codes = globSync("src/errors/*-error.ts").flatMap((file) => {
	const code = /override readonly code = "([a-z_]+)"/.exec(readFileSync(file, "utf8"))?.[1];
	return code === undefined ? [] : [code];
});
const sections = [...errorPage.matchAll(/^## `([a-z_]+)`/gm)].map((match) => match[1]);
for (const code of codes) if (!sections.includes(code)) problems.push(`docs/errors.md has no section for \`${code}\``);
for (const section of sections) {
	if (section !== undefined && !codes.includes(section))
		problems.push(`docs/errors.md explains \`${section}\`, which does not exist`);
}

for (const page of pages) {
	const text = readFileSync(page, "utf8");
	for (const [, target = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
		if (/^(https?|mailto):/.test(target)) continue;
		const [path = "", anchor] = target.split("#");
		const file = path === "" ? page : join(dirname(page), path);
		if (!existsSync(file)) problems.push(`${page}: the link to ${target} leads nowhere`);
		else if (anchor !== undefined && !anchorsOf(file).includes(anchor))
			problems.push(`${page}: ${target} has no such section`);
	}
}

problems.push(...typeCheckSamples(pages.map((page) => resolve(page))));

for (const problem of problems) console.error(problem);
console.log(`${pages.length} pages, ${codes.length} error codes, ${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);

function anchorsOf(file: string): readonly string[] {
	return [...readFileSync(file, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
		heading
			.toLowerCase()
			.replace(/[^\p{L}\p{N} _-]/gu, "")
			.replaceAll(" ", "-"),
	);
}
