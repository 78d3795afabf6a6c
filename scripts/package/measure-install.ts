import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/** What an installation takes. */
export interface InstallSize {
	/** Packages, those that were asked for included. */
	readonly packages: number;
	readonly bytes: number;
}

interface Manifest {
	readonly dependencies?: Readonly<Record<string, string>>;
	readonly optionalDependencies?: Readonly<Record<string, string>>;
	readonly peerDependencies?: Readonly<Record<string, string>>;
	readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/**
 * What `npm install` puts on a disk of this platform: the packages that lie in `roots`, and all that they
 * depend on, measured where this repository has it installed.
 */
export function measureInstall(roots: readonly string[], withOptional: boolean): InstallSize {
	const folders = new Set<string>();
	const open = [...roots];
	for (let found = open.pop(); found !== undefined; found = open.pop()) {
		if (folders.has(found)) continue;
		folders.add(found);
		// A package that was unpacked elsewhere finds what it depends on as if it lay here.
		open.push(...dependenciesOf(found, found.startsWith("node_modules") ? found : ".", withOptional));
	}
	return { packages: folders.size, bytes: [...folders].reduce((sum, each) => sum + sizeOf(each), 0) };
}

/** Folders of the packages that are installed; optional ones may not be there for this platform. */
function dependenciesOf(folder: string, from: string, withOptional: boolean): string[] {
	const manifest: Manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
	const optional = manifest.optionalDependencies ?? {};
	// npm repeats the optional ones among the dependencies when it publishes.
	const required = Object.keys(manifest.dependencies ?? {}).filter((name) => !(name in optional));
	const peers = Object.keys(manifest.peerDependencies ?? {}).filter(
		(name) => manifest.peerDependenciesMeta?.[name]?.optional !== true,
	);
	const found = [...required, ...peers, ...(withOptional ? Object.keys(optional) : [])].map((name) => find(name, from));
	return found.filter((each) => each !== undefined);
}

/** As Node looks for it: in the nearest `node_modules` on the way up. */
function find(name: string, from: string): string | undefined {
	for (let folder = from; ; folder = dirname(folder)) {
		const candidate = join(folder, "node_modules", name);
		if (existsSync(join(candidate, "package.json"))) return candidate;
		if (folder === ".") return undefined;
	}
}

/** Bytes of the files, without the packages that lie inside. */
function sizeOf(folder: string): number {
	let bytes = 0;
	for (const entry of readdirSync(folder, { withFileTypes: true })) {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) bytes += entry.name === "node_modules" ? 0 : sizeOf(path);
		else bytes += statSync(path).size;
	}
	return bytes;
}
