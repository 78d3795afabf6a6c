import { realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fillIndex } from "../batch/index.ts";
import { InputError } from "../errors/index.ts";
import { isTemplate } from "../service/index.ts";
import type { BatchLine } from "./batch-input.ts";

/** Where the videos of a batch go. */
export interface BatchPlace {
	/** The folder of the manifest, absolute and without symbolic links. */
	readonly folder: string;
	/** The name of each file, with placeholders; absent: the service's own. */
	readonly name?: string;
}

/**
 * Reads `--output`: a folder (the current one by default), or a file name with placeholders in one.
 *
 * Throws `InputError` when there is no such folder, or no such placeholder.
 */
export async function placeOf(output = "./"): Promise<BatchPlace> {
	const isFolder = /[/\\]$/.test(output) || (await stat(output).catch(() => undefined))?.isDirectory() === true;
	const folder = isFolder ? output : dirname(output);
	const found = await stat(folder).catch(() => undefined);
	if (found?.isDirectory() !== true) {
		throw new InputError("output", `the folder "${folder}" does not exist; create it first`);
	}
	const real = await realpath(folder);
	if (isFolder) return { folder: real };
	const name = basename(output);
	// Throws for a placeholder that does not exist.
	isTemplate(name);
	return { folder: real, name };
}

/**
 * An item with the place where its video goes: its own `output` is looked for from the folder of the batch,
 * and `{index}` is its place in the input.
 *
 * Throws `InputError` as `fillIndex` does.
 */
export function placed(item: BatchLine, { folder, name }: BatchPlace): BatchLine {
	const { output: own } = item.options;
	if (own !== undefined && typeof own !== "string") return item;
	const wanted = own ?? name;
	const path = wanted === undefined ? folder : resolve(folder, wanted);
	const output = wanted === undefined || /[/\\]$/.test(wanted) ? join(path, "/") : path;
	return { ...item, options: { ...item.options, output: fillIndex(output, item.index) } };
}
