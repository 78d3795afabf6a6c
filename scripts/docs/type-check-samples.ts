import { resolve } from "node:path";
import ts from "typescript";
import { blocksOf, type Checker } from "./page.ts";

/** Every `ts` block is a module of its own that imports reelay by its name, and type-checks. */
export const typeCheckSamples: Checker = (pages) => {
	const samples = new Map<string, { readonly page: string; readonly line: number; readonly code: string }>();
	for (const page of pages) {
		for (const { line, code } of blocksOf(page, "ts")) {
			const name = resolve(`sample-${page.path.replace(/\W/g, "-")}-${line}.ts`);
			samples.set(name, { page: page.path, line, code: `export {};\n${code}` });
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
};
