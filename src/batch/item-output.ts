import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { InputError } from "../errors/index.ts";
import type { CallOptions } from "./batch-item.ts";

const INDEX = "{index}";
/** The endings that name a kind of video; any other name would get one only while it holds a placeholder. */
const VIDEO_ENDING = /\.(?:mp4|m4v|mov|webm|mkv)$/i;

/**
 * The output of one item: `{index}` in the file name becomes its place, from 1. What is left is an output
 * like any other, so that a job that is resumed without its batch keeps the name.
 *
 * Throws `InputError` when the name would have no ending of a video afterwards.
 */
export function fillIndex(output: string, place: number): string {
	const name = basename(output);
	if (!name.includes(INDEX) || !output.endsWith(name)) return output;
	const filled = name.replaceAll(INDEX, String(place));
	if (!VIDEO_ENDING.test(filled) && !filled.includes("{")) {
		throw new InputError("output", `"${output}" needs an ending, such as "${name}.mp4"`);
	}
	return output.slice(0, -name.length) + filled;
}

/**
 * Finds items whose videos would be written to one file. `outputs` are those of all items, in order and
 * filled in. Each pair tells the places, from 0, of the first item with that output and of another one.
 */
export async function sharedOutputs(
	outputs: readonly (Pick<CallOptions, "output" | "overwrite"> | undefined)[],
): Promise<readonly (readonly [earlier: number, later: number, output: string])[]> {
	const users = new Map<string, { readonly first: number; overwrite: boolean }>();
	const shared: [number, number, string][] = [];
	for (const [index, wish] of outputs.entries()) {
		if (typeof wish?.output !== "string") continue;
		const { output, overwrite = false } = wish;
		const user = users.get(resolve(output)) ?? { first: index, overwrite };
		users.set(resolve(output), user);
		user.overwrite ||= overwrite;
		if (user.first === index || (await isShareable(output, user.overwrite))) continue;
		shared.push([user.first, index, output]);
	}
	return shared;
}

/**
 * Makes sure that an output which all items share is not one file. Throws `InputError` otherwise, and as
 * `fillIndex` does.
 */
export async function requireManyFiles({ output, overwrite = false }: CallOptions): Promise<void> {
	if (output === undefined || fillIndex(output, 1) !== fillIndex(output, 2)) return;
	if (await isShareable(output, overwrite)) return;
	throw new InputError("output", `every item would be written to "${output}"; use a folder, or a name with {index}`);
}

/** A folder is; so is a template, since a name that is taken gets a number, unless it may be replaced. */
async function isShareable(output: string, overwrite: boolean): Promise<boolean> {
	if (/[/\\]$/.test(output)) return true;
	const name = basename(output);
	if (name.includes("{")) return !overwrite || name.includes("{id}");
	return (await stat(output).catch(() => undefined))?.isDirectory() === true;
}
