import { createHash } from "node:crypto";
import type { JsonObject, StartContext, SubmissionIntent } from "../provider/index.ts";

/** An operation in a listing of the service. */
export interface ListedOperation {
	readonly id: string;
	/** What the service says was sent. */
	readonly input: unknown;
}

/** A submission whose answer was lost. */
export interface LostSubmission {
	/** The model that it went to. */
	readonly model: string;
	/** The earliest time that it can bear at the service, in milliseconds since 1970: the clocks of two machines differ. */
	readonly sinceMs: number;
	/**
	 * The id of the one operation in a listing that must be it; `undefined` when there is none or more than one, when
	 * the submission was never marked, or the listing itself is `undefined`, as one is that does not show all.
	 */
	among(listed: readonly ListedOperation[] | undefined): string | undefined;
}

/** What this process submitted. */
export interface SentLog {
	/** Notes and marks a submission before it is sent, and then the id that it was answered with. */
	record(
		context: Pick<StartContext, "jobId" | "recordMark">,
		model: string,
		input: JsonObject,
	): Promise<{ accepted(id: string): void }>;
	/** The last submission of a job. */
	find(intent: Pick<SubmissionIntent, "jobId" | "model" | "mark" | "submittedAtMs">): LostSubmission;
}

interface Entry {
	readonly jobId: string;
	readonly model: string;
	readonly digest: string;
	id?: string;
}

/** Enough for every submission that can still be in doubt. */
const LARGEST_LOG = 1_000;
const CLOCK_SKEW_MS = 120_000;

/**
 * For services that take no id of ours, and no field that the model does not know. A lost submission is told by its
 * input, if only one has it that no other job of this process was answered with; the core sees to the jobs of other
 * processes.
 */
export function createSentLog(): SentLog {
	const log: Entry[] = [];
	return {
		async record({ jobId, recordMark }, model, input) {
			const entry: Entry = { jobId, model, digest: digestOf(model, input) };
			log.push(entry);
			if (log.length > LARGEST_LOG) log.shift();
			await recordMark(entry.digest);
			return {
				accepted: (id) => {
					entry.id = id;
				},
			};
		},
		find({ jobId, submittedAtMs, ...asked }) {
			const entry = log.findLast((sent) => sent.jobId === jobId);
			const { model, digest } = entry ?? { model: asked.model, digest: asked.mark };
			return {
				model,
				sinceMs: submittedAtMs - CLOCK_SKEW_MS,
				among(listed = []) {
					const twins = log.filter((other) => other !== entry && other.digest === digest);
					if (twins.some(({ id }) => id === undefined)) return undefined;
					const [found, ...others] = listed
						.filter(({ input }) => digestOf(model, input) === digest)
						.filter(({ id }) => twins.every((twin) => twin.id !== id));
					return others.length === 0 ? found?.id : undefined;
				},
			};
		},
	};
}

/** The same for the same input, whatever the order of its fields. */
function digestOf(model: string, input: unknown): string {
	const text = JSON.stringify([model, input], (_name, value: unknown) => {
		if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
		return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
	});
	return createHash("sha256").update(text).digest("hex");
}
