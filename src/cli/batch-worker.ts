import { isVideoError } from "../errors/index.ts";
import type { GenerateOptions, JobState, VideoJob, VideoProgress, VideoResult, VideoService } from "../index.ts";
import type { BatchLine } from "./batch-input.ts";
import type { BatchManifest, ManifestEntry } from "./batch-manifest.ts";
import type { Standing } from "./batch-standing.ts";
import { followJob } from "./progress.ts";

/** An item that is worked on, and where it stood before. */
export interface BatchTask {
	readonly item: BatchLine;
	readonly standing: Extract<Standing, { kind: "earlier" | "left" | "fresh" }>;
	/** The providers of its chain, in order; none for one that only goes on. */
	readonly providers: readonly string[];
}

/** What a worker works with. */
export interface WorkerMeans {
	readonly videos: VideoService;
	readonly manifest: BatchManifest;
	/** Shows how far an item is. */
	readonly show: (item: BatchLine, progress: VideoProgress) => void;
	/** Tells people something. */
	readonly warn: (message: string) => void;
}

/** The states in which a service has a job. */
const LIVE: readonly JobState[] = ["accepted", "running", "generated", "downloading"];

/**
 * Brings items to their videos, and keeps the manifest at it: a job is in there as soon as a service has
 * it. What an earlier run has begun goes on; nothing is sent for it.
 */
export class BatchWorker {
	readonly #means: WorkerMeans;

	constructor(means: WorkerMeans) {
		this.#means = means;
	}

	/** Makes one item's video. Throws what the service throws. */
	async make({ item, standing }: BatchTask, options: GenerateOptions): Promise<VideoResult> {
		switch (standing.kind) {
			case "left":
				throw standing.error;
			case "fresh":
				return this.#generate(item, standing.generation, options);
			case "earlier":
				return (
					(await this.#goOn(item, standing.job, standing.generation, options)) ??
					(await this.#generateAnew(item, standing.generation + 1, options))
				);
		}
	}

	/** Goes on with an earlier job. `undefined` when nothing can come of it, and it has cost nothing. */
	async #goOn(
		item: BatchLine,
		jobOrToken: string,
		generation: number,
		options: GenerateOptions,
	): Promise<VideoResult | undefined> {
		const { videos, manifest } = this.#means;
		const job = await videos.resume(jobOrToken).catch(async (error: unknown) => {
			// One that was recorded and never sent ends as it is taken up, and cannot be waited for.
			const [ended] = await videos.jobs({ idempotencyKey: manifest.jobKey(item.key, generation), limit: 1 });
			if (ended === undefined || !hasCostNothing(ended)) throw error;
			return undefined;
		});
		if (job === undefined) return undefined;
		try {
			return await this.#wait(item, job, generation, options);
		} catch (error) {
			if (options.signal?.aborted === true) throw error;
			if (job.state === "succeeded") return this.#fetchAgain(item, job, generation, options);
			if (!hasCostNothing(job)) throw error;
			return undefined;
		}
	}

	/** The video was here and is not any more. A service may still have it; a free one need not. */
	async #fetchAgain(
		item: BatchLine,
		job: VideoJob,
		generation: number,
		options: GenerateOptions,
	): Promise<VideoResult | undefined> {
		try {
			const video = await job.download(options.signal === undefined ? {} : { signal: options.signal });
			await this.#record(item, { state: "succeeded", generation, ...whereabouts(video) });
			return video;
		} catch (error) {
			if (options.signal?.aborted === true || job.attempts.some(({ billed }) => billed !== "no")) throw error;
			return undefined;
		}
	}

	/** An item that is generated once more has a key of its own, known before anything is sent. */
	async #generateAnew(item: BatchLine, generation: number, options: GenerateOptions): Promise<VideoResult> {
		await this.#record(item, { state: "pending", generation });
		return this.#generate(item, generation, options);
	}

	async #generate(item: BatchLine, generation: number, options: GenerateOptions): Promise<VideoResult> {
		const { videos, manifest, show } = this.#means;
		let job: VideoJob;
		try {
			job = await videos.submit(item.request, {
				...options,
				idempotencyKey: manifest.jobKey(item.key, generation),
				onProgress: (progress) => show(item, progress),
			});
		} catch (error) {
			await this.#record(item, { generation, ...failureOf(error) });
			throw error;
		}
		return this.#wait(item, job, generation, options);
	}

	async #wait(item: BatchLine, job: VideoJob, generation: number, options: GenerateOptions): Promise<VideoResult> {
		const { signal, timeoutMs } = options;
		if (LIVE.includes(job.state)) await this.#record(item, { state: "accepted", generation, ...idsOf(job) });
		const stopFollowing = followJob(this.#means.videos, job, {
			update: (progress) => this.#means.show(item, progress),
		});
		try {
			const video = await job.wait({ signal, timeoutMs });
			await this.#record(item, { state: "succeeded", generation, ...whereabouts(video) });
			return video;
		} catch (error) {
			await this.#record(item, { generation, ...idsOf(job), ...failureOf(error, job) });
			throw error;
		} finally {
			stopFollowing();
		}
	}

	/** The ledger has every job: a manifest that cannot be written is no reason to lose a video. */
	async #record(item: BatchLine, change: Omit<ManifestEntry, "item" | "index" | "line">): Promise<void> {
		const { index, line, key } = item;
		await this.#means.manifest.write({ item: key, index, line, ...change }).catch((error: unknown) => {
			this.#means.warn(`line ${line}: the manifest could not be written: ${String(error)}`);
		});
	}
}

function whereabouts({ id, token, path, sizeBytes, sha256 }: VideoResult): Partial<ManifestEntry> {
	return { job: id, token, path, sizeBytes, sha256 };
}

/** A job that no service has taken is known by its id alone. */
function idsOf({ id, token }: VideoJob): Pick<ManifestEntry, "job" | "token"> {
	return token === id ? { job: id } : { job: id, token };
}

function hasCostNothing({ state, attempts }: Pick<VideoJob, "state" | "attempts">): boolean {
	return (state === "failed" || state === "cancelled") && attempts.every(({ billed }) => billed === "no");
}

/** What is known of an item that has no video. A job that has not ended goes on, whatever the error was. */
function failureOf(thrown: unknown, job?: VideoJob): Pick<ManifestEntry, "state" | "error" | "job" | "token"> {
	const error = isVideoError(thrown) ? thrown : undefined;
	const bills = [error?.billed ?? "unknown", ...(job?.attempts ?? error?.attempts ?? []).map(({ billed }) => billed)];
	const billed = bills.includes("yes") ? "yes" : bills.includes("unknown") ? "unknown" : "no";
	return {
		state: stateAfter(error?.code, error?.token, job),
		...(error?.jobId === undefined ? {} : { job: error.jobId }),
		...(error?.token === undefined ? {} : { token: error.token }),
		error: { code: error?.code ?? "unexpected", billed, message: error?.message ?? String(thrown) },
	};
}

function stateAfter(code: string | undefined, token: string | undefined, job?: VideoJob): ManifestEntry["state"] {
	if (code === "submit_unknown" || job?.state === "submit_unknown") return "submit_unknown";
	if (job === undefined) return token === undefined ? "failed" : "accepted";
	return job.state === "failed" || job.state === "cancelled" ? "failed" : "accepted";
}
