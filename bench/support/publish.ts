import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { drawCharts } from "./charts.ts";
import type { Report } from "./report.ts";

const PAGE = "docs/benchmarks.md";
const BEGIN = "<!-- figures: made by `npm run bench -- --publish` -->";
const END = "<!-- end of figures -->";

/** One run of the benchmarks. */
export interface Run {
	readonly measuredAt: string;
	/** What they ran on, in words. */
	readonly machine: string;
	readonly isQuick: boolean;
	readonly reports: readonly Report[];
}

/** Writes the run, its charts and its tables into `docs/`. */
export function publish(run: Run): void {
	writeFileSync("docs/benchmarks.json", `${JSON.stringify(run, undefined, "\t")}\n`);
	mkdirSync("docs/benchmarks", { recursive: true });
	for (const [file, chart] of drawCharts(run.reports)) writeFileSync(`docs/benchmarks/${file}`, chart);
	const page = readFileSync(PAGE, "utf8");
	const [before, after] = [page.slice(0, page.indexOf(BEGIN)), page.slice(page.indexOf(END))];
	writeFileSync(PAGE, `${before}${BEGIN}\n\n${figures(run)}\n${after}`);
}

function figures({ machine, measuredAt, reports }: Run): string {
	const budgets = reports.flatMap((report) => report.budgets);
	const rows = budgets.map(({ budget, isMet, measured, what }) => ({
		what,
		budget,
		measured,
		met: isMet ? "yes" : "no",
	}));
	const tables = reports.map((report) => `### ${report.name}\n\n${table(report.rows)}`);
	return [`Measured on ${measuredAt.slice(0, 10)}: ${machine}.\n`, table(rows), ...tables].join("\n");
}

function table(rows: readonly object[]): string {
	const names = Object.keys(rows[0] ?? {});
	const line = (cells: readonly unknown[]) => `| ${cells.join(" | ")} |`;
	return [line(names), line(names.map(() => "---")), ...rows.map((row) => line(Object.values(row))), ""].join("\n");
}
