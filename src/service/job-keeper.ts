import { join } from "node:path";
import type { FinishedVideo } from "../cache/index.ts";
import { type OutputPlan, saveAsset } from "../downloads/index.ts";
import { CancelledError, InputError, redact } from "../errors/index.ts";
import {
	costNothing,
	Job,
	JobJournal,
	type JobPlan,
	type JobRecord,
	JobRunner,
	type JobServices,
	MemoryLedger,
	mustGiveWay,
	type PlanJobOutput,
} from "../operations/index.ts";
import type { JsonObject } from "../provider/index.ts";
import type { ProviderRegistry } from "./provider-registry.ts";
import { endUnsent, jobIdOf, resumeJob } from "./resume-job.ts";

/** How long the record of a job that has ended is kept, in milliseconds: 30 days. Its video is never touched. */
const KEPT_MS = 30 * 24 * 60 * 60_000;
const LOOK_EVERY_MS = 250;

/** Where a video goes when nobody says, and what is asked of a place. */
export interface OutputWish {
	readonly output?: string | undefined;
	readonly overwrite?: boolean | undefined;
	/** What a taken name means when it may not be replaced. */
	readonly existing: "refuse" | "number";
}

/** A request that is ready to be submitted. */
export interface PreparedJob {
	readonly plan: JobPlan;
	readonly output: OutputPlan;
	/** What the ledger keeps of the request. */
	readonly request: JsonObject | undefined;
	readonly signal: AbortSignal;
	/** Whether the idempotency key is the user's own. */
	readonly hasOwnKey: boolean;
}

/** Makes jobs, takes them up again, and has those at hand that this process works on. */
export class JobKeeper {
	readonly #services: JobServices;
	readonly #planOutput: (wish: OutputWish) => Promise<OutputPlan>;
	readonly #jobs = new Map<string, Job>();
	#pruning: Promise<unknown> | undefined;

	constructor(services: JobServices, planOutput: (wish: OutputWish) => Promise<OutputPlan>) {
		this.#services = services;
		this.#planOutput = planOutput;
		services.events.on("job-ended", ({ jobId }) => this.#jobs.delete(jobId));
	}

	/**
	 * Records a new job, and submits it. A job with the same idempotency key that has cost something, or may
	 * yet, is taken up instead. Rejects, with nothing sent, when it cannot be recorded and may cost money.
	 */
	async submit(prepared: PreparedJob, registry: ProviderRegistry): Promise<Job> {
		const { job, isNew } = await this.#createOrFind(prepared, registry);
		if (isNew) await job.submit(prepared.signal);
		return job;
	}

	/** The same, unless an identical request is submitted at this moment: then `undefined`, with nothing sent. */
	async submitAlone(prepared: PreparedJob, registry: ProviderRegistry): Promise<Job | undefined> {
		const { plan, signal } = prepared;
		const { job, isNew } = await this.#createOrFind(prepared, registry);
		if (!isNew) return job;
		try {
			if (await mustGiveWay(plan, this.#services, signal)) {
				await job.withdraw("not sent: the same request is in flight as another job");
				return undefined;
			}
		} catch (cause) {
			await job.withdraw("not sent: cancelled before it was submitted");
			throw signal.aborted ? new CancelledError("cancelled before anything was sent", { cause }) : cause;
		}
		await job.submit(signal);
		return job;
	}

	/** Copies a video that was made before to its place, as a job that is done and has sent nothing. */
	async restore({ plan, output, request, signal }: PreparedJob, made: FinishedVideo): Promise<Job> {
		const { clock, ledger, network, maxVideoBytes: maxBytes, events } = this.#services;
		const startedAt = clock.monotonic();
		const record = newRecord(plan, output, request, clock.now());
		const { prompt, createdAtMs } = record;
		const saved = await saveAsset({
			asset: { kind: "file", path: made.path },
			plan: output,
			names: { jobId: plan.id, model: made.model, prompt, createdAtMs },
			maxBytes,
			billed: "no",
			signal,
			network,
		});
		const tookMs = Math.round(clock.monotonic() - startedAt);
		const { path, sizeBytes, sha256 } = saved;
		const fitted = plan.candidates.find(({ reference }) => reference.text === made.model)?.warnings ?? [];
		const { usd: originalUsd } = made.cost;
		const restored: JobRecord = {
			...record,
			state: "succeeded",
			attempts: [],
			result: {
				path,
				sizeBytes,
				sha256,
				metadata: made.metadata,
				warnings: [...new Set([...plan.warnings, ...fitted, ...made.warnings, ...saved.warnings])],
				cost: { usd: 0, source: "cache", ...(originalUsd === undefined ? {} : { originalUsd }) },
				downloadMs: tookMs,
				totalMs: tookMs,
				fromCache: { model: made.model },
			},
		};
		// It cost nothing, so it may be forgotten: no ledger stands in its way.
		const isRecorded = await ledger.insert(restored).catch(() => false);
		const usedLedger = isRecorded ? ledger : new MemoryLedger();
		if (!isRecorded) await usedLedger.insert(restored);
		const job = this.#hold(plan, JobJournal.open(usedLedger, clock, restored), this.#outputOf(restored));
		events.emit("job-created", { jobId: plan.id, task: plan.task, models: [made.model] });
		events.emit("job-ended", { jobId: plan.id, state: "succeeded" });
		return job;
	}

	async #create({ plan, output, request }: PreparedJob): Promise<Job | undefined> {
		const { clock, ledger, events } = this.#services;
		const nowMs = clock.now();
		const content = newRecord(plan, output, request, nowMs);
		const isFree = plan.candidates.every(({ provider }) => provider.traits.billing === "free");
		let usedLedger = ledger;
		const journal = await JobJournal.create(ledger, clock, content).catch((error: unknown) => {
			// What costs nothing may be forgotten: no read-only disk stands in its way.
			if (!isFree) throw error;
			usedLedger = new MemoryLedger();
			return JobJournal.create(usedLedger, clock, content);
		});
		if (journal === undefined) return undefined;
		this.#pruning ??= usedLedger.prune(nowMs - KEPT_MS).catch(() => undefined);
		const job = this.#hold(plan, journal, (wish) =>
			wish?.output === undefined ? Promise.resolve(output) : this.#planOutput({ ...wish, existing: "refuse" }),
		);
		const models = plan.candidates.map(({ reference }) => reference.text);
		events.emit("job-created", { jobId: plan.id, task: plan.task, models });
		return job;
	}

