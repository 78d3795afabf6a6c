import { type Attempt, ProviderError, redact } from "../errors/index.ts";
import type { Clock } from "../policies/index.ts";
import { isSettled, isTerminal, type JobState, mayFollow } from "./job-state.ts";
import { LeaseHolder } from "./lease.ts";
import type { AttemptRecord, JobRecord, LeaseRecord, Ledger, ResultRecord } from "./ledger.ts";

/** What may change in a record, all at once. */
export interface JobChange {
	readonly state?: JobState;
	readonly errorCode?: string;
	readonly errorMessage?: string;
	readonly result?: ResultRecord;
	readonly generationMs?: number;
	/** Begins a new attempt. */
	readonly addAttempt?: AttemptRecord;
	/** Changes the last attempt. */
	readonly lastAttempt?: Partial<AttemptRecord>;
}

/** A provider's word that it has the job. */
export type Acceptance = Required<Pick<AttemptRecord, "handle" | "acceptedAtMs">>;

/** An attempt that has an operation. */
export type AcceptedAttempt = AttemptRecord & Acceptance;

/** Somebody else works on the job, or has ended it: whoever gets this must write nothing more. Never leaves this folder. */
export class JobTakenOver extends Error {
	constructor(jobId: string) {
		super(`job ${jobId} is being handled elsewhere`);
	}
}

/**
 * One job's record, and the only way to change it: every change is in the ledger when it returns, and only
 * while the journal holds the job's lease. A holder that was stopped for too long finds another revision
 * than the one it knows, and can write nothing.
 */
export class JobJournal {
	readonly #ledger: Ledger;
	readonly #clock: Clock;
	readonly #holder: LeaseHolder;
	/** What the ledger does not have yet: it could not be written, or only a token tells of it. */
	lateAcceptance: Acceptance | undefined;
	#record: JobRecord;
	/** Settles when every write so far has: a journal must not be its own rival. */
	#written: Promise<unknown> = Promise.resolve();

	private constructor(ledger: Ledger, clock: Clock, record: JobRecord, holder: LeaseHolder) {
		this.#ledger = ledger;
		this.#clock = clock;
		this.#record = record;
		this.#holder = holder;
	}

	/** Records a new job, held from the start. `undefined` when a job with its idempotency key stands in the way. */
	static async create(
		ledger: Ledger,
		clock: Clock,
		content: Omit<JobRecord, "lease">,
	): Promise<JobJournal | undefined> {
		const holder = new LeaseHolder();
		const record = withoutSecrets({ ...content, lease: holder.grant(clock.now()) });
		if (!(await ledger.insert(record))) return undefined;
		return new JobJournal(ledger, clock, record, holder);
	}

	/** The journal of a job that is recorded already; nobody's until it is claimed. */
	static open(ledger: Ledger, clock: Clock, record: JobRecord): JobJournal {
		return new JobJournal(ledger, clock, record, new LeaseHolder());
	}

	get record(): JobRecord {
		return this.#record;
	}

