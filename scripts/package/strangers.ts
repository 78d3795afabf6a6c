import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { build, rolldown } from "rolldown";
import { installedPackages } from "./entries.ts";

const SAMPLE = "scripts/package/use-every-subpath.ts";
const TYPESCRIPT = resolve("node_modules/typescript/bin/tsc");
const STRICT = { strict: true, skipLibCheck: false, noEmit: true, target: "es2022", types: ["node"] };

/** A fresh project that uses the package, and the arguments of Node that check and run it, in order. */
export interface Stranger {
	readonly name: string;
	readonly folder: string;
	readonly commands: readonly (readonly string[])[];
}

/** Makes the four projects below `folder`, with the package that lies in `packageFolder` installed. */
export async function makeStrangers(folder: string, packageFolder: string): Promise<readonly Stranger[]> {
	const place = (name: string, hasOptional = true) => makeProject(join(folder, name), packageFolder, hasOptional);
	const esm = place("esm");
	await compile(esm, "esm", "main.mjs");
	// Two without what npm may leave out: everything but the renderer works, and no type needs it.
	const commonJs = place("commonjs", false);
	await compile(commonJs, "cjs", "main.cjs");
	const nodenext = place("nodenext", false);
	writeTypeScript(nodenext, { module: "nodenext", lib: ["es2022"] });
	const bundler = place("bundler");
	writeTypeScript(bundler, { module: "esnext", moduleResolution: "bundler" });
	await compile(bundler, "esm", "bundle.mjs");
	return [
		{ name: "ESM", folder: esm, commands: [["main.mjs", "."]] },
		{ name: "CommonJS, no optional packages", folder: commonJs, commands: [["main.cjs", "."]] },
		{ name: "TypeScript, nodenext", folder: nodenext, commands: [[TYPESCRIPT], ["main.ts", "."]] },
		{ name: "TypeScript, bundler", folder: bundler, commands: [[TYPESCRIPT], ["bundle.mjs", "."]] },
	];
}

/** What a bundler makes of one small import. In bytes, without the dependencies. */
export async function shakenBytes(folder: string): Promise<number> {
	const file = join(folder, "one-name.mjs");
	writeFileSync(file, 'export { isVideoError } from "reelay";\n');
	const bundle = await rolldown({ input: file, platform: "node", external: [...installedPackages()] });
	const { output } = await bundle.generate({ format: "esm" });
	await bundle.close();
	return output.reduce((sum, part) => sum + (part.type === "chunk" ? part.code.length : 0), 0);
}

/** The dependencies are linked from this repository, and nothing else: what was not declared is not found. */
function makeProject(folder: string, packageFolder: string, hasOptional: boolean): string {
	const modules = join(folder, "node_modules");
	cpSync(packageFolder, join(modules, "reelay"), { recursive: true });
	for (const name of [...installedPackages(hasOptional), "@types/node"]) {
		mkdirSync(dirname(join(modules, name)), { recursive: true });
		symlinkSync(resolve("node_modules", name), join(modules, name), "junction");
	}
	writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "stranger", private: true, type: "module" }));
	return folder;
}

function writeTypeScript(folder: string, settings: object): void {
	cpSync(SAMPLE, join(folder, "main.ts"));
	const project = { compilerOptions: { ...STRICT, ...settings }, files: ["main.ts"] };
	writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(project));
}

async function compile(folder: string, format: "esm" | "cjs", name: string): Promise<void> {
	const file = join(folder, name);
	await build({ input: SAMPLE, platform: "node", external: /^reelay/, output: { file, format }, tsconfig: false });
	if (format === "cjs" && !readFileSync(file, "utf8").includes('require("reelay")')) {
		throw new Error(`${name} does not require the package`);
	}
}
