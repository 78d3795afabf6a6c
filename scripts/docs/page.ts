import { globSync, readFileSync } from "node:fs";

/** A page of the documentation. */
export interface Page {
	/** From the repository's root. */
	readonly path: string;
	readonly text: string;
	/** The same lines, with those of code blocks empty. */
	readonly prose: string;
}

/** Looks for one kind of mistake in all pages; returns each as one line. */
export type Checker = (pages: readonly Page[]) => readonly string[];

/** Every page that people read. What is generated from comments is left out. */
export function readPages(): readonly Page[] {
	const paths = [...globSync("*.md"), ...globSync("docs/**/*.md")].sort();
	return paths.map((path) => {
		const text = readFileSync(path, "utf8");
		return { path, text, prose: text.replace(/^```.*?^```$/gms, (block) => block.replace(/[^\n]/g, "")) };
	});
}

/** Every block of code of a language; `""` for commands. */
export function blocksOf(
	{ text }: Page,
	language: string,
): readonly { readonly line: number; readonly code: string }[] {
	return [...text.matchAll(/^```(.*?)\n(.*?)^```$/gms)]
		.filter(([, named]) => named === language)
		.map(({ 2: code = "", index }) => ({ line: text.slice(0, index).split("\n").length, code }));
}

/** Every piece of one-line code in the text. */
export function inlineCodeOf({ prose }: Page): readonly string[] {
	return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
}

/** The page at a path. One that is missing is empty, and so lacks everything that it should have. */
export function pageAt(pages: readonly Page[], path: string): Page {
	return pages.find((page) => page.path === path) ?? { path, text: "", prose: "" };
}
