import type { FinishedVideo, PaidCost, VideoCache } from "../cache/index.ts";
import { type OutputPlan, type SavedVideo, saveAsset, type VideoNetwork } from "../downloads/index.ts";
import {
	type Attempt,
	CancelledError,
	ConfigurationError,
	isVideoError,
	ProviderError,
	StillRunningError,
	type VideoError,
} from "../errors/index.ts";
import { probeOrSniff } from "../media/index.ts";
import { NotAdmittedError } from "../policies/index.ts";
import type { CancelOutcome, VideoAsset } from "../provider/index.ts";
import { type JobEventRecord, jobEvents } from "../telemetry/index.ts";
import { cancelOperation, explainedError } from "./cancel-operation.ts";
import { billedOf } from "./chain-walk.ts";
import { compareWithRequest } from "./compare-with-request.ts";
import { endedError } from "./ended-error.ts";
import { type Acceptance, JobTakenOver } from "./job-journal.ts";
import { targetOf } from "./job-plan.ts";
import type { GeneratedAsset, JobRunner } from "./job-runner.ts";
import { isSettled, isTerminal, type JobState } from "./job-state.ts";
import type { LeaseRecord } from "./ledger.ts";
import { recoverSubmission } from "./recover-submission.ts";
import { abandonSubmission, adoptOperation, requireUnknown } from "./resolve-submission.ts";
import type { RunnerServices } from "./runner-services.ts";
import { describe } from "./send-submission.ts";
import type { DownloadOptions, JobStatus, VideoJob, VideoResult, WaitOptions } from "./video-job.ts";
import { requireFile, videoResult } from "./video-result.ts";

/** What a job needs beside its runner. */
export interface JobServices extends RunnerServices {
	/** Fetches results that are URLs. */
	readonly network: VideoNetwork;
	/** The largest video that is kept, in bytes. */
	readonly maxVideoBytes: number;
	/** Where finished videos are kept for the next time; absent: nowhere. */
	readonly cache?: Pick<VideoCache, "store">;
	/** Aborted when the service closes: nobody waits any more. */
	readonly closing: AbortSignal;
}

/** Decides where the video goes; given options count before what the job was made with. */
export type PlanJobOutput = (options?: Pick<DownloadOptions, "output" | "overwrite">) => Promise<OutputPlan>;

/** The longest time between two looks at a job that another process works on. */
const OBSERVE_EVERY_MS = 1_000;

/** The job as users hold it: one drive to the finished file, shared by all who wait for it. */
export class Job implements VideoJob {
	readonly #runner: JobRunner;
	readonly #services: JobServices;
	#planOutput: PlanJobOutput;
	#drive: Promise<VideoResult> | undefined;
	/** Settles when the last drive that nobody waits for has wound up: there are never two. */
	#abandoned: Promise<void> = Promise.resolve();
	#stop = new AbortController();
	#waiters = 0;

	constructor(runner: JobRunner, services: JobServices, planOutput: PlanJobOutput) {
		this.#runner = runner;
		this.#services = services;
		this.#planOutput = planOutput;
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
		try {
			await this.#runner.submit(signal);
		} catch (error) {
			throw error instanceof JobTakenOver ? this.#takenOver() : error;
		}
	}

	events(options: { readonly signal?: AbortSignal | undefined } = {}): AsyncIterable<JobEventRecord> {
		const { closing, events } = this.#services;
		const signal = options.signal === undefined ? closing : AbortSignal.any([closing, options.signal]);
		return jobEvents(events, this.id, isTerminal(this.state), signal);
	}

