import {
	isVideoError,
	OperationNotFoundError,
	ProviderError,
	redact,
	type VideoError,
	type VideoErrorContext,
} from "../errors/index.ts";
import { decideVerdict, policiesFor } from "../policies/index.ts";
import type { JsonValue, OperationStatus, VideoAsset } from "../provider/index.ts";
import { estimateProgress, type VideoEvents } from "../telemetry/index.ts";
import { assetProblem, type SucceededStatus } from "./asset-problem.ts";
import { ChainWalk } from "./chain-walk.ts";
import { isLost, type JobJournal } from "./job-journal.ts";
import { type Candidate, type JobPlan, targetOf } from "./job-plan.ts";
import { type JobEnd, mayFollow } from "./job-state.ts";
import type { LeaseRecord } from "./ledger.ts";
import { type EndedStatus, type RunningStatus, watchOperation } from "./operation-watch.ts";
import { passedOver } from "./passed-over.ts";
import type { RunnerServices } from "./runner-services.ts";
import { describe } from "./send-submission.ts";
import { recordAccepted } from "./submission.ts";
import { encodeToken } from "./token.ts";
import { type FailedStatus, verdictError } from "./verdict.ts";

/** A generated video that is still at the service. */
export interface GeneratedAsset {
	readonly asset: VideoAsset;
	/** What the service says it charged, in US dollars. */
	readonly costUsd?: number | undefined;
	/** What the service had to tell about the video. */
	readonly warnings: readonly string[];
}

/**
 * Takes one job through submission and generation. It alone sends submissions: each intent is recorded
 * before it is sent, and each handle before anything else is done with it.
 */
export class JobRunner {
	readonly plan: JobPlan;
	readonly journal: JobJournal;
	/** How far the operation was at the last look. */
	progress: RunningStatus | undefined;
	/** From acceptance until the video was noticed to be done, in milliseconds. */
	generationMs: number;
	readonly #services: RunnerServices;
	readonly #chain: ChainWalk;
	readonly #warnings = new Set<string>();
	/** What was changed for each model that was asked, in words: true of the video of that model only. */
	readonly #adjustments = new Map<Candidate, Set<string>>();
	#isAnnounced = false;
	#hasBegun = false;
	#submission: Promise<void> | undefined;
	/** Whether those who follow the events take the job for one that this process works on. */
	#isAttached: boolean;

