import { execFileSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

/** Which folders below `src/` each of them may import. Whatever is not named here is forbidden. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
	provider: [],
	errors: ["provider"],
	"provider-kit": ["provider", "errors"],
	config: ["provider", "errors"],
	telemetry: ["provider", "errors", "config"],
	policies: ["provider", "errors"],
	http: ["provider", "errors"],
	media: ["provider", "errors"],
	routing: ["provider", "errors", "config", "provider-kit"],
	downloads: ["provider", "errors", "media"],
	cache: ["provider", "errors", "media", "policies"],
	batch: ["errors", "policies", "telemetry", "operations"],
	operations: [
		"provider",
		"errors",
		"provider-kit",
		"policies",
		"http",
		"telemetry",
		"routing",
		"downloads",
		"media",
		"cache",
	],
	service: [
		"provider",
		"errors",
		"provider-kit",
		"config",
		"telemetry",
		"policies",
		"http",
		"routing",
		"downloads",
		"media",
		"cache",
		"batch",
		"operations",
	],
	testing: ["provider", "errors"],
	container: ["service", "config", "errors"],
	cli: ["index.ts", "service", "batch", "config", "errors", "media"],
	"index.ts": [
		"service",
		"operations",
		"provider-kit",
		"provider",
		"errors",
		"media",
		"cache",
		"batch",
		"config",
		"policies",
		"routing",
		"telemetry",
	],
};

/** The one folder that may import each heavy dependency. */
const ONE_IMPORTER: Readonly<Record<string, readonly string[]>> = {
	cockatiel: ["src/policies"],
	mediabunny: ["src/media", "providers/local"],
	undici: ["src/downloads", "src/http"],
	"ipaddr.js": ["src/downloads"],
	cacache: ["src/cache"],
	tsyringe: ["src/container"],
	"reflect-metadata": ["src/container"],
	commander: ["src/cli"],
	"cli-progress": ["src/cli"],
	"env-paths": ["src/config"],
	leven: ["src/config"],
	"@opentelemetry/api": ["src/telemetry"],
	"@google/genai": ["providers/google"],
	"@huggingface/inference": ["providers/huggingface"],
	"@napi-rs/canvas": ["providers/local"],
	"node-webcodecs": ["providers/local"],
	"h264-mp4-encoder": ["providers/local"],
	"@fontsource/inter": ["providers/local"],
	zod: ["src", "providers"],
};

const BUILTINS = "src/service/builtin-providers.ts";
const files = globSync("{src,providers}/**/*.ts").sort();
const imports = new Map(files.map((file) => [file, importsOf(file)]));

describe("the folders", () => {
	it("import in one direction only", () => {
		const wrong: string[] = [];
		for (const [file, targets] of imports) {
			for (const target of targets.filter((path) => path.startsWith("src/") || path.startsWith("providers/"))) {
				if (!isAllowed(file, target)) wrong.push(`${file} imports ${target}`);
			}
		}
		expect(wrong).toEqual([]);
	});

	it("know of every folder below src", () => {
		const folders = new Set(files.filter((file) => file.startsWith("src/")).map((file) => partOf(file)));
		expect([...folders].sort()).toEqual(Object.keys(MAY_IMPORT).sort());
	});

	it("have no import cycles", () => {
		expect(findCycle()).toBeUndefined();
	});

	it("leave each heavy dependency to one importer", () => {
		const wrong: string[] = [];
		for (const [file, targets] of imports) {
			for (const target of targets.filter((path) => !/^(src|providers|node:)/.test(path))) {
				const name = packageOf(target);
				const owners = ONE_IMPORTER[name];
				if (owners === undefined) wrong.push(`${file} imports ${name}, which has no owner in this test`);
				else if (!owners.some((owner) => file.startsWith(`${owner}/`))) wrong.push(`${file} imports ${name}`);
			}
		}
		expect(wrong).toEqual([]);
	});

	it("name providers in one file of the core, and load them lazily", () => {
		const text = readFileSync(BUILTINS, "utf8");
		expect(text).toMatch(/await import\("\.\.\/\.\.\/providers\//);
		expect(text).not.toMatch(/^import .*providers\//m);
	});
});

describe("the files", () => {
	it("read the environment in src/config alone", () => {
		const readers = files.filter((file) => /process\.env|import\.meta\.env/.test(readFileSync(file, "utf8")));
		expect(readers.filter((file) => !file.startsWith("src/config/"))).toEqual([]);
	});

	it("stay small", () => {
		const lengths = files.map((file) => [file, readFileSync(file, "utf8").split("\n").length - 1] as const);
		expect(lengths.filter(([, lines]) => lines > 500)).toEqual([]);
		expect(lengths.filter(([file, lines]) => file.startsWith("src/provider/") && lines > 140)).toEqual([]);
		const core = lengths.filter(([file]) => file.startsWith("src/"));
		const long = core.filter(([, lines]) => lines > 250);
		expect(long.length, `above 250 lines: ${long.join(" · ")}`).toBeLessThanOrEqual(core.length / 10);
	});

	it("have a doc comment on every export", () => {
		const missing = files.flatMap((file) => {
			const lines = readFileSync(file, "utf8").split("\n");
			return lines.flatMap((line, index) => {
				const kinds = `class|function|interface|type${file.startsWith("src/") ? "|const" : ""}`;
				const name = new RegExp(`^export (?:abstract |async )*(?:${kinds}) (\\w+)`).exec(line)?.[1];
				return name === undefined || lines[index - 1]?.endsWith("*/") ? [] : [`${file}: ${name}`];
			});
		});
		expect(missing).toEqual([]);
	});
});

describe("the package", () => {
	const manifest = JSON.parse(readFileSync("package.json", "utf8"));

	it("exports files that are made from sources that exist", () => {
		for (const [subpath, target] of Object.entries<string | { types: string; default: string }>(manifest.exports)) {
			if (typeof target === "string") continue;
			const source = target.default.replace("./dist/", "").replace(/\.js$/, ".ts");
			const sources = globSync(source);
			expect(sources.length, `${subpath} → ${source}`).toBeGreaterThan(0);
			expect(target.types).toBe(target.default.replace(/\.js$/, ".d.ts"));
		}
		expect(existsSync(manifest.bin.reelay.replace("./dist/", "").replace(/\.js$/, ".ts"))).toBe(true);
	});

	it("loads no SDK, no container, no canvas and no media library when it is imported", () => {
		const loaded = packagesLoadedBy("./src/index.ts");
		expect(loaded).toContain("zod");
		const heavy = [
			"tsyringe",
			"reflect-metadata",
			"mediabunny",
			"undici",
			"cacache",
			"commander",
			"cli-progress",
			"node-webcodecs",
			"@opentelemetry/api",
		];
		expect(
			loaded.filter((name) => heavy.includes(name) || /canvas|h264|fontsource|huggingface|genai/.test(name)),
		).toEqual([]);
	});
});

function importsOf(file: string): readonly string[] {
	const text = readFileSync(file, "utf8");
	const found = [...text.matchAll(/(?:^import |^(?:import|export|\}) .*from |import\()"([^"]+)"/gm)].map(
		(match) => match[1] ?? "",
	);
	return found.map((path) => (path.startsWith(".") ? relative(".", resolve(dirname(file), path)) : path));
}

function partOf(file: string): string {
	return file.split("/")[1] ?? "";
}

function isAllowed(file: string, target: string): boolean {
	if (file.startsWith("providers/")) {
		const own = file.split("/").slice(0, 2).join("/");
		return target.startsWith(`${own}/`) || target === "src/provider-kit/index.ts";
	}
	if (target.startsWith("providers/")) return file === BUILTINS;
	// The entry loads on a Node of any age, to say that it is too old; the rest of config may not.
	if (file === "src/cli/main.ts" && target === "src/config/node-version.ts") return true;
	const [from, to] = [partOf(file), partOf(target)];
	if (from === to) return true;
	const isEntry = target === `src/${to}/index.ts` || target === `src/${to}`;
	return isEntry && (MAY_IMPORT[from] ?? []).includes(to);
}

function findCycle(): readonly string[] | undefined {
	const done = new Set<string>();
	const visit = (file: string, path: readonly string[]): readonly string[] | undefined => {
		if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
		if (done.has(file)) return undefined;
		for (const target of imports.get(file) ?? []) {
			const cycle = imports.has(target) ? visit(target, [...path, file]) : undefined;
			if (cycle !== undefined) return cycle;
		}
		done.add(file);
		return undefined;
	};
	for (const file of files) {
		const cycle = visit(file, []);
		if (cycle !== undefined) return cycle;
	}
	return undefined;
}

function packageOf(specifier: string): string {
	return specifier
		.split("/")
		.slice(0, specifier.startsWith("@") ? 2 : 1)
		.join("/");
}

function packagesLoadedBy(entry: string): readonly string[] {
	const script = `
		import { registerHooks } from "node:module";
		const urls = new Set();
		registerHooks({ load(url, context, next) { urls.add(url); return next(url, context); } });
		await import(${JSON.stringify(join(resolve("."), entry))});
		console.log(JSON.stringify([...urls]));`;
	const output = execFileSync(process.execPath, ["--input-type=module", "--eval", script], { encoding: "utf8" });
	const urls = JSON.parse(output) as readonly string[];
	const names = urls.flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []);
	return [...new Set(names)];
}
