/**
 * The one gate: `npm test`, and what the continuous integration runs. Stops at the first step that fails.
 */
import { spawnSync } from "node:child_process";

const PINNED_NODE_MAJOR = 24;

const STEPS: readonly (readonly [name: string, command: readonly string[]])[] = [
	["format and lint", ["biome", "check", "--error-on-warnings", "."]],
	["types", ["tsc", "--noEmit"]],
	["unused code and dependencies", ["knip"]],
	["tests", ["vitest", "run"]],
	["documentation", ["node", "scripts/check-docs.ts"]],
	["build", ["node", "scripts/build.ts"]],
	["package", ["node", "scripts/check-package.ts"]],
];

if (Number(process.versions.node.split(".")[0]) !== PINNED_NODE_MAJOR) {
	console.error(
		`The tests need Node ${PINNED_NODE_MAJOR} and this is ${process.version}. The repository brings its own: ` +
			'run "npm ci" without --ignore-scripts, then "npm test".',
	);
	process.exit(1);
}

for (const [name, [command = "", ...args]] of STEPS) {
	const startedAt = performance.now();
	console.log(`\n--- ${name}: ${[command, ...args].join(" ")}`);
	const { status, error } = spawnSync(command, args, { stdio: "inherit" });
	const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
	if (status !== 0) {
		console.error(`--- ${name} failed after ${seconds} s${error === undefined ? "" : `: ${error.message}`}`);
		process.exit(1);
	}
	console.log(`--- ${name}: ok, ${seconds} s`);
}
console.log("\nAll steps passed.");
