import { join } from "node:path";
import type { OutputPlan } from "../downloads/index.ts";
import { InputError, redact } from "../errors/index.ts";
import {
	Job,
	JobJournal,
	type JobPlan,
	type JobRecord,
	JobRunner,
	type JobServices,
	MemoryLedger,
	type PlanJobOutput,
} from "../operations/index.ts";
import type { JsonObject } from "../provider/index.ts";
import type { ProviderRegistry } from "./provider-registry.ts";
import { jobIdOf, resumeJob } from "./resume-job.ts";

/** How long the record of a job that has ended is kept, in milliseconds: 30 days. Its video is never touched. */
const KEPT_MS = 30 * 24 * 60 * 60_000;

/** Where a video goes when nobody says, and what is asked of a place. */
export interface OutputWish {
	readonly output?: string | undefined;
	readonly overwrite?: boolean | undefined;
	/** What a taken name means when it may not be replaced. */
	readonly existing: "refuse" | "number";
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
	async submit(
		plan: JobPlan,
		output: OutputPlan,
		request: JsonObject | undefined,
		registry: ProviderRegistry,
		signal: AbortSignal,
	): Promise<Job> {
		const job = await this.#create(plan, output, request);
		if (job === undefined) return this.#earlier(plan, registry);
		await job.submit(signal);
		return job;
	}

	async #create(plan: JobPlan, output: OutputPlan, request: JsonObject | undefined): Promise<Job | undefined> {
		const { clock, ledger, events } = this.#services;
		const nowMs = clock.now();
		const content = {
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
		const { plan, record } = await resumeJob(tokenOrJobId, registry, ledger, clock);
		return this.#hold(plan, JobJournal.open(ledger, clock, record), this.#outputOf(record));
	}

	/** The job that stands in the way of a new one with the same key. Throws `InputError` when it asked for something else. */
	async #earlier({ idempotencyKey, inputHash }: JobPlan, registry: ProviderRegistry): Promise<Job> {
		const [record] = await this.#services.ledger.list({ idempotencyKey, limit: 1 });
		if (record !== undefined && record.inputHash === inputHash) return this.resume(record.id, registry);
		throw new InputError(
			"idempotencyKey",
			`it belongs to another request (${record?.id ?? "of another process"}); use a new key for a new request`,
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
