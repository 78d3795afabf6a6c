import { type Attempt, ProviderError } from "../errors/index.ts";
import type { Clock } from "../policies/index.ts";
import { type JobState, mayFollow } from "./job-state.ts";
import type { AttemptRecord, JobRecord, Ledger } from "./ledger.ts";

/** What may change in a record, all at once. */
export interface JobChange {
	readonly state?: JobState;
	readonly errorCode?: string;
	readonly path?: string;
	readonly generationMs?: number;
	/** Begins a new attempt. */
	readonly addAttempt?: AttemptRecord;
	/** Changes the last attempt. */
	readonly lastAttempt?: Partial<AttemptRecord>;
}

/** An attempt that has an operation. */
export type AcceptedAttempt = AttemptRecord & Required<Pick<AttemptRecord, "handle" | "acceptedAtMs">>;

/** One job's record, and the only way to change it: every change is in the ledger when it returns. */
export class JobJournal {
	readonly #ledger: Ledger;
	readonly #clock: Clock;
	#record: JobRecord;

	constructor(ledger: Ledger, clock: Clock, record: JobRecord) {
		this.#ledger = ledger;
		this.#clock = clock;
		this.#record = record;
	}

	get record(): JobRecord {
		return this.#record;
	}

	/** The attempts as they are shown to users: without handles. */
	get attempts(): readonly Attempt[] {
		return this.#record.attempts.map(({ handle, acceptedAtMs, ...attempt }) => attempt);
	}

	/** The last attempt, if a provider accepted it: the operation that the job stands for. */
	get operation(): AcceptedAttempt | undefined {
		return acceptedAttempt(this.#record);
	}

	/** Whether that operation may still give a video: accepted, and without a verdict against it. */
	get isLive(): boolean {
		return this.operation !== undefined && this.operation.errorCode === undefined;
	}

	/**
	 * Writes a change to the ledger. Throws when the job may not go there, or when somebody else has
	 * written: whoever loses that race must stop.
	 */
	async write(change: JobChange): Promise<void> {
		const { addAttempt, lastAttempt, ...fields } = change;
		const current = this.#record;
		const state = change.state ?? current.state;
		if (!mayFollow(current.state, state)) {
			throw new ProviderError(`job ${current.id} cannot go from ${current.state} to ${state}`, { phase: "poll" });
		}
		const attempts = current.attempts.map((attempt, index) =>
			lastAttempt !== undefined && index === current.attempts.length - 1 ? { ...attempt, ...lastAttempt } : attempt,
		);
		const record: JobRecord = {
			...current,
			...fields,
			revision: current.revision + 1,
			updatedAtMs: this.#clock.now(),
			attempts: addAttempt === undefined ? attempts : [...attempts, addAttempt],
		};
		if (!(await this.#ledger.replace(record, current.revision))) {
			throw new ProviderError(`job ${current.id} is being handled elsewhere; this process leaves it alone`, {
				phase: "poll",
				billed: "unknown",
			});
		}
		this.#record = record;
	}
}

/** The last attempt of a job, if a provider accepted it. */
export function acceptedAttempt(record: JobRecord): AcceptedAttempt | undefined {
	const last = record.attempts.at(-1);
	return last !== undefined && isAccepted(last) ? last : undefined;
}

function isAccepted(attempt: AttemptRecord): attempt is AcceptedAttempt {
	return attempt.handle !== undefined && attempt.acceptedAtMs !== undefined;
}
