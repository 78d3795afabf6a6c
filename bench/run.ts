/**
 * `npm run bench`: builds the package, runs every benchmark in a process of its own, one after the other, prints
 * one table and writes `bench/results/latest.json`.
 *
 * `--quick` for a fast look; names of benchmarks for those only; `--publish` to write `docs/benchmarks*`, too.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { publish, type Run } from "./support/publish.ts";
import type { Report } from "./support/report.ts";

const BENCHMARKS = [
	"import-time",
	"install-size",
	"polls",
	"posts-under-faults",
	"generation-cpu",
	"memory-by-size",
	"in-flight",
	"batch-efficiency",
	"local-render",
	"download",
];
/** Gibibytes, and a second program beside it. */
const SLOW = ["download"];

const args = process.argv.slice(2);
const isQuick = args.includes("--quick");
const named = args.filter((arg) => !arg.startsWith("--"));
const unknown = named.find((name) => !BENCHMARKS.includes(name));
if (unknown !== undefined) throw new Error(`there is no benchmark ${unknown}; there are ${BENCHMARKS.join(", ")}`);
const chosen = BENCHMARKS.filter((name) =>
	named.length > 0 ? named.includes(name) : !isQuick || !SLOW.includes(name),
);

node(["scripts/build.ts"]);
const reports = chosen.map(runOne);
const processors = cpus();
const run: Run = {
	measuredAt: new Date().toISOString(),
	machine:
		`${processors.length} × ${processors[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ` +
		`${process.platform} ${process.arch}, Node ${process.versions.node}`,
	isQuick,
	reports,
};
mkdirSync("bench/results", { recursive: true });
writeFileSync("bench/results/latest.json", `${JSON.stringify(run, undefined, "\t")}\n`);
console.log(`\n${run.machine}`);
console.table(
	reports.flatMap(({ budgets }) => budgets).map(({ isMet, ...rest }) => ({ ...rest, met: isMet ? "yes" : "NO" })),
);
if (args.includes("--publish")) {
	if (isQuick || named.length > 0) throw new Error("only a whole run is published: leave out --quick and the names");
	publish(run);
}

function runOne(name: string): Report {
	console.log(`\n${name}`);
	const said = node(["--expose-gc", `bench/${name}.ts`, ...(isQuick ? ["--quick"] : [])]).trimEnd();
	const line = said.slice(said.lastIndexOf("\n") + 1);
	console.log(said.slice(0, -line.length));
	return { budgets: [], ...JSON.parse(line) };
}

function node(command: readonly string[]): string {
	const { status, stdout } = spawnSync(process.execPath, command, {
		encoding: "utf8",
		stdio: ["ignore", "pipe", "inherit"],
		maxBuffer: 2 ** 24,
	});
	if (status !== 0) throw new Error(`${command.join(" ")} failed:\n${stdout}`);
	return stdout;
}
