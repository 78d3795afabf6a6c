/**
 * Keeps the documentation true: generated pages are current, tables list what the code has, links and command lines
 * work, every TypeScript sample type-checks, and every exported name has its comment.
 */
import { checkCommandLines, checkScripts } from "./docs/check-commands.ts";
import { checkIndex, checkLinks } from "./docs/check-links.ts";
import { checkErrorSections, checkLists, checkProviderVariables, checkVariables } from "./docs/check-lists.ts";
import { checkReference } from "./docs/check-reference.ts";
import { GENERATED_PAGES } from "./docs/generated-pages.ts";
import { type Checker, pageAt, readPages } from "./docs/page.ts";
import { typeCheckSamples } from "./docs/type-check-samples.ts";

const checkGenerated: Checker = (pages) =>
	Object.entries(GENERATED_PAGES).flatMap(([path, make]) => {
		const { text } = pageAt(pages, path);
		return make(text) === text ? [] : [`${path} is not current: run "npm run docs"`];
	});

const CHECKERS: readonly Checker[] = [
	checkGenerated,
	checkLists,
	checkErrorSections,
	checkProviderVariables,
	checkVariables,
	checkLinks,
	checkIndex,
	checkScripts,
	typeCheckSamples,
];

const reference = checkReference(); // in a process of its own, while the rest is checked
const pages = readPages();
const problems = [
	...CHECKERS.flatMap((check) => check(pages)),
	...(await checkCommandLines(pages)),
	...(await reference),
];
for (const problem of problems) console.error(problem);
console.log(`${pages.length} pages, ${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);
