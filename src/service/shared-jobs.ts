import { join } from "node:path";
import { JobSharing, type VideoCache } from "../cache/index.ts";
import { CancelledError, isVideoError } from "../errors/index.ts";
import {
	findInFlight,
	type Job,
	type JobServices,
	passedOver,
	SharedJob,
	type VideoJob,
	type VideoResult,
} from "../operations/index.ts";
import type { JobKeeper, PreparedJob } from "./job-keeper.ts";
import { newJobId } from "./plan-job.ts";
import type { ProviderRegistry } from "./provider-registry.ts";

/** Waits for a job in the caller's way. */
export type WaitForJob = (job: VideoJob) => Promise<VideoResult>;

/** Gets jobs for requests: from the cache, from an identical request in flight, or by submitting them. */
export class SharedJobs {
	readonly #services: JobServices;
	readonly #keeper: JobKeeper;
	readonly #registry: ProviderRegistry;
	readonly #cache: VideoCache;
	readonly #sharing: JobSharing<Job>;

	constructor(services: JobServices, keeper: JobKeeper, registry: ProviderRegistry, cache: VideoCache) {
		this.#services = services;
		this.#keeper = keeper;
		this.#registry = registry;
		this.#cache = cache;
		this.#sharing = new JobSharing(cache);
	}

	/** A job for a request, as soon as one is accepted, or its video is here. */
	submit(prepared: PreparedJob): Promise<VideoJob> {
		const copy = (job: Job) => (video: VideoResult) => this.#ownCopy(job, video, prepared);
		return this.#obtain<VideoJob>(
			prepared,
			async (job) => job,
			async (job) => new SharedJob(job, copy(job)),
		);
	}

	/** The video of a request. A job of another call that somebody cancels is no end: then it is submitted. */
	generate(prepared: PreparedJob, wait: WaitForJob): Promise<VideoResult> {
		return this.#obtain(prepared, wait, async (job) => this.#ownCopy(job, await wait(job), prepared));
	}

	async #obtain<Result>(
		prepared: PreparedJob,
		own: (job: Job) => Promise<Result>,
		shared: (job: Job) => Promise<Result>,
	): Promise<Result> {
		const { cacheKey } = prepared.plan.candidates[0];
		if (cacheKey === undefined || (await this.#isKnownByKey(prepared))) {
			return own(await this.#keeper.submit(prepared, this.#registry));
		}
		const { signal } = prepared;
		let { plan } = prepared;
		return this.#sharing.run<Result>({
			cacheKey,
			shareKey: shareKey(prepared, cacheKey),
			signal,
			findInFlight: async () => {
				const record = await unlessAborted(findInFlight(plan, this.#services, signal), signal);
				return record === undefined ? undefined : this.#keeper.resume(record.id, this.#registry);
			},
			begin: async () => {
				const job = await this.#keeper.submitAlone({ ...prepared, plan }, this.#registry);
				if (job === undefined) plan = { ...plan, id: newJobId() };
				return job;
			},
			finish: (job, isOwn) => (isOwn ? own(job) : shared(job)),
			restore: async (video) => own(await this.#keeper.restore({ ...prepared, plan }, video)),
		});
	}

	/** A key of the user's own names one job, also one that has failed at a cost. */
	async #isKnownByKey({ hasOwnKey, plan: { idempotencyKey } }: PreparedJob): Promise<boolean> {
		if (!hasOwnKey) return false;
		return (await this.#services.ledger.list({ idempotencyKey, limit: 1 })).length > 0;
	}

	/** The video of another call's job once more, in the place that this call asked for. */
	async #ownCopy(job: Job, video: VideoResult, prepared: PreparedJob): Promise<VideoResult> {
		const { plan, output, signal } = prepared;
		const key = plan.candidates.find(({ reference }) => reference.text === video.model)?.cacheKey;
		await using cached = key === undefined ? undefined : await this.#cache.find(key, { signal });
		if (cached !== undefined) {
			const warnings = [...plan.warnings, ...passedOver(video.attempts, video.model)];
			const restored = await this.#keeper.restore({ ...prepared, plan: { ...plan, id: newJobId(), warnings } }, cached);
			return restored.wait({ signal });
		}
		// The cache did not take it: it is where the other call has it, or still at the service.
		return job.download({ output: join(output.directory, output.name), overwrite: output.overwrite, signal });
	}
}

function shareKey({ plan, hasOwnKey }: PreparedJob, cacheKey: string): string {
	const { inputHash, fallbackOn, allowSecondSubmission, idempotencyKey } = plan;
	return JSON.stringify([cacheKey, inputHash, fallbackOn, allowSecondSubmission, hasOwnKey ? idempotencyKey : null]);
}

async function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
	try {
		return await work;
	} catch (cause) {
		if (isVideoError(cause) || !signal.aborted) throw cause;
		throw new CancelledError("cancelled before anything was sent", { cause });
	}
}
