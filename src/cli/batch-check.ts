import { lstat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { sharedOutputs } from "../batch/index.ts";
import { CancelledError, isVideoError, type VideoError } from "../errors/index.ts";
import type { PlannedRequest, VideoService } from "../index.ts";
import { isTemplate } from "../service/index.ts";
import type { BatchLine } from "./batch-input.ts";

/** An item that is generated in this run, where it is to go, and what would be asked for. */
export interface CheckedItem {
	readonly item: BatchLine;
	readonly plan: PlannedRequest;
}

/** Something that makes an item impossible. */
export interface ItemProblem {
	readonly line: number;
	readonly message: string;
	/** The code of the error behind it. */
	readonly code: string;
}

/** Where an item that is not generated in this run has its video, or will have it. */
export interface TakenOutput {
	readonly line: number;
	readonly output: string | undefined;
}

/**
 * Checks everything that can be known of items before anything is sent, and gives every problem of every
 * one of them. Throws only what is no item's fault, such as an interruption.
 */
export async function checkItems(
	items: readonly BatchLine[],
	taken: readonly TakenOutput[],
	videos: Pick<VideoService, "plan">,
	signal: AbortSignal,
): Promise<{ readonly checked: readonly CheckedItem[]; readonly problems: readonly ItemProblem[] }> {
	const checked: CheckedItem[] = [];
	const problems: ItemProblem[] = [];
	for (const item of items) {
		throwIfInterrupted(signal);
		try {
			const plan = await videos.plan(item.request, { ...item.options, signal });
			checked.push({ item, plan });
		} catch (error) {
			throwIfInterrupted(signal);
			if (!isVideoError(error)) throw error;
			problems.push(problemOf(item, error));
		}
		const taken = await outputProblem(item);
		if (taken !== undefined) problems.push({ line: item.line, message: taken, code: "invalid_input" });
	}
	problems.push(...(await sharedProblems(items, taken)));
	return { checked, problems: problems.sort((a, b) => a.line - b.line) };
}

/** No video is written over another of the same input, not even where files may be replaced. */
async function sharedProblems(
	items: readonly BatchLine[],
	taken: readonly TakenOutput[],
): Promise<readonly ItemProblem[]> {
	const all = [...taken, ...items.map(({ line, options: { output, overwrite } }) => ({ line, output, overwrite }))];
	const shared = await sharedOutputs(all);
	return shared.flatMap(([earlier, later, output]) => {
		const [first, second] = [all[earlier], all[later]];
		if (second === undefined || later < taken.length) return [];
		const message = `output: line ${first?.line} has "${output}" already; use a folder, or a name with {index}`;
		return [{ line: second.line, message, code: "invalid_input" }];
	});
}

function throwIfInterrupted(signal: AbortSignal): void {
	if (signal.aborted) throw new CancelledError("interrupted; nothing was sent", { phase: "input" });
}

function problemOf({ line }: BatchLine, { message, code }: VideoError): ItemProblem {
	return { line, message, code };
}

/** What stands in the way of a file. A folder, and a name with placeholders, are looked at when it is written. */
async function outputProblem({ options: { output, overwrite = false } }: BatchLine): Promise<string | undefined> {
	if (typeof output !== "string" || /[/\\]$/.test(output)) return undefined;
	if ((await lstat(dirname(output)).catch(() => undefined)) === undefined) {
		return `output: the folder "${dirname(output)}" does not exist; create it first`;
	}
	try {
		if (isTemplate(basename(output)) || overwrite) return undefined;
	} catch (error) {
		return isVideoError(error) ? error.message : undefined;
	}
	const found = await lstat(output).catch(() => undefined);
	if (found === undefined || found.isDirectory()) return undefined;
	return `output: "${output}" exists already; choose another name, or set overwrite to replace it`;
}
