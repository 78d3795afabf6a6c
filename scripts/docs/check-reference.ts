import { spawn } from "node:child_process";
import { globSync, readFileSync } from "node:fs";

/**
 * The API reference can be made: every exported name and method has a comment, every link in a comment leads somewhere,
 * and every type that a signature names is exported. Typedoc says so without writing anything, in a process
 * of its own, as it takes some seconds.
 */
export async function checkReference(): Promise<readonly string[]> {
	const typedoc = spawn(process.execPath, ["node_modules/typedoc/bin/typedoc", "--emit", "none"], {
		stdio: ["ignore", "pipe", "pipe"],
		env: { ...process.env, NO_COLOR: "1" },
	});
	let output = "";
	for (const stream of [typedoc.stdout, typedoc.stderr]) {
		stream.on("data", (chunk) => {
			output += chunk;
		});
	}
	const exitCode = await new Promise((done) => typedoc.on("close", done));
	const problems = output.split("\n").flatMap((line) => {
		const [, problem] = /^\[(?:warning|error)\] (.*)$/.exec(line) ?? [];
		return problem === undefined || /^Found \d+ errors/.test(problem) ? [] : [`API reference: ${problem}`];
	});
	if (exitCode !== 0 && problems.length === 0) problems.push(`API reference: typedoc failed: ${output.trim()}`);
	return [...checkComments(), ...checkEntryPoints(), ...problems];
}

/** Every exported name has a comment of its own; typedoc makes do with that of a parent, or of the module. */
function checkComments(): readonly string[] {
	const bare = /(?<!\*\/\n)^export (?:abstract |async )*(?:class|const|function\*?|interface|type) (\w+)/gm;
	return globSync(["src/**/*.ts", "providers/*/index.ts"]).flatMap((file) =>
		[...readFileSync(file, "utf8").matchAll(bare)].map(([, name]) => `${file}: ${name} is exported without a comment`),
	);
}

/** What can be imported is in the reference. */
function checkEntryPoints(): readonly string[] {
	const { exports } = JSON.parse(readFileSync("package.json", "utf8")) as { readonly exports: Record<string, unknown> };
	const { entryPoints } = JSON.parse(readFileSync("typedoc.json", "utf8")) as { readonly entryPoints: string[] };
	const described = new Set(globSync(entryPoints));
	const files = Object.values(exports).flatMap((target) => {
		const types = Object(target).types;
		if (typeof types !== "string") return [];
		return globSync(types.replace("./dist/", "").replace(/\.d\.ts$/, ".ts"));
	});
	return files
		.filter((file) => !described.has(file))
		.map((file) => `typedoc.json: ${file} is exported and no entry point`);
}
