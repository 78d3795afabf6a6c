import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { type OutputPlan, type SavedVideo, saveAsset, type VideoNetwork } from "../downloads/index.ts";
import { type Attempt, CancelledError, isVideoError, StillRunningError } from "../errors/index.ts";
import { probeOrSniff, type VideoMetadata } from "../media/index.ts";
import type { CancelOutcome } from "../provider/index.ts";
import { compareWithRequest } from "./compare-with-request.ts";
import type { GeneratedAsset, JobRunner } from "./job-runner.ts";
import { isTerminal, type JobState } from "./job-state.ts";
import type { RunnerServices } from "./runner-services.ts";
import type { VideoCost, VideoJob, VideoResult, WaitOptions } from "./video-job.ts";

/** What a job needs beside its runner. */
export interface JobServices extends RunnerServices {
	/** Fetches results that are URLs. */
	readonly network: VideoNetwork;
	/** The largest video that is kept, in bytes. */
	readonly maxVideoBytes: number;
	/** Aborted when the service closes: nobody waits any more. */
	readonly closing: AbortSignal;
}

/** The job as users hold it: one drive to the finished file, shared by all who wait for it. */
export class Job implements VideoJob {
	readonly #runner: JobRunner;
	readonly #services: JobServices;
	readonly #output: OutputPlan;
	readonly #startedAt: number;
	#drive: Promise<VideoResult> | undefined;
	/** Settles when the last drive that nobody waits for has wound up: there are never two. */
	#abandoned: Promise<void> = Promise.resolve();
	#stop = new AbortController();
	#waiters = 0;

	constructor(runner: JobRunner, services: JobServices, output: OutputPlan) {
		this.#runner = runner;
		this.#services = services;
		this.#output = output;
		this.#startedAt = services.clock.monotonic();
	}

	get id(): string {
		return this.#runner.plan.id;
	}

	get token(): string {
		return this.#runner.token ?? this.id;
	}

	get state(): JobState {
		return this.#runner.journal.record.state;
	}

	get model(): string {
		return this.#runner.candidate.reference.text;
	}

	get attempts(): readonly Attempt[] {
		return this.#runner.journal.attempts;
	}

	get progress(): number | undefined {
		return this.#runner.progress?.progress;
	}

	/** Goes along the chain until a provider has accepted. */
	async submit(signal: AbortSignal): Promise<void> {
		await this.#runner.submit(signal);
	}

