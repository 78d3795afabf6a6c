import { CLIENTS } from "./clients.ts";
import type { Report } from "./report.ts";
import { type Bar, type BarGroup, drawBars, drawLines, type Series } from "./svg.ts";

type Row = Readonly<Record<string, string | number>>;

const [HAND, OURS, PEER] = CLIENTS;
const COLOURS: Readonly<Record<string, string>> = { [HAND]: "#8c959f", [OURS]: "#0969da", [PEER]: "#bf8700" };
const FIXED = "any fixed interval";

/** The charts by file name, of those benchmarks that are there. */
export function drawCharts(reports: readonly Report[]): ReadonlyMap<string, string> {
	const charts = new Map<string, string>();
	for (const { name, rows } of reports) {
		for (const [file, chart] of DRAW[name]?.(rows as readonly Row[]) ?? []) charts.set(file, chart);
	}
	return charts;
}

const DRAW: Readonly<Record<string, (rows: readonly Row[]) => [file: string, chart: string][]>> = {
	"generation-cpu": (rows) => [
		["generation-cpu.svg", bars("Processor time of one generation", "ms", rows, "videoMebibytes", "MiB", "cpuMs")],
	],
	"memory-by-size": (rows) => [
		[
			"memory-by-size.svg",
			bars("Memory that one download adds", "MiB", rows, "videoMebibytes", "MiB", "addedMebibytes"),
		],
	],
	"posts-under-faults": (rows) => [
		["paid-jobs.svg", bars("Jobs paid for one video, by what goes wrong", "", rows, "fault", "", "paidJobs")],
		["posts.svg", bars("Submissions sent, by what goes wrong", "", rows, "fault", "", "posts")],
	],
	"batch-efficiency": (rows) => [
		["batch-efficiency.svg", bars("Batch: time over the ideal", "%", rows, "items", "items", "addedPercent")],
	],
	"import-time": (rows) => [["import-time.svg", importBars(rows)]],
	"in-flight": (rows) => [["in-flight.svg", inFlightLines(rows)]],
	polls: (rows) =>
		[...new Set(rows.map(({ times }) => String(times)))].map((kind) => [`polls-${kind}.svg`, pollLines(rows, kind)]),
};

function bars(title: string, unit: string, rows: readonly Row[], by: string, byUnit: string, value: string): string {
	const labels = [...new Set(rows.map((row) => row[by]))];
	const groups = labels.map((label): BarGroup => {
		const own = rows.filter((row) => row[by] === label);
		return {
			label: `${label} ${byUnit}`.trim(),
			bars: own.map((row): Bar => ({ name: String(row["client"]), value: Number(row[value]) })),
		};
	});
	return drawBars({ title, unit, groups, colours: COLOURS });
}

function importBars(rows: readonly Row[]): string {
	const [ours = "", peer = "", hand = ""] = [COLOURS[OURS], COLOURS[PEER], COLOURS[HAND]];
	const names = { "Node alone": hand, reelay: ours, "Vercel AI SDK": peer, "Vercel AI SDK with its fal": peer };
	const groups = rows.map(({ program, processMs }): BarGroup => {
		return { label: String(program), bars: [{ name: String(program), value: Number(processMs) }] };
	});
	return drawBars({ title: "A process that imports and ends", unit: "ms", groups, colours: names });
}

function inFlightLines(rows: readonly Row[]): string {
	// What one takes alone is mostly what all share.
	const shared = rows.filter(({ inFlight }) => Number(inFlight) >= 10);
	const series = CLIENTS.map((client): Series => {
		const own = shared.filter((row) => row["client"] === client);
		const points = own.map(({ inFlight, kibibytesEach }) => [Number(inFlight), Number(kibibytesEach)] as const);
		return { name: client, colour: COLOURS[client] ?? "", points, isLine: true };
	});
	const marks = [...new Set(shared.map(({ inFlight }) => Number(inFlight)))];
	return drawLines({
		title: "Memory of each generation in flight",
		below: "in flight",
		left: "KiB each",
		marks,
		series,
	});
}

function pollLines(rows: readonly Row[], kind: string): string {
	const own = rows.filter(({ times }) => times === kind);
	const pointsOf = (isOne: (client: string) => boolean): Series["points"] =>
		own
			.filter(({ client }) => isOne(String(client)))
			.map(({ looks, noticedAfterSeconds }) => [Number(looks), Number(noticedAfterSeconds)]);
	const series: Series[] = [
		{
			name: FIXED,
			colour: COLOURS[HAND] ?? "",
			points: pointsOf((client) => client.startsWith("every ")),
			isLine: true,
		},
		{ name: OURS, colour: COLOURS[OURS] ?? "", points: pointsOf((client) => client === OURS), isLine: false },
		{ name: PEER, colour: COLOURS[PEER] ?? "", points: pointsOf((client) => client === PEER), isLine: false },
	];
	const title = `Looks against the time until the end is noticed: ${kind} times`;
	return drawLines({ title, below: "looks for each generation", left: "seconds", marks: [2, 5, 10, 20, 40], series });
}
