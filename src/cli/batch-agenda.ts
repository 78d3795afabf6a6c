import { isVideoError } from "../errors/index.ts";
import type { VideoService } from "../index.ts";
import { type CheckedItem, checkItems, type ItemProblem } from "./batch-check.ts";
import type { BatchInput, BatchLine } from "./batch-input.ts";
import type { BatchManifest } from "./batch-manifest.ts";
import { type BatchPlace, placed } from "./batch-place.ts";
import { standingOf } from "./batch-standing.ts";
import type { BatchTask } from "./batch-worker.ts";
import { EXIT } from "./exit-code.ts";
import { canBeAsked, notesOn } from "./print-plan.ts";
import { table } from "./table.ts";
import type { Terminal } from "./terminal.ts";

/** What there is to do. */
export interface BatchAgenda {
	/** How many items there are. */
	readonly total: number;
	/** Items whose videos are there, and where. */
	readonly done: readonly { readonly item: BatchLine; readonly path: string }[];
	/** What is left, in the order of the input. */
	readonly tasks: readonly BatchTask[];
	/** Those of them that are sent, with what would be asked for. */
	readonly checked: readonly CheckedItem[];
	/** Everything that cannot be used. Nothing is sent while there is any. */
	readonly problems: readonly ItemProblem[];
}

/** Finds out what there is to do, without sending or changing anything. */
export async function prepareAgenda(
	input: BatchInput,
	place: BatchPlace,
	manifest: BatchManifest,
	videos: VideoService,
	signal: AbortSignal,
): Promise<BatchAgenda> {
	const problems: ItemProblem[] = input.problems.map((problem) => ({ ...problem, code: "invalid_input" }));
	const done: { readonly item: BatchLine; readonly path: string }[] = [];
	const tasks: BatchTask[] = [];
	for (const line of input.items) {
		try {
			const item = placed(line, place);
			const standing = await standingOf(item.key, manifest, videos);
			if (standing.kind === "done") done.push({ item, path: standing.path });
			else tasks.push({ item, standing, providers: [] });
		} catch (error) {
			if (!isVideoError(error) || error.code !== "invalid_input") throw error;
			problems.push({ line: line.line, message: error.message, code: error.code });
		}
	}
	const fresh = tasks.flatMap(({ item, standing }) => (standing.kind === "fresh" ? [item] : []));
	const goingOn = tasks.flatMap(({ item, standing }) => (standing.kind === "fresh" ? [] : [item]));
	const taken = [
		...done.map(({ item: { line }, path: output }) => ({ line, output })),
		...[...done.map(({ item }) => item), ...goingOn].map(({ line, options: { output } }) => ({ line, output })),
	];
	const { checked, problems: found } = await checkItems(fresh, taken, videos, signal);
	const planOf = new Map(checked.map(({ item, plan }) => [item, plan]));
	return {
		total: input.items.length,
		done,
		tasks: tasks.map((task) => {
			const models = planOf.get(task.item)?.models ?? [];
			return { ...task, providers: models.map(({ model }) => model.split(":")[0] ?? model) };
		}),
		checked,
		problems: [...problems, ...found].sort((a, b) => a.line - b.line),
	};
}

/** Tells what there is to do, and what it should cost. */
export function noteAgenda(agenda: BatchAgenda, manifest: BatchManifest, terminal: Terminal): void {
	const { total, done, tasks, checked } = agenda;
	const [goingOn, left] = ["earlier", "left"].map(
		(kind) => tasks.filter(({ standing }) => standing.kind === kind).length,
	);
	const prices = checked.map(({ plan }) => plan.models[0]?.estimatedCostUsd);
	const known = prices.filter((price) => price !== undefined);
	const costUsd = known.reduce((sum, price) => sum + price, 0);
	const parts = [
		...(done.length > 0 ? [`${done.length} done before`] : []),
		...(goingOn ? [`${goingOn} to go on with`] : []),
		...(left ? [`${left} that may have been billed and are left alone`] : []),
		...(checked.length > 0 ? [`${checked.length} to make`] : []),
		...(costUsd > 0 ? [`about $${costUsd.toFixed(2)} by list prices`] : []),
		...(known.length < prices.length ? [`the price of ${prices.length - known.length} is not known`] : []),
	];
	terminal.note(`${total} ${total === 1 ? "item" : "items"}${parts.length > 0 ? `: ${parts.join(", ")}` : ""}`);
	const others = manifest.size - done.length - tasks.filter(({ item }) => manifest.find(item.key) !== undefined).length;
	if (others > 0) terminal.note(`the manifest knows ${others} more that are not in the input; they stay as they are`);
	for (const line of manifest.unreadable)
		terminal.note(`warning: line ${line} of ${manifest.path} is cut off; left out`);
}

/** Prints what would be asked for, line by line. Returns the exit code: whether every line has a model that can be asked. */
export function printAgenda({ done, tasks, checked }: BatchAgenda, terminal: Terminal): number {
	const plans = new Map(checked.map(({ item, plan }) => [item, plan]));
	const rows = [
		...done.map(({ item, path }) => ({ item, does: "done", model: path, price: "", adjustments: "" })),
		...tasks.map(({ item, standing }) => {
			const [first] = plans.get(item)?.models ?? [];
			const { estimatedCostUsd: costUsd, model = "" } = first ?? {};
			const adjustments = first === undefined ? "" : notesOn(first).join(" · ");
			const price = costUsd === undefined ? "price not known" : `about $${costUsd.toFixed(2)}`;
			const does = standing.kind === "fresh" ? "make" : standing.kind === "earlier" ? "go on" : "leave";
			return { item, does, model, price: does === "make" ? price : "", adjustments };
		}),
	].sort((a, b) => a.item.index - b.item.index);
	if (terminal.json) {
		for (const { item, ...row } of rows) {
			terminal.result(JSON.stringify({ index: item.index, line: item.line, ...row, plan: plans.get(item) }));
		}
	} else if (rows.length > 0) {
		const cells = rows.map(({ item, does, model, price, adjustments }) => [
			`line ${item.line}`,
			does,
			model,
			price,
			adjustments,
		]);
		terminal.result(table(cells, terminal.columns));
	}
	return checked.every(({ plan }) => canBeAsked(plan)) ? EXIT.done : EXIT.notConfigured;
}

/** Tells everything that is wrong with the input, and returns the exit code. */
export function reportProblems(problems: readonly ItemProblem[], terminal: Terminal): number {
	const lines = new Set(problems.map(({ line }) => line));
	if (terminal.json) {
		const message = `${lines.size} of the lines cannot be used`;
		terminal.result(JSON.stringify({ error: { name: "InputError", code: "invalid_input", message, problems } }));
	}
	for (const [message, where] of byMessage(problems)) terminal.problem(`reelay: ${where}: ${message}`);
	terminal.problem(
		`reelay: nothing was sent; mend ${lines.size === 1 ? "that line" : `those ${lines.size} lines`} first`,
	);
	return problems.every(({ code }) => code === "configuration") ? EXIT.notConfigured : EXIT.wrongInput;
}

/** Each message once, with the lines that it holds for. */
function byMessage(problems: readonly ItemProblem[]): ReadonlyMap<string, string> {
	const lines = new Map<string, number[]>();
	for (const { line, message } of problems) lines.set(message, [...(lines.get(message) ?? []), line]);
	return new Map(
		[...lines].map(([message, found]) => [message, `${found.length === 1 ? "line" : "lines"} ${found.join(", ")}`]),
	);
}
