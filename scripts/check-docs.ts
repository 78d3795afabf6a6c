/**
 * Keeps the documentation true: generated pages are current, tables list what the code has, links and command lines
 * work, the files, variables, flags and errors that a page names are there, every TypeScript sample type-checks, and
 * every exported name has its comment.
 */
import { checkFences, checkSyntax } from "./docs/check-blocks.ts";
import { checkCommandLines, checkFlags, checkScripts } from "./docs/check-commands.ts";
import { checkFiles, checkIndex, checkLinks, checkReferenceLinks } from "./docs/check-links.ts";
import {
	checkErrorNames,
	checkErrorSections,
	checkLists,
	checkProviderVariables,
	checkVariables,
} from "./docs/check-lists.ts";
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
	checkErrorNames,
	checkProviderVariables,
	checkVariables,
	checkLinks,
	checkReferenceLinks,
	checkFiles,
	checkIndex,
	checkScripts,
	checkFlags,
	checkFences,
	checkSyntax,
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
