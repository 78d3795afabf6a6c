import { isVideoError, type VideoError } from "../errors/index.ts";
import type { JobState } from "../index.ts";
import { wasStoppedHere } from "./stopped-here.ts";

/** What the process says of how it ended. */
export const EXIT = {
	done: 0,
	failed: 1,
	wrongInput: 2,
	notConfigured: 3,
	stillRunning: 4,
	submitUnknown: 5,
	interrupted: 130,
} as const;

/** The exit code for an error. */
export function exitCodeFor(error: unknown): number {
	if (!isVideoError(error)) return EXIT.failed;
	if (isUnrecorded(error)) return EXIT.stillRunning;
	switch (error.code) {
		case "still_running":
			return wasStoppedHere(error) ? EXIT.failed : EXIT.stillRunning;
		case "submit_unknown":
			return EXIT.submitUnknown;
		case "cancelled":
			return EXIT.interrupted;
		case "configuration":
			return error.billed === "no" ? EXIT.notConfigured : EXIT.stillRunning;
		case "authentication":
			return EXIT.notConfigured;
		default:
			return error.phase === "input" ? EXIT.wrongInput : EXIT.failed;
	}
}

/** Whether a job was accepted and the ledger could not take it down: then its token alone leads to it. */
export function isUnrecorded({ code, phase, billed }: VideoError): boolean {
	return code === "provider_error" && phase === "submit" && billed !== "no";
}

/** The exit code for where a job stands. */
export function exitCodeForState(state: JobState): number {
	switch (state) {
		case "succeeded":
			return EXIT.done;
		case "failed":
			return EXIT.failed;
		case "cancelled":
			return EXIT.interrupted;
		case "submit_unknown":
			return EXIT.submitUnknown;
		default:
			return EXIT.stillRunning;
	}
}