	async wait(options: WaitOptions = {}): Promise<VideoResult> {
		const { closing } = this.#services;
		const signal = options.signal === undefined ? closing : AbortSignal.any([closing, options.signal]);
		if (this.#drive === undefined) {
			this.#runner.attach();
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

	async download(options: DownloadOptions = {}): Promise<VideoResult> {
		const record = await this.#runner.journal.refresh();
		if (record.result === undefined) {
			const { output, overwrite } = options;
			const planOutput = this.#planOutput;
			if (output !== undefined) this.#planOutput = () => planOutput({ output, overwrite });
			return this.wait(options);
		}
		const { closing } = this.#services;
		const signal = options.signal === undefined ? closing : AbortSignal.any([closing, options.signal]);
		const plan = await this.#planOutput(options);
		const isHere = await requireFile(record, record.result).then(
			() => true,
			() => false,
		);
		const asset: VideoAsset = isHere ? { kind: "file", path: record.result.path } : await this.#runner.refresh(signal);
		const { path, sizeBytes, sha256 } = await this.#save(asset, plan, signal);
		return videoResult(record, { ...record.result, path, sizeBytes, sha256 }, this.token);
	}

	async look(options: { readonly signal?: AbortSignal | undefined } = {}): Promise<JobStatus> {
		const { state, errorMessage: reason, result } = await this.#runner.journal.refresh();
		if (isTerminal(state) || !this.#runner.journal.isLive) return { state, reason, path: result?.path };
		const signal = options.signal ?? this.#services.closing;
		const status = await this.#runner.look(signal).catch((cause: unknown) => {
			signal.throwIfAborted();
			throw explainedError(this.#runner, cause, "could not be asked");
		});
		if (status.state === "succeeded") return { state: state === "downloading" ? state : "generated" };
		if (status.state === "failed") {
			return { state: status.kind === "cancelled" ? "cancelled" : "failed", reason: status.reason };
		}
		return { state: "running", progress: status.progress, queuePosition: status.queuePosition };
	}

	async cancel(): Promise<CancelOutcome> {
		return cancelOperation(this.#runner, this.#services);
	}

	/** Looks for the operation of an unknown submission once more. See `recoverSubmission`. */
	async find(): Promise<void> {
		await requireUnknown(this.#runner);
		try {
			await recoverSubmission(this.#runner, this.#runner.candidate, this.#services, this.#services.closing);
		} finally {
			await this.release();
		}
	}

	/** Goes on with an operation that the user found at the service. See `adoptOperation`. */
	async adopt(operationId: string): Promise<void> {
		const { closing: signal, http } = this.#services;
		await adoptOperation(this.#runner, operationId, { signal, fetch: http.look });
	}

	/** Gives the job up although its submission is unknown. See `abandonSubmission`. */
	async abandon(reason: string): Promise<void> {
		await abandonSubmission(this.#runner, reason);
	}

	/** Takes a job whose submission is unknown, and that nobody works on. See `requireUnknown`. */
	async requireUnknown(): Promise<void> {
		await requireUnknown(this.#runner);
	}

	/** Records an acceptance that only a token tells of, at once unless another process has the job. */
	async settle(acceptance: Acceptance): Promise<void> {
		this.#runner.journal.lateAcceptance = acceptance;
		try {
			await this.#runner.claim();
		} finally {
			await this.release();
		}
	}

	/** Ends a job of which nothing was sent. */
	async withdraw(reason: string): Promise<void> {
		await this.#runner.end(new CancelledError(reason));
	}

	/** Lets other processes have the job. */
	async release(): Promise<void> {
		this.#runner.detach();
		await this.#runner.journal.release();
	}

	/** The end of the drive, unless the time is up or the signal is aborted before. */
	async #raceWith(drive: Promise<VideoResult>, timeoutMs: number, signal: AbortSignal): Promise<VideoResult> {
		const over = new AbortController();
		const { promise, resolve, reject } = Promise.withResolvers<VideoResult>();
		const onAbort = () => reject(this.#stoppedWaiting(signal.reason));
		if (signal.aborted) onAbort();
		signal.addEventListener("abort", onAbort, { once: true });
		drive.then(resolve, reject);
		this.#services.clock.sleep(timeoutMs, over.signal).then(() => reject(this.#stillRunning()), ignore);
		try {
			return await promise;
		} finally {
			over.abort();
			signal.removeEventListener("abort", onAbort);
		}
	}

	/**
	 * Nobody waits any more: the looking ends. After an abort, an operation that lives in this process ends
	 * with it, since nobody else could collect it.
	 */
	async #abandon(drive: Promise<VideoResult>, wasAborted: boolean): Promise<void> {
		this.#stop.abort();
		this.#runner.stopWatching();
		if (isTerminal(this.state)) return;
		this.#drive = undefined;
		this.#abandoned = drive.then(ignore, ignore);
		await this.#abandoned;
		if (wasAborted && !isTerminal(this.state) && this.#isInProcess) await this.cancel().catch(ignore);
		this.#runner.detach();
	}

	get #isInProcess(): boolean {
		return this.#runner.candidate.provider.traits.runsIn === "process";
	}

	/** Takes the job to its end, or waits for whoever does. */
	async #run(signal: AbortSignal): Promise<VideoResult> {
		const { journal, plan } = this.#runner;
		const { isResumed } = plan;
		try {
			for (;;) {
				const barrier = await this.#runner.claim();
				const isOver = isSettled(journal.record.state);
				if (isOver && !(isResumed && (await this.#runner.findLost(signal)))) return await this.#finished();
				if (barrier === undefined) {
					const result = await this.#drivenToEnd(signal);
					if (result !== undefined) return result;
				} else {
					this.#runner.warn(elsewhere(barrier));
				}
				const { clock, policies } = this.#services;
				await clock.sleep(Math.min(policies.pollMs, OBSERVE_EVERY_MS), signal);
			}
		} catch (error) {
			if (error instanceof ConfigurationError) throw this.#unsettled(error);
			throw isVideoError(error) ? error.addContext(this.#runner.context()) : error;
		} finally {
			await journal.release();
		}
	}

	/** `undefined` when somebody else has taken the job meanwhile. */
	async #drivenToEnd(signal: AbortSignal): Promise<VideoResult | undefined> {
		const runner = this.#runner;
		// Only the call that made a job sends it first: whoever else has it here waits for that.
		if (!runner.plan.isResumed && !runner.hasBegun) return undefined;
		try {
			if (runner.isSubmitting) await runner.submit(signal);
			// Nothing is sent here for a job that was taken up, nor after a submission that is not known.
			const mayBeLost = runner.plan.isResumed || runner.journal.attempts.at(-1)?.outcome === "unknown";
			if (mayBeLost) await recoverSubmission(runner, runner.candidate, this.#services, signal);
			const generated = await runner.generate(signal);
			return await this.#collect(generated, signal);
		} catch (error) {
			if (error instanceof JobTakenOver) return undefined;
			throw error;
		}
	}

	async #finished(): Promise<VideoResult> {
		const { record } = this.#runner.journal;
		const { state, errorCode } = record;
		const ended = errorCode === undefined ? {} : { errorCode };
		if (isTerminal(state)) this.#runner.announceEnd(state, { ...ended, elsewhere: true });
		if (record.result === undefined) throw endedError(record);
		await requireFile(record, record.result);
		return videoResult(record, record.result, this.token);
	}

	async #collect(generated: GeneratedAsset, signal: AbortSignal): Promise<VideoResult> {
		const { journal } = this.#runner;
		const { clock } = this.#services;
		const startedAt = clock.monotonic();
		const saved = await this.#download(generated.asset, signal);
		const { metadata, warning } = await probeOrSniff(saved.path, { signal });
		for (const text of [...saved.warnings, ...(warning === undefined ? [] : [warning])]) this.#runner.warn(text);
		const differences = compareWithRequest(metadata, journal.operation?.expected ?? {});
		for (const text of differences) this.#runner.warn(text);
		const { path, sizeBytes, sha256 } = saved;
		const cost = this.#cost(generated);
		// Kept before the job counts as done: whoever finds no such job in flight any more finds the video.
		const aboutVideo = [...generated.warnings, ...(warning === undefined ? [] : [warning]), ...differences];
		await this.#keep({ path, sizeBytes, sha256, metadata, model: this.model, warnings: aboutVideo, cost }, signal);
		const result = {
			path,
			sizeBytes,
			sha256,
			metadata,
			warnings: this.#runner.warnings,
			cost,
			downloadMs: Math.round(clock.monotonic() - startedAt),
			totalMs: Math.max(0, Math.round(clock.now() - journal.record.createdAtMs)),
		};
		await journal.write({ state: "succeeded", result }).catch((cause: unknown) => {
			if (cause instanceof JobTakenOver) throw cause;
			// The video is here, which matters more than that nobody will know.
			const problem = `ledger: that the job is done could not be recorded: ${describe(cause)}`;
			result.warnings = [...result.warnings, `${problem}; resuming it fetches the video again, at no cost`];
		});
		const { usd, source } = result.cost;
		this.#runner.announceEnd("succeeded", usd === undefined || source === "unknown" ? {} : { cost: { usd, source } });
		return videoResult(journal.record, result, this.token);
	}

	async #keep(video: FinishedVideo, signal: AbortSignal): Promise<void> {
		const key = this.#runner.journal.operation?.cacheKey;
		if (key === undefined) return;
		const warning = await this.#services.cache?.store(key, video, { signal });
		if (warning !== undefined) this.#runner.warn(warning);
	}

	async #download(asset: VideoAsset, signal: AbortSignal): Promise<SavedVideo> {
		const { journal } = this.#runner;
		const plan = await this.#planOutput();
		if (journal.record.state === "generated") await journal.write({ state: "downloading" });
		const { clock, events } = this.#services;
		const download = { jobId: this.id, model: this.model };
		const startedAt = clock.monotonic();
		const elapsed = () => ({ downloadMs: Math.round(clock.monotonic() - startedAt) });
		events.emit("download-started", download);
		try {
			const saved = await this.#saveAdmitted(asset, plan, signal);
			events.emit("download-ended", { ...download, ...elapsed(), sizeBytes: saved.sizeBytes });
			return saved;
		} catch (error) {
			const errorCode = isVideoError(error) ? error.code : "cancelled";
			events.emit("download-ended", { ...download, ...elapsed(), errorCode });
			await journal.write({ state: "generated" }).catch((cause: unknown) => {
				// Two processes cannot both go on; a full disk says so in the first error already.
				if (cause instanceof JobTakenOver) throw cause;
			});
			throw error;
		}
	}

	/** An open breaker makes a download wait; a video that is paid for is not given up for it. */
	async #saveAdmitted(asset: VideoAsset, plan: OutputPlan, signal: AbortSignal): Promise<SavedVideo> {
		const { clock, policies, resilience } = this.#services;
		const target = targetOf(this.#runner.candidate);
		for (;;) {
			try {
				return await resilience.run("download", target, (late) => this.#save(asset, plan, late), signal);
			} catch (error) {
				if (!(error instanceof NotAdmittedError)) throw error;
				await clock.sleep(Math.max(policies.minPollMs, resilience.pausedForMs(target, "download")), signal);
			}
		}
	}

	#save(asset: VideoAsset, plan: OutputPlan, signal: AbortSignal): Promise<SavedVideo> {
		const { journal } = this.#runner;
		const { events, maxVideoBytes, network } = this.#services;
		const { id: jobId, prompt, createdAtMs } = journal.record;
		return saveAsset({
			asset,
			plan,
			names: { jobId, model: this.model, prompt, createdAtMs },
			maxBytes: maxVideoBytes,
			billed: journal.operation?.billed ?? "unknown",
			signal,
			network,
			refresh: () => this.#runner.refresh(signal),
			onProgress: (progress) => {
				void journal.renew().catch(ignore);
				events.emit("download-progress", { jobId, ...progress });
			},
		});
	}

	#cost({ costUsd }: GeneratedAsset): PaidCost {
		const { provider } = this.#runner.candidate;
		const estimatedCostUsd = this.#runner.journal.operation?.estimatedCostUsd;
		if (costUsd !== undefined) return { usd: costUsd, source: "service" };
		if (provider.traits.billing === "free") return { usd: 0, source: "free" };
		return estimatedCostUsd === undefined ? { source: "unknown" } : { usd: estimatedCostUsd, source: "estimate" };
	}

	/** Another process found the job without a living holder, and has it or has ended it. */
	#takenOver(): VideoError {
		const { record } = this.#runner.journal;
		if (isSettled(record.state) && record.result === undefined)
			return endedError(record).addContext(this.#runner.context());
		const problem = `${this.id} was taken up by another process before this one had submitted it`;
		const details = { billed: billedOf(record.attempts), phase: "submit", ...this.#runner.context() } as const;
		return new ProviderError(`${problem}; collect it with: reelay resume ${this.id}`, details);
	}

	/** A ledger that fails, or a key that is gone, when a service has the job: the message must not sound as if nothing was sent. */
	#unsettled(error: ConfigurationError): ConfigurationError {
		const { operation } = this.#runner.journal;
		if (operation === undefined || this.#isInProcess) return error.addContext(this.#runner.context());
		const message = `${error.message}; ${this.model} has the job, and the token resumes it`;
		return new ConfigurationError(message, { billed: operation.billed, cause: error, ...this.#runner.context() });
	}

	#stillRunning(): StillRunningError {
		const goesOn = this.#isInProcess
			? "it lives in this process and ends with it: wait again, or allow more time"
			: "the operation goes on there, and resuming it with the token costs nothing";
		return new StillRunningError(`${this.model} had not finished when the time was up; ${goesOn}`, {
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
			retryable: !this.#isInProcess,
			cause: reason,
			...this.#runner.context(),
		});
	}
}

function elsewhere({ host, processId }: LeaseRecord): string {
	return `job: process ${processId} on ${host} works on it already; waiting for its result`;
}

function ignore(): void {}
