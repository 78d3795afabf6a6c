import { type Command, InvalidArgumentError } from "commander";
import type { JobState } from "../index.ts";

const STATES: { readonly [State in JobState]: true } = {
	created: true,
	submitting: true,
	accepted: true,
	running: true,
	generated: true,
	downloading: true,
	succeeded: true,
	failed: true,
	cancelled: true,
	submit_unknown: true,
};

/** Where a job can stand, in the order of its life. */
export const JOB_STATES = Object.keys(STATES) as readonly JobState[];

/** What every command takes. */
export function addCommonFlags(command: Command): Command {
	return command
		.option("--json", "print the result as JSON, and progress as JSON lines")
		.option("-q, --quiet", "print the result and errors, nothing else")
		.option("--verbose", "tell what caused an error");
}

/** What commands that fetch a video take. */
export function addCollectFlags(command: Command): Command {
	return command
		.option("-o, --output <path>", "a file or a folder (default: where the job was to put it)")
		.option("--overwrite", "replace the file if it exists")
		.option("--timeout <seconds>", "how long to wait", number);
}

/** The values of a flag that may be repeated. */
export function collect(value: string, previous: string[] | undefined): string[] {
	return [...(previous ?? []), value];
}

/** A state, or several of them. */
export function collectState(value: string, previous: JobState[] | undefined): JobState[] {
	const state = JOB_STATES.find((one) => one === value);
	if (state !== undefined) return [...(previous ?? []), state];
	throw new InvalidArgumentError(`It must be one of ${JOB_STATES.join(", ")}.`);
}

/** A number, zero and negative ones too: the service judges them. */
export function number(value: string): number {
	if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(value)) throw new InvalidArgumentError("It must be a number.");
	return Number(value);
}

/** A number of things. */
export function count(value: string): number {
	const parsed = /^\d+$/.test(value) ? Number(value) : 0;
	if (Number.isSafeInteger(parsed) && parsed > 0) return parsed;
	throw new InvalidArgumentError("It must be a whole number of at least 1.");
}
