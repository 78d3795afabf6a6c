import { globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const RELATIVE_IMPORT = /((?:from|import)\s*\(?\s*")(\.{1,2}\/[^"]+)\.ts"/g;

/**
 * Deletes the declarations that nobody can reach from a subpath: they describe modules that are not published
 * as files. Those that stay import `.js`, which every version of TypeScript accepts there.
 */
export function keepReachableDeclarations(sources: readonly string[]): void {
	const reached = new Set<string>();
	const open = sources.map((source) => join("dist", source.replace(/\.ts$/, ".d.ts")));
	for (let file = open.pop(); file !== undefined; file = open.pop()) {
		if (reached.has(file)) continue;
		reached.add(file);
		const text = readFileSync(file, "utf8");
		for (const [, , path] of text.matchAll(RELATIVE_IMPORT)) open.push(join(dirname(file), `${path}.d.ts`));
		writeFileSync(file, text.replace(RELATIVE_IMPORT, '$1$2.js"'));
	}
	for (const file of globSync("dist/**/*.d.ts")) if (!reached.has(file)) rmSync(file);
}