	/** The attempts as they are shown to users: without handles. */
	get attempts(): readonly Attempt[] {
		return this.#record.attempts.map(publicAttempt);
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
	 * Takes the job, with its latest record. Returns the lease that stands in the way when somebody else has
	 * it. A job that is settled needs no holder, unless `reopens` asks for one whose end left a paid video possible.
	 */
	claim({ reopens = false } = {}): Promise<LeaseRecord | undefined> {
		return this.#inTurn(async () => {
			if (this.#holder.holds(this.#record.lease)) return undefined;
			const record = await this.#reload();
			if (isSettled(record.state) && !(reopens && mayReopen(record))) return undefined;
			const nowMs = this.#clock.now();
			if (this.#holder.isBarredBy(record.lease, nowMs)) return record.lease;
			const lease = this.#holder.grant(nowMs);
			if (await this.#replace({ ...record, lease })) return undefined;
			return (await this.#reload()).lease ?? lease;
		});
	}

	/** Keeps the job for longer, when that is due. Throws only when it was taken meanwhile. */
	async renew(): Promise<void> {
		const { lease } = this.#record;
		if (lease === undefined || !this.#holder.holds(lease) || !this.#holder.isDue(lease, this.#clock.now())) return;
		await this.write({}).catch((error: unknown) => {
			// A full disk is no reason to stop waiting: it may be free again when there is something to record.
			if (error instanceof JobTakenOver) throw error;
		});
	}

	/** Lets the job go, so that another process need not wait. Never throws: a lease ends by itself. */
	async release(): Promise<void> {
		await this.#inTurn(async () => {
			const { lease, ...record } = this.#record;
			if (this.#holder.holds(lease)) await this.#replace(record);
		}).catch(ignore);
	}

	/** Reads what others have written. */
	refresh(): Promise<JobRecord> {
		return this.#inTurn(() => this.#reload());
	}

	/** Writes a change to the ledger. Throws when the job may not go there, or is somebody else's. */
	write(change: JobChange): Promise<void> {
		return this.#inTurn(async () => {
			const { addAttempt, lastAttempt, ...fields } = change;
			const current = this.#record;
			if (!this.#holder.holds(current.lease)) throw new JobTakenOver(current.id);
			const state = change.state ?? current.state;
			if (!mayFollow(current.state, state)) {
				throw new ProviderError(`job ${current.id} cannot go from ${current.state} to ${state}`, { phase: "poll" });
			}
			const { lease, ...content } = state === "accepted" ? withoutError(current) : current;
			const attempts = content.attempts.map((attempt, index) =>
				lastAttempt !== undefined && index === content.attempts.length - 1 ? { ...attempt, ...lastAttempt } : attempt,
			);
			const next: JobRecord = {
				...content,
				...fields,
				attempts: addAttempt === undefined ? attempts : [...attempts, addAttempt],
				...(isTerminal(state) ? {} : { lease: this.#holder.grant(this.#clock.now()) }),
			};
			if (await this.#replace(next)) return;
			await this.#reload();
			throw new JobTakenOver(current.id);
		});
	}

	async #reload(): Promise<JobRecord> {
		this.#record = (await this.#ledger.find(this.#record.id)) ?? this.#record;
		return this.#record;
	}

	/** Stores the next revision of the record; `false` when somebody else has written meanwhile. */
	async #replace(content: JobRecord): Promise<boolean> {
		const { revision } = this.#record;
		const record = withoutSecrets({ ...content, revision: revision + 1, updatedAtMs: this.#clock.now() });
		if (!(await this.#ledger.replace(record, revision))) return false;
		this.#record = record;
		return true;
	}

	#inTurn<Result>(call: () => Promise<Result>): Promise<Result> {
		const result = this.#written.then(call);
		this.#written = result.then(ignore, ignore);
		return result;
	}
}

/** The words of services, cleaned once more: a key may have become known only after an error was made. */
function withoutSecrets(record: JobRecord): JobRecord {
	const { errorMessage, attempts } = record;
	return {
		...record,
		...(errorMessage === undefined ? {} : { errorMessage: redact(errorMessage) }),
		attempts: attempts.map((attempt) =>
			attempt.reason === undefined ? attempt : { ...attempt, reason: redact(attempt.reason) },
		),
	};
}

/** An operation that is found after all ends what was held against its submission. */
function withoutError({ errorCode, errorMessage, ...record }: JobRecord): JobRecord {
	const last = record.attempts.at(-1);
	if (last?.errorCode === undefined) return record;
	const { errorCode: _unknown, ...accepted } = last;
	return { ...record, attempts: [...record.attempts.slice(0, -1), accepted] };
}

/** An attempt as it is shown to users. */
export function publicAttempt(attempt: AttemptRecord): Attempt {
	const { handle, mark, acceptedAtMs, account, expected, estimatedCostUsd, cacheKey, ...shown } = attempt;
	return shown;
}

/** Whether a job failed and may have a paid video all the same: nobody knew what became of it at the service. */
function mayReopen(record: JobRecord): boolean {
	return record.state === "failed" && (record.attempts.at(-1)?.outcome === "unknown" || isLost(record));
}

/** Whether a job failed because the service did not know its operation, which is no verdict on the video. */
export function isLost(record: JobRecord): boolean {
	const operation = acceptedAttempt(record);
	const isOpen = operation !== undefined && operation.errorCode === undefined;
	return record.state === "failed" && record.errorCode === "operation_not_found" && isOpen;
}

/** The last attempt of a job, if a provider accepted it. */
export function acceptedAttempt(record: JobRecord): AcceptedAttempt | undefined {
	const last = record.attempts.at(-1);
	return last !== undefined && isAccepted(last) ? last : undefined;
}

function isAccepted(attempt: AttemptRecord): attempt is AcceptedAttempt {
	return attempt.handle !== undefined && attempt.acceptedAtMs !== undefined;
}

function ignore(): void {}
