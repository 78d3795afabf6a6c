import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import ts from "typescript";

/**
 * Type-checks every `ts` block of the pages as a module of its own that imports reelay by its name.
 * Returns the problems with the page's line.
 */
export function typeCheckSamples(pages: readonly string[]): readonly string[] {
	const samples = new Map<string, { readonly page: string; readonly line: number; readonly code: string }>();
	for (const page of pages) {
		const text = readFileSync(page, "utf8");
		for (const match of text.matchAll(/^```ts\n(.*?)^```/gms)) {
			const line = text.slice(0, match.index).split("\n").length;
			const name = resolve(`sample-${basename(page, ".md").toLowerCase()}-${line}.ts`);
			samples.set(name, { page, line, code: `export {};\n${match[1]}` });
		}
	}
	const { config } = ts.readConfigFile("tsconfig.json", ts.sys.readFile);
	const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ".");
	const checked: ts.CompilerOptions = {
		...options,
		noUnusedLocals: false,
		noUnusedParameters: false,
	};
	const host = ts.createCompilerHost(checked);
	const { fileExists, readFile, getSourceFile } = host;
	host.fileExists = (name) => samples.has(name) || fileExists(name);
	host.readFile = (name) => samples.get(name)?.code ?? readFile(name);
	host.getSourceFile = (name, target, ...rest) => {
		const sample = samples.get(name);
		if (sample === undefined) return getSourceFile.call(host, name, target, ...rest);
		return ts.createSourceFile(name, sample.code, target);
	};
	const program = ts.createProgram([...samples.keys()], checked, host);
	return [...samples].flatMap(([name, { page, line }]) => {
		const file = program.getSourceFile(name);
		const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
		return found.map((diagnostic) => {
			const offset = file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line ?? 0;
			return `${page}:${line + offset}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n")}`;
		});
	});
}
