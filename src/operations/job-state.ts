/**
 * Where a job stands. The last four are ends. An end never changes by itself; `submit_unknown` ends when
 * the operation is found, or the user resolves it.
 */
export type JobState =
	| "created"
	| "submitting"
	| "accepted"
	| "running"
	| "generated"
	| "downloading"
	| "succeeded"
	| "failed"
	| "cancelled"
	| "submit_unknown";

/**
 * Where a job may go next. Back to `submitting` leads only what provably cost nothing; a failed download
 * leads back to `generated`, where it can be fetched again. A failure is left only for a paid video that turns up
 * after all: see `JobJournal.claim`.
 */
const NEXT: Readonly<Record<JobState, readonly JobState[]>> = {
	created: ["submitting", "failed", "cancelled"],
	submitting: ["submitting", "accepted", "failed", "cancelled", "submit_unknown"],
	accepted: ["running", "generated", "submitting", "failed", "cancelled"],
	running: ["running", "generated", "submitting", "failed", "cancelled"],
	generated: ["downloading", "failed", "cancelled"],
	downloading: ["generated", "succeeded", "failed"],
	succeeded: [],
	failed: ["accepted"],
	cancelled: [],
	submit_unknown: ["accepted", "failed"],
};

/** The states in which nothing happens by itself any more. */
export type JobEnd = "succeeded" | "failed" | "cancelled" | "submit_unknown";

const ENDS: readonly JobState[] = ["succeeded", "failed", "cancelled", "submit_unknown"] satisfies JobEnd[];

/** Whether a job may go from one state to the other. */
export function mayFollow(from: JobState, to: JobState): boolean {
	return from === to ? !isTerminal(from) : NEXT[from].includes(to);
}

/** Whether nothing more can come of the job. An unknown submission may still turn out to be a paid video. */
export function isSettled(state: JobState): boolean {
	return isTerminal(state) && state !== "submit_unknown";
}

/** Whether the state is an end. */
export function isTerminal(state: JobState): state is JobEnd {
	return ENDS.includes(state);
}
