import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import type { Checker, Page } from "./page.ts";

const LINK = /\]\(\s*<?([^)\s>]+)/g;
const REFERENCE_LINK = /\]\[|^ {0,3}\[[^\]\n]+\]:/m;
/** Files of this repository in commands and text: what `node` runs, and whatever is below a folder of code. */
const FILES = [
	/\bnode (?:-\S+ )*([\w.-]+\/[\w./-]*\w)/g,
	/(?<![\w./-])(?:\.\/)?((?:bench|examples|providers|scripts|src|test)\/[\w./-]*\w)/g,
];

/** Every link leads somewhere, and its anchor to a heading. */
export const checkLinks: Checker = (pages) =>
	pages.flatMap((page) =>
		targetsOf(page).flatMap((target) => {
			const [path = "", anchor] = target.split("#");
			const file = path === "" ? page.path : join(dirname(page.path), path);
			if (!existsSync(file)) return [`${page.path}: the link to ${target} leads nowhere`];
			if (anchor === undefined || anchorsOf(file).includes(anchor)) return [];
			return [`${page.path}: ${target} has no such section`];
		}),
	);

/** Links are written where they stand: those by reference would escape `checkLinks`. */
export const checkReferenceLinks: Checker = (pages) =>
	pages
		.filter(({ prose }) => REFERENCE_LINK.test(prose.replace(/`[^`\n]*`/g, "")))
		.map(({ path }) => `${path}: has a link by reference; write [text](target)`);

/** In no fresh clone: git ignores them. */
const MADE_BY_COMMANDS = /^(?:dist|docs\/api|bench\/results)\//;

/** Every file that a page names is there. */
export const checkFiles: Checker = (pages) =>
	pages.flatMap(({ path, text }) =>
		[...new Set(FILES.flatMap((pattern) => [...text.matchAll(pattern)].map(([, file = ""]) => file)))]
			.filter((file) => !existsSync(file) && !MADE_BY_COMMANDS.test(file))
			.map((file) => `${path}: there is no ${file}`),
	);

/** Nothing is hidden: `docs/README.md` links to every other page of the folder, and some page to every example. */
export const checkIndex: Checker = (pages) => {
	const linked = (from: readonly Page[]) =>
		new Set(from.flatMap((page) => targetsOf(page).map((target) => fileOf(page, target))));
	const inIndex = linked(pages.filter(({ path }) => path === "docs/README.md"));
	const anywhere = linked(pages);
	const missing = pages.filter(
		({ path }) => path.startsWith("docs/") && path !== "docs/README.md" && !inIndex.has(path),
	);
	const unnamed = globSync("examples/*.ts").filter((file) => !anywhere.has(file));
	return [
		...missing.map(({ path }) => `docs/README.md does not link to ${path}`),
		...unnamed.map((file) => `no page links to ${file}`),
	];
};

/** The links to files of this repository. */
function targetsOf({ prose }: Page): readonly string[] {
	return [...prose.matchAll(LINK)]
		.map(([, target = ""]) => target)
		.filter((target) => !/^(https?|mailto):/.test(target));
}

function fileOf(page: Page, target: string): string {
	return normalize(join(dirname(page.path), target.split("#")[0] ?? ""));
}

/** As GitHub makes them of headings. */
function anchorsOf(file: string): readonly string[] {
	return [...readFileSync(file, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
		heading
			.toLowerCase()
			.replace(/[^\p{L}\p{N} _-]/gu, "")
			.replaceAll(" ", "-"),
	);
}