	/** Takes a job up again. Sends no submission. */
	async resume(tokenOrJobId: string, registry: ProviderRegistry): Promise<Job> {
		if (typeof tokenOrJobId !== "string") throw new InputError("token", "must be the token or the id of a job");
		const known = this.#jobs.get(jobIdOf(tokenOrJobId));
		if (known !== undefined) return known;
		const { clock, ledger } = this.#services;
		const { plan, record, acceptance } = await resumeJob(tokenOrJobId, registry, ledger, clock);
		const job = this.#hold(plan, JobJournal.open(ledger, clock, record), this.#outputOf(record));
		if (acceptance !== undefined) await job.settle(acceptance);
		return job;
	}

	/** A new job, or the one that has its idempotency key. While somebody is about to send that one, waits for it. */
	async #createOrFind(
		prepared: PreparedJob,
		registry: ProviderRegistry,
	): Promise<{ readonly job: Job; readonly isNew: boolean }> {
		const { clock } = this.#services;
		const { signal } = prepared;
		for (;;) {
			const job = await this.#create(prepared);
			if (job !== undefined) return { job, isNew: true };
			const earlier = await this.#earlier(prepared.plan, registry);
			if (earlier !== undefined) return { job: earlier, isNew: false };
			await clock.sleep(LOOK_EVERY_MS, signal).catch((cause: unknown) => {
				throw new CancelledError("cancelled before anything was sent", { cause });
			});
		}
	}

	/**
	 * The job that stands in the way of a new one with the same key; `undefined` when it is not sent yet, or ended
	 * before it was. Throws `InputError` when it asked for something else.
	 */
	async #earlier({ idempotencyKey, inputHash }: JobPlan, registry: ProviderRegistry): Promise<Job | undefined> {
		const { clock, ledger } = this.#services;
		const records = await ledger.list({ idempotencyKey, limit: Number.MAX_SAFE_INTEGER });
		const record = records.find((other) => !costNothing(other));
		if (record === undefined) return undefined;
		const isUnsent = record.state === "created";
		if (isUnsent && (await endUnsent(record, ledger, clock)) === undefined) return undefined;
		if (record.inputHash === inputHash) return isUnsent ? undefined : this.resume(record.id, registry);
		throw new InputError(
			"idempotencyKey",
			`it belongs to another request (${record.id}); use a new key for a new request`,
		);
	}

	/** Lets other processes have the jobs that are not done. */
	async close(): Promise<void> {
		await Promise.all([this.#pruning, ...[...this.#jobs.values()].map((job) => job.release())]);
		this.#jobs.clear();
	}

	#hold(plan: JobPlan, journal: JobJournal, planOutput: PlanJobOutput): Job {
		const job = new Job(new JobRunner(plan, journal, this.#services), this.#services, planOutput);
		this.#jobs.set(plan.id, job);
		return job;
	}

	/** The place that the job was made for, unless another one is named. A taken name no longer loses a video. */
	#outputOf({ output: recorded }: JobRecord): PlanJobOutput {
		return (wish) =>
			wish?.output === undefined
				? this.#planOutput({ output: recorded?.path, overwrite: recorded?.overwrite, existing: "number" })
				: this.#planOutput({ ...wish, existing: "refuse" });
	}
}

function newRecord(plan: JobPlan, output: OutputPlan, request: JsonObject | undefined, nowMs: number) {
	return {
		id: plan.id,
		revision: 0,
		task: plan.task,
		state: "created",
		idempotencyKey: plan.idempotencyKey,
		inputHash: plan.inputHash,
		prompt: redact(plan.candidates[0].request.prompt),
		output: { path: join(output.directory, output.name), overwrite: output.overwrite },
		createdAtMs: nowMs,
		updatedAtMs: nowMs,
		attempts: plan.skipped,
		...(request === undefined ? {} : { request }),
	} as const;
}