	async wait(options: WaitOptions = {}): Promise<VideoResult> {
		const { closing } = this.#services;
		const signal = options.signal === undefined ? closing : AbortSignal.any([closing, options.signal]);
		if (this.#drive === undefined) {
			this.#stop = new AbortController();
			const { signal } = this.#stop;
			this.#drive = this.#abandoned.then(() => this.#run(signal));
			this.#drive.catch(ignore);
		}
		const drive = this.#drive;
		this.#waiters++;
		try {
			return await this.#raceWith(drive, options.timeoutMs ?? this.#services.policies.waitMs, signal);
		} finally {
			this.#waiters--;
			if (this.#waiters === 0) await this.#abandon(drive, signal.aborted);
		}
	}

	async cancel(): Promise<CancelOutcome> {
		return this.#runner.cancel();
	}

	async #raceWith(drive: Promise<VideoResult>, timeoutMs: number, signal: AbortSignal): Promise<VideoResult> {
		const timer = new AbortController();
		const deadline = this.#services.clock.sleep(timeoutMs, timer.signal).then(() => {
			throw this.#stillRunning(timeoutMs);
		});
		const aborted = Promise.withResolvers<never>();
		const onAbort = () => aborted.reject(this.#stoppedWaiting(signal.reason));
		deadline.catch(ignore);
		aborted.promise.catch(ignore);
		if (signal.aborted) onAbort();
		signal.addEventListener("abort", onAbort, { once: true });
		try {
			return await Promise.race([aborted.promise, drive, deadline]);
		} finally {
			timer.abort();
			signal.removeEventListener("abort", onAbort);
		}
	}

	/**
	 * Nobody waits any more: the looking ends. After an abort, an operation that lives in this process ends
	 * with it, since nobody else could collect it.
	 */
	async #abandon(drive: Promise<VideoResult>, wasAborted: boolean): Promise<void> {
		this.#stop.abort();
		if (isTerminal(this.state)) return;
		this.#drive = undefined;
		this.#abandoned = drive.then(ignore, ignore);
		await this.#abandoned;
		if (wasAborted && !isTerminal(this.state) && this.#isInProcess) await this.#runner.cancel();
	}

	get #isInProcess(): boolean {
		return this.#runner.candidate.provider.traits.runsIn === "process";
	}

	async #run(signal: AbortSignal): Promise<VideoResult> {
		try {
			const generated = await this.#runner.generate(signal);
			const generatedAt = this.#services.clock.monotonic();
			const saved = await this.#save(generated, signal);
			const { metadata, warning } = await probeOrSniff(saved.path, { signal });
			for (const text of [...saved.warnings, ...(warning === undefined ? [] : [warning])]) this.#runner.warn(text);
			for (const text of compareWithRequest(metadata, this.#runner.candidate.request)) this.#runner.warn(text);
			await this.#runner.journal.write({ state: "succeeded", path: saved.path });
			this.#runner.announceEnd("succeeded");
			return this.#result(saved, metadata, generated, generatedAt);
		} catch (error) {
			throw isVideoError(error) ? error.addContext(this.#runner.context()) : error;
		}
	}

	async #save(generated: GeneratedAsset, signal: AbortSignal): Promise<SavedVideo> {
		const { journal, candidate, plan } = this.#runner;
		const { events, maxVideoBytes, network } = this.#services;
		if (journal.record.state === "generated") await journal.write({ state: "downloading" });
		try {
			return await saveAsset({
				asset: generated.asset,
				plan: this.#output,
				names: {
					jobId: this.id,
					model: this.model,
					prompt: candidate.request.prompt,
					createdAtMs: journal.record.createdAtMs,
				},
				maxBytes: maxVideoBytes,
				billed: journal.operation?.billed ?? "unknown",
				signal,
				network,
				refresh: () => this.#runner.refresh(signal),
				onProgress: ({ receivedBytes, totalBytes }) => {
					const progress = { jobId: plan.id, receivedBytes };
					events.emit("download-progress", totalBytes === undefined ? progress : { ...progress, totalBytes });
				},
			});
		} catch (error) {
			await journal.write({ state: "generated" });
			throw error;
		}
	}

	#result(saved: SavedVideo, metadata: VideoMetadata, generated: GeneratedAsset, generatedAt: number): VideoResult {
		const { journal, candidate, warnings } = this.#runner;
		const { clock } = this.#services;
		const { path, sizeBytes, sha256 } = saved;
		return {
			id: this.id,
			token: this.token,
			path,
			sizeBytes,
			sha256,
			metadata,
			model: candidate.reference.text,
			attempts: journal.attempts,
			warnings: [...warnings],
			timings: {
				submittedAt: journal.operation?.submittedAt ?? new Date(journal.record.createdAtMs).toISOString(),
				generationMs: Math.round(this.#runner.generationMs),
				downloadMs: Math.round(clock.monotonic() - generatedAt),
				totalMs: Math.round(clock.monotonic() - this.#startedAt),
			},
			cost: this.#cost(generated),
			fromCache: false,
			bytes: () => readFile(path),
			stream: () => Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>,
		};
	}

	#cost({ costUsd }: GeneratedAsset): VideoCost {
		const { provider, estimatedCostUsd } = this.#runner.candidate;
		if (costUsd !== undefined) return { usd: costUsd, source: "service" };
		if (provider.traits.billing === "free") return { usd: 0, source: "free" };
		return estimatedCostUsd === undefined ? { source: "unknown" } : { usd: estimatedCostUsd, source: "estimate" };
	}

	#stillRunning(timeoutMs: number): StillRunningError {
		const goesOn = this.#isInProcess
			? "it lives in this process and ends with it: wait again, or allow more time"
			: "the operation goes on there, and resuming it with the token costs nothing";
		const seconds = Number((timeoutMs / 1000).toFixed(1));
		return new StillRunningError(`${this.model} had not finished after ${seconds} s; ${goesOn}`, {
			billed: this.#runner.journal.operation?.billed ?? "unknown",
			retryable: true,
			...this.#runner.context(),
		});
	}

	#stoppedWaiting(reason: unknown): CancelledError {
		const message = this.#isInProcess
			? `cancelled; ${this.model} was stopped`
			: `stopped waiting; the operation at ${this.model} goes on, and the token resumes it`;
		return new CancelledError(message, {
			billed: this.#runner.journal.operation?.billed ?? "no",
			cause: reason,
			...this.#runner.context(),
		});
	}
}

function ignore(): void {}
