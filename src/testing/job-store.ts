import type { JobView } from "./faults.ts";
import type { ReceivedRequest, ServiceDialect, ServiceJob } from "./service-dialect.ts";

/** What the service does with an idempotency key that it has seen before. */
export type IdempotencyMode = "none" | "replay" | "reject";

/** What became of a submission. */
export type Commit =
	| { readonly outcome: "created" | "replayed"; readonly job: ServiceJob }
	/** The key is known: refused with `status`, nothing was made. */
	| { readonly outcome: "refused"; readonly status: number; readonly reason: string };

interface StoredJob {
	readonly id: string;
	readonly clientId: string | undefined;
	readonly idempotencyKey: string | undefined;
	readonly submission: ReceivedRequest;
	/** What each look shows, in order; the last one repeats. */
	readonly views: readonly JobView[];
	looks: number;
	/** What a script put in the place of what the newest look would have shown. */
	instead: JobView | undefined;
	/** The number in the newest URL of the result. */
	signature: number;
	isCancelled: boolean;
	isBilled: boolean;
}

/** The jobs of a scripted service, and what it charged: the truth that tests compare with. */
export class JobStore {
	/** What the looks at jobs show that are made from now on. */
	views: readonly JobView[] = [
		{ state: "queued", queuePosition: 1 },
		{ state: "running", progress: 0.5 },
		{ state: "succeeded" },
	];
	readonly #jobs: StoredJob[] = [];
	readonly #dialect: ServiceDialect;
	readonly #idempotency: IdempotencyMode;
	readonly #resultUrl: (id: string, signature: number) => string;
	#oldestSignature = 0;
	#newestSignature = 0;

	constructor(
		dialect: ServiceDialect,
		idempotency: IdempotencyMode,
		resultUrl: (id: string, signature: number) => string,
	) {
		this.#dialect = dialect;
		this.#idempotency = idempotency;
		this.#resultUrl = resultUrl;
	}

	/** Every job, the newest first. */
	get jobs(): readonly ServiceJob[] {
		return this.#jobs.map((job) => this.#show(job)).reverse();
	}

	/** THE BILLING COMMIT POINT: before this call a submission costs nothing, after it the job exists. */
	commit(submission: ReceivedRequest, clientId: string | undefined, idempotencyKey: string | undefined): Commit {
		const known =
			this.#idempotency === "none" || idempotencyKey === undefined
				? undefined
				: this.#jobs.find((job) => job.idempotencyKey === idempotencyKey);
		if (known !== undefined) {
			if (this.#idempotency === "reject") {
				const status = this.#dialect.duplicateStatus ?? 409;
				return { outcome: "refused", status, reason: "a job with this idempotency key already exists" };
			}
			// Forms have another boundary each time; what they say is not compared.
			const isSame = known.submission.form !== undefined || Buffer.from(known.submission.body).equals(submission.body);
			if (isSame) return { outcome: "replayed", job: this.#show(known) };
			return { outcome: "refused", status: 422, reason: "this idempotency key came with another request" };
		}
		const id = jobIdOf(this.#dialect, this.#jobs.length + 1);
		const job: StoredJob = {
			id,
			clientId,
			idempotencyKey,
			submission,
			views: this.views,
			looks: 0,
			instead: undefined,
			signature: 0,
			isCancelled: false,
			isBilled: true,
		};
		this.#jobs.push(job);
		return { outcome: "created", job: this.#show(job) };
	}

	/** The job as the next look shows it; `undefined` when there is none with that id. */
	look(id: string, view?: JobView): ServiceJob | undefined {
		const job = this.#find(id);
		if (job === undefined) return undefined;
		job.looks++;
		job.instead = view;
		job.signature = ++this.#newestSignature;
		const { failure, state } = this.#show(job);
		if (failure !== undefined && state === "failed") job.isBilled = failure.billed ?? true;
		return this.#show(job);
	}

	/** Cancels a job that has not ended, at no charge. */
	cancel(id: string): ServiceJob | undefined {
		const job = this.#find(id);
		if (job === undefined) return undefined;
		const { state } = this.#show(job);
		if (state === "queued" || state === "running") {
			job.isCancelled = true;
			job.instead = undefined;
			job.isBilled = false;
		}
		return this.#show(job);
	}

	/** The job as the last look showed it. */
	find(id: string): ServiceJob | undefined {
		const job = this.#find(id);
		return job === undefined ? undefined : this.#show(job);
	}

	/** URLs of results that were given out until now stop working; the next look gives a new one. */
	expireResults(): void {
		this.#oldestSignature = this.#newestSignature + 1;
	}

	/** Whether a result's URL still works. */
	isFresh(signature: number): boolean {
		return signature >= this.#oldestSignature;
	}

	#find(id: string): StoredJob | undefined {
		return this.#jobs.find((job) => job.id === id);
	}

	#show(job: StoredJob): ServiceJob {
		const { id, clientId, idempotencyKey, submission, isBilled: billed, instead } = job;
		const planned = job.looks === 0 ? undefined : job.views[Math.min(job.looks, job.views.length) - 1];
		const view = instead ?? (job.isCancelled ? { state: "cancelled" } : planned);
		const state = view?.state ?? "queued";
		const resultUrl = state === "succeeded" ? this.#resultUrl(id, job.signature) : undefined;
		return { id, clientId, idempotencyKey, submission, billed, resultUrl, ...view, state };
	}
}

/** The id of the nth job. */
export function jobIdOf(dialect: ServiceDialect, number: number): string {
	return dialect.jobId?.(number) ?? `job_${String(number).padStart(8, "0")}`;
}
