import { globSync, readFileSync } from "node:fs";

/** Started as processes by their own file name: no import leads to them. */
const STARTED_BY_NAME = ["src/media/probe-process.ts", "providers/local/render-process.ts"];

interface Manifest {
	readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
	readonly bin: Readonly<Record<string, string>>;
	readonly dependencies: Readonly<Record<string, string>>;
	readonly optionalDependencies: Readonly<Record<string, string>>;
	readonly peerDependencies: Readonly<Record<string, string>>;
}

/** A module that is imported from outside, by the subpath `./providers/fal` for example. */
export interface Subpath {
	/** As it is imported: `reelay/providers/fal`. */
	readonly specifier: string;
	/** The module in the sources: `providers/fal/index.ts`. */
	readonly source: string;
}

/** Every subpath that package.json exports, with what `*` stands for. */
export function listSubpaths(): readonly Subpath[] {
	const { exports } = readManifest();
	return Object.entries(exports).flatMap(([name, target]) =>
		typeof target === "string" ? [] : expand(`reelay${name.slice(1)}`, sourceOf(target.default)),
	);
}

/** The source of every module that is run or imported from outside. */
export function listEntries(): readonly string[] {
	const subpaths = listSubpaths().map(({ source }) => source);
	return [...subpaths, ...Object.values(readManifest().bin).map(sourceOf), ...STARTED_BY_NAME];
}

/** The packages that are there when reelay is, unless told otherwise those that npm may leave out included. */
export function installedPackages(hasOptional = true): readonly string[] {
	const { dependencies, optionalDependencies, peerDependencies } = readManifest();
	return Object.keys({ ...dependencies, ...(hasOptional ? { ...optionalDependencies, ...peerDependencies } : {}) });
}

function expand(specifier: string, source: string): Subpath[] {
	if (!source.includes("*")) return [{ specifier, source }];
	const [before = "", after = ""] = source.split("*");
	return globSync(source).map((file) => {
		const part = file.slice(before.length, file.length - after.length);
		return { specifier: specifier.replace("*", part), source: file };
	});
}

function sourceOf(file: string): string {
	return file.replace(/^\.\/dist\//, "").replace(/\.js$/, ".ts");
}

function readManifest(): Manifest {
	return JSON.parse(readFileSync("package.json", "utf8"));
}
