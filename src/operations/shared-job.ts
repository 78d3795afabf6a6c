import type { Attempt } from "../errors/index.ts";
import type { CancelOutcome } from "../provider/index.ts";
import type { JobEventRecord } from "../telemetry/index.ts";
import type { JobState } from "./job-state.ts";
import type { DownloadOptions, JobStatus, VideoJob, VideoResult, WaitOptions } from "./video-job.ts";

/** Gives a caller a file of its own of a video that another call's job made. */
export type CopyVideo = (video: VideoResult, options: DownloadOptions) => Promise<VideoResult>;

/** Another call's job, as the caller of an identical request holds it: the same video, in its own place. */
export class SharedJob implements VideoJob {
	readonly #job: VideoJob;
	readonly #copy: CopyVideo;
	#result: Promise<VideoResult> | undefined;

	constructor(job: VideoJob, copy: CopyVideo) {
		this.#job = job;
		this.#copy = copy;
	}

	get id(): string {
		return this.#job.id;
	}

	get token(): string {
		return this.#job.token;
	}

	get state(): JobState {
		return this.#job.state;
	}

	get model(): string {
		return this.#job.model;
	}

	get attempts(): readonly Attempt[] {
		return this.#job.attempts;
	}

	get progress(): number | undefined {
		return this.#job.progress;
	}

	events(options?: { readonly signal?: AbortSignal | undefined }): AsyncIterable<JobEventRecord> {
		return this.#job.events(options);
	}

	async wait(options: WaitOptions = {}): Promise<VideoResult> {
		const video = await this.#job.wait(options);
		const { signal } = options;
		this.#result ??= this.#copy(video, { signal }).catch((error: unknown) => {
			this.#result = undefined;
			throw error;
		});
		return this.#result;
	}

	async download(options: DownloadOptions = {}): Promise<VideoResult> {
		if (options.output === undefined) return this.wait(options);
		return this.#copy(await this.#job.wait(options), options);
	}

	look(options?: { readonly signal?: AbortSignal | undefined }): Promise<JobStatus> {
		return this.#job.look(options);
	}

	/** Others wait for it too, so it is not stopped: abort the signal of `wait` to stop waiting. */
	async cancel(): Promise<CancelOutcome> {
		return "unsupported";
	}
}
