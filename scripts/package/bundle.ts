import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { build, type Plugin } from "rolldown";
import { installedPackages } from "./entries.ts";

const ROOT = "__PACKAGE_ROOT__";

/**
 * A module that asks where it is, to start a file beside it or to find a package, is told where its own file
 * would be, whichever chunk it became part of.
 */
const keepPlaces: Plugin = {
	name: "keep-places",
	transform(code, id) {
		const place = relative(".", id).replace(/\.ts$/, ".js");
		return code.replaceAll("import.meta.url", `new URL("${ROOT}/${place}", import.meta.url).href`);
	},
	renderChunk(code, { fileName }) {
		return code.replaceAll(ROOT, posix.relative(dirname(fileName), ".") || ".");
	},
};

/**
 * Writes `dist/` with one JavaScript file an entry at its place, and the modules that entries share in
 * `dist/chunks`. What is loaded with `import()` stays a chunk of its own. Nothing is minified. Packages that
 * are installed with reelay are imported; any other becomes part of the chunks, and its licence comes along.
 */
export async function bundle(entries: readonly string[]): Promise<void> {
	const installed = installedPackages();
	const { output } = await build({
		input: Object.fromEntries(entries.map((file) => [file.replace(/\.ts$/, ""), file])),
		platform: "node",
		transform: { target: "node22" },
		external: (id) => id.startsWith("node:") || installed.some((name) => id === name || id.startsWith(`${name}/`)),
		plugins: [keepPlaces],
		// An import that leads nowhere is only a warning to the bundler.
		onLog: (level, { message }) => {
			if (level === "warn") throw new Error(message);
		},
		output: {
			dir: "dist",
			format: "esm",
			entryFileNames: "[name].js",
			chunkFileNames: "chunks/[name]-[hash].js",
		},
	});
	const modules = output.flatMap((part) => (part.type === "chunk" ? part.moduleIds : []));
	const bundled = new Set(modules.flatMap((id) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1] ?? []));
	if (bundled.size > 0) mkdirSync("dist/licenses");
	for (const name of bundled) {
		const file = readdirSync(join("node_modules", name)).find((each) => /^licen[cs]e/i.test(each));
		if (file === undefined) throw new Error(`${name} has no licence to bring along`);
		copyFileSync(join("node_modules", name, file), `dist/licenses/${name.replace("/", "-")}.txt`);
	}
}