	constructor(plan: JobPlan, journal: JobJournal, services: RunnerServices) {
		this.plan = plan;
		this.journal = journal;
		this.#services = services;
		this.#isAttached = !plan.isResumed;
		this.generationMs = journal.record.generationMs ?? 0;
		this.#chain = new ChainWalk(plan, journal, services, {
			warn: (text) => this.#adjusted(text),
			end: (error) => this.end(error),
		});
		for (const warning of plan.warnings) this.warn(warning);
	}

	/** The model that has the job, or whose turn it is. */
	get candidate(): Candidate {
		return this.#chain.candidate;
	}

	/** Resumes the job anywhere; absent until a provider accepted. */
	get token(): string | undefined {
		const { operation, record } = this.journal;
		if (operation === undefined) return undefined;
		const { provider, model } = this.candidate.reference;
		const { handle, account, acceptedAtMs: submittedAtMs } = operation;
		return encodeToken({ jobId: record.id, provider, model, handle, account, submittedAtMs }) ?? record.id;
	}

	/** What the user should know of the video, each once, in the order in which it arose. */
	get warnings(): readonly string[] {
		return [...this.#warnings];
	}

	/** Adds something that the user should know. */
	warn(text: string): void {
		const message = redact(text);
		if (this.#warnings.has(message)) return;
		this.#warnings.add(message);
		this.#services.events.emit("warning", { jobId: this.plan.id, message });
	}

	/** Whether `submit` was called: before that, nobody but the call that made the job may send it. */
	get hasBegun(): boolean {
		return this.#hasBegun;
	}

	/** Whether a submission of this process is on its way. */
	get isSubmitting(): boolean {
		return this.#submission !== undefined;
	}

	/**
	 * Goes along the chain until a provider has accepted, and tells what that model changed and which ones it
	 * stands in for. Throws, with the job ended, when none did. Who calls it meanwhile gets the same, and sends nothing.
	 */
	submit(signal: AbortSignal): Promise<void> {
		this.#hasBegun = true;
		this.#submission ??= this.#submit(signal).finally(() => {
			this.#submission = undefined;
		});
		return this.#submission;
	}

	async #submit(signal: AbortSignal): Promise<void> {
		try {
			await this.#chain.submit(signal);
		} finally {
			// One whose answer was lost may have made a video all the same.
			const { model, outcome } = this.journal.attempts.at(-1) ?? {};
			if (model !== undefined && (outcome === "accepted" || outcome === "unknown")) this.#tellOf(model);
		}
	}

	/**
	 * Brings the job to a generated video. An operation that failed at no cost leads to the next model.
	 * Rejects with the signal's reason when it is aborted; the operation goes on.
	 */
	async generate(signal: AbortSignal): Promise<GeneratedAsset> {
		for (;;) {
			await this.submit(signal);
			const status = await this.#watchToEnd(signal);
			if (status.state === "succeeded") {
				const { assets, costUsd } = status;
				const asset = this.#assetOf(status);
				const warnings = (status.warnings ?? []).map(redact);
				if (assets.length > 1) warnings.push(`result: ${assets.length} videos were made; the first was kept`);
				for (const warning of warnings) this.warn(warning);
				await this.#recordGenerated();
				return { asset, costUsd, warnings };
			}
			await this.#afterVerdict(status);
		}
	}

	/**
	 * Takes the job, as `JobJournal.claim` does, and records its acceptance if the ledger does not have that yet.
	 * Throws `ProviderError` with the token when that still cannot be.
	 */
	async claim({ reopens = false } = {}): Promise<LeaseRecord | undefined> {
		const { journal } = this;
		const late = journal.lateAcceptance;
		const barrier = await journal.claim({ reopens: reopens || late !== undefined });
		if (late === undefined || barrier !== undefined) return barrier;
		const last = journal.record.attempts.at(-1);
		if (last?.outcome === "unknown" && last.model === this.candidate.reference.text) {
			await this.adopt(late.handle, late.acceptedAtMs);
		}
		journal.lateAcceptance = undefined;
		return undefined;
	}

	/**
	 * Goes on with a job that ended because the service did not know its operation, if it does now: `false` when it
	 * does not. Costs one look.
	 */
	async findLost(signal: AbortSignal): Promise<boolean> {
		const { journal } = this;
		if (!isLost(journal.record)) return false;
		const status = await this.look(signal).catch(() => undefined);
		signal.throwIfAborted();
		if (status === undefined || (await journal.claim({ reopens: true })) !== undefined) return false;
		if (journal.record.state === "failed") await journal.write({ state: "accepted" });
		this.#chain.firstStatus = status;
		return true;
	}

	/** Goes on with an operation that was found at the service. */
	async adopt(handle: JsonValue, acceptedAtMs: number = this.#services.clock.now()): Promise<void> {
		await recordAccepted(this.candidate, handle, this.journal, acceptedAtMs);
		const attempt = this.journal.attempts.at(-1);
		if (attempt !== undefined) this.#services.events.emit("attempt-ended", { jobId: this.plan.id, attempt });
	}

	/** One look at the operation. Throws what the provider throws. */
	async look(signal: AbortSignal): Promise<OperationStatus> {
		const { handle = null } = this.journal.operation ?? {};
		const { http, resilience } = this.#services;
		return resilience.run(
			"poll",
			targetOf(this.candidate),
			(late) => this.candidate.provider.status(handle, { signal: late, fetch: http.look }),
			signal,
		);
	}

	/** One more look at a generated operation, for an asset whose URL has not expired. */
	async refresh(signal: AbortSignal): Promise<VideoAsset> {
		const status = await this.#watch(signal);
		if (status.state === "succeeded") return this.#assetOf(status);
		throw verdictError(status, this.candidate.reference.text).addContext(this.context());
	}

	/** Ends the job with an error, and tells the error what it should carry. */
	async end(error: unknown): Promise<unknown> {
		if (!isVideoError(error)) return error;
		error.addContext(this.context());
		if (this.journal.lateAcceptance !== undefined) {
			// The service has the job and only the ledger does not know: this is no end of it.
			this.detach();
			await this.journal.release();
			return error;
		}
		const { state } = this.journal.record;
		const end = endFor(error);
		if (mayFollow(state, end)) {
			// A ledger that cannot be written must not hide the error that matters more.
			const { code: errorCode, message: errorMessage } = error;
			await this.journal
				.write({ state: end, errorCode, errorMessage })
				.catch((cause: unknown) => this.warn(`ledger: the end of the job could not be recorded: ${describe(cause)}`));
		}
		this.announceEnd(end, { errorCode: error.code, billed: error.billed });
		return error;
	}

	/** Says, once, that the job is over, and lets the provider free what it holds for it. */
	announceEnd(state: JobEnd, details: Omit<VideoEvents["job-ended"], "jobId" | "model" | "state">): void {
		if (this.#isAnnounced) return;
		this.#isAnnounced = state !== "submit_unknown";
		const { text: model } = this.candidate.reference;
		this.#services.events.emit("job-ended", { jobId: this.plan.id, state, model, ...details });
		const { operation } = this.journal;
		if (operation !== undefined) this.candidate.provider.release?.(operation.handle);
	}

	/** Says that this process works on the job again, unless it never stopped. */
	attach(): void {
		if (this.#isAttached) return;
		this.#isAttached = true;
		const { id: jobId, task } = this.plan;
		const { state } = this.journal.record;
		this.#services.events.emit("job-resumed", { jobId, task, model: this.candidate.reference.text, state });
	}

	/** Says that this process has no more to do with the job, unless it has said how the job ended. */
	detach(): void {
		if (!this.#isAttached) return;
		this.#isAttached = false;
		this.#services.events.emit("job-detached", { jobId: this.plan.id, state: this.journal.record.state });
	}

	/** Nobody looks at the operation any more. */
	stopWatching(): void {
		this.#chain.leave();
	}

	/** What an error of this job carries: the token only when it resumes the job beyond this process. */
	context(): VideoErrorContext {
		const { provider, reference } = this.candidate;
		const token = provider.traits.runsIn === "process" ? undefined : this.token;
		return {
			jobId: this.plan.id,
			provider: reference.provider,
			model: reference.text,
			attempts: this.journal.attempts,
			...(token === undefined ? {} : { token }),
		};
	}

	/** The video of an operation that succeeded. Throws `ProviderError` with the token when the look holds none. */
	#assetOf({ assets }: SucceededStatus): VideoAsset {
		const problem = assetProblem(assets);
		if (problem === undefined) return assets[0];
		const billed = this.journal.operation?.billed ?? "unknown";
		const message = `${this.candidate.reference.text} says that it succeeded, but ${problem}; mend the provider, then resume the job`;
		throw new ProviderError(message, { phase: "poll", billed, ...this.context() });
	}

	#adjusted(text: string): void {
		const texts = this.#adjustments.get(this.candidate) ?? new Set();
		this.#adjustments.set(this.candidate, texts.add(redact(text)));
	}

	#tellOf(model: string): void {
		for (const [candidate, texts] of this.#adjustments) {
			if (candidate !== this.candidate) for (const text of texts) this.#warnings.delete(text);
		}
		for (const text of passedOver(this.journal.attempts, model)) this.warn(text);
		for (const text of this.#adjustments.get(this.candidate) ?? []) this.warn(text);
	}

	get #isFree(): boolean {
		return this.candidate.provider.traits.billing === "free";
	}

	/** Records why an operation gave no video, and decides whether the next model has its turn. */
	async #afterVerdict(status: FailedStatus): Promise<void> {
		const { text } = this.candidate.reference;
		const billed = this.#isFree ? "no" : status.billed;
		const error = verdictError({ ...status, billed }, text);
		const { acceptedAtMs = 0 } = this.journal.operation ?? {};
		const generationMs = Math.max(0, this.#services.clock.now() - acceptedAtMs);
		await this.journal.write({ lastAttempt: { billed, errorCode: error.code, reason: error.message } });
		const ended = { jobId: this.plan.id, model: text, generationMs, errorCode: error.code };
		this.#services.events.emit("generation-ended", ended);
		const counted = this.plan.allowSecondSubmission ? "no" : billed;
		if (decideVerdict(status.kind, counted, this.#chain.fallbackOn) === "stop") throw await this.end(error);
		this.candidate.provider.release?.(this.journal.operation?.handle ?? null);
		await this.#chain.goOn(error);
		await this.journal.write({ state: "submitting" });
	}

	/** The service has forgotten the operation: no later look will find it. */
	#lost({ message }: VideoError): Promise<unknown> {
		const billed = this.#isFree ? "no" : (this.journal.operation?.billed ?? "unknown");
		return this.end(new OperationNotFoundError(message, { billed }));
	}

	async #watchToEnd(signal: AbortSignal): Promise<EndedStatus> {
		try {
			return await this.#watch(signal);
		} catch (error) {
			throw isVideoError(error) && error.code === "operation_not_found" ? await this.#lost(error) : error;
		}
	}

	async #watch(signal: AbortSignal): Promise<EndedStatus> {
		const { operation, record } = this.journal;
		const { provider, capabilities, reference } = this.candidate;
		const { clock, events, experience, policies, random, resilience } = this.#services;
		const target = targetOf(this.candidate);
		const { firstStatus } = this.#chain;
		this.#chain.firstStatus = undefined;
		this.#chain.occupy();
		const typicalMs = (await experience.typicalMs(reference.text)) ?? capabilities?.typicalGenerationMs;
		const acceptedAtMs = operation?.acceptedAtMs ?? 0;
		return watchOperation(
			{
				look: (late) => this.look(late),
				advise: (error) => resilience.adviseLook(target, error),
				isInProcess: provider.traits.runsIn === "process",
				acceptedAtMs,
				typicalMs,
				inFlight: () => resilience.limiter.usage(target).inFlight,
				pace: await experience.pace(reference.text),
				firstStatus,
				hasEnded: record.state === "generated" || record.state === "downloading",
			},
			signal,
			{
				beforeLook: () => this.journal.renew(),
				onRunning: async (status) => {
					this.progress = status;
					if (this.journal.record.state === "accepted") await this.journal.write({ state: "running" });
					const { state, progress, queuePosition } = status;
					const elapsedMs = Math.max(0, clock.now() - acceptedAtMs);
					const estimate = estimateProgress({ progress, elapsedMs, typicalMs });
					events.emit("progress", {
						jobId: this.plan.id,
						model: reference.text,
						state,
						...(progress === undefined ? {} : { progress }),
						...(queuePosition === undefined ? {} : { queuePosition }),
						...(estimate === undefined ? {} : { estimate }),
					});
				},
			},
			{ clock, random, policies: policiesFor(policies, target.provider, target.model) },
		);
	}

	async #recordGenerated(): Promise<void> {
		this.#chain.leave();
		const { state } = this.journal.record;
		if (state !== "accepted" && state !== "running") return;
		const { clock, events } = this.#services;
		this.generationMs = Math.max(0, clock.now() - (this.journal.operation?.acceptedAtMs ?? clock.now()));
		const { generationMs } = this;
		await this.journal.write({ state: "generated", generationMs });
		await this.#services.experience.succeeded(this.candidate.reference.text, generationMs);
		events.emit("generation-ended", { jobId: this.plan.id, model: this.candidate.reference.text, generationMs });
	}
}

function endFor(error: VideoError): JobEnd {
	if (error.code === "submit_unknown") return "submit_unknown";
	return error.code === "cancelled" ? "cancelled" : "failed";
}
