import ts from "typescript";
import { blocksOf, type Checker } from "./page.ts";

/** What a block of code may begin with: commands, samples, what stands beside a sample for comparison, diagrams. */
const FENCES: readonly string[] = ["```", "```ts", "```js", "```mermaid"];

/** Every block of code is one that is checked. */
export const checkFences: Checker = (pages) =>
	pages.flatMap(({ path, text }) =>
		text
			.split("\n")
			.filter((line) => /^[\s>*-]*(?:```|~~~)/.test(line) && !FENCES.includes(line))
			.map((line) => `${path}: "${line}": nothing checks such a block; begin it with one of ${FENCES.join(" ")}`),
	);

/** Every `js` block can be parsed. It stands for other people's code, so its types are theirs. */
export const checkSyntax: Checker = (pages) =>
	pages.flatMap((page) =>
		blocksOf(page, "js").flatMap(({ line, code }) => {
			const compilerOptions = { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext };
			const { diagnostics = [] } = ts.transpileModule(code, {
				fileName: "sample.mjs",
				reportDiagnostics: true,
				compilerOptions,
			});
			return diagnostics.map(
				({ messageText }) => `${page.path}:${line}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
			);
		}),
	);
