import {
	type Attempt,
	CancelledError,
	isVideoError,
	NoModelAvailableError,
	ProviderError,
	type VideoError,
} from "../errors/index.ts";
import {
	type CallTarget,
	decide,
	type FallbackSettings,
	NotAdmittedError,
	policiesFor,
	type Release,
	retrySubmission,
} from "../policies/index.ts";
import type { Billed, OperationStatus, StartResult } from "../provider/index.ts";
import { type JobJournal, JobTakenOver } from "./job-journal.ts";
import { type Candidate, type JobPlan, targetOf } from "./job-plan.ts";
import type { AttemptRecord } from "./ledger.ts";
import type { RunnerServices } from "./runner-services.ts";
import { submitOnce } from "./submission.ts";

/** What the chain reports to. */
export interface ChainOwner {
	/** Adds something that the user should know. */
	warn(message: string): void;
	/** Ends the job with an error; returns it with what it should carry. */
	end(error: unknown): Promise<unknown>;
}

/** The way of a job along its models: each is asked, or left out with a reason, until one accepts. */
export class ChainWalk {
	/** The status that came with the acceptance, until it is taken. */
	firstStatus: OperationStatus | undefined;
	readonly #plan: JobPlan;
	readonly #journal: JobJournal;
	readonly #services: RunnerServices;
	readonly #owner: ChainOwner;
	#position = 0;
	/** The place among the operations in flight, while there is one that is looked at. */
	#place: Release | undefined;

	constructor(plan: JobPlan, journal: JobJournal, services: RunnerServices, owner: ChainOwner) {
		this.#plan = plan;
		this.#journal = journal;
		this.#services = services;
		this.#owner = owner;
	}

	/** The model that has the job, or whose turn it is. */
	get candidate(): Candidate {
		return this.#plan.candidates[this.#position] ?? this.#plan.candidates[0];
	}

	/** What else may lead to the next model. */
	get fallbackOn(): FallbackSettings {
		const { provider, model } = this.candidate.reference;
		return this.#plan.fallbackOn ?? policiesFor(this.#services.policies, provider, model).fallbackOn;
	}

	/** Goes along the chain until a provider has accepted. Throws, with the job ended, when none did. */
	async submit(signal: AbortSignal): Promise<void> {
		const { clock, policies, random, resilience } = this.#services;
		while (!this.#journal.isLive) {
			const target = targetOf(this.candidate);
			try {
				await retrySubmission(
					() => this.#attempt(target, signal),
					(error) => resilience.adviseSubmission(target, error),
					policiesFor(policies, target.provider, target.model),
					random,
					signal,
					{ clock, budget: resilience.budget(target) },
				);
			} catch (error) {
				if (error instanceof JobTakenOver) throw error;
				await this.#afterRefusal(error, signal);
			}
		}
	}

	/** Moves to the next model after an error, or ends the job with what went wrong. */
	async goOn(error: VideoError): Promise<void> {
		this.leave();
		await this.#services.experience.failed(this.candidate.reference.text);
		if (this.#position + 1 < this.#plan.candidates.length) {
			this.#position++;
			return;
		}
		const models = new Set(this.#journal.attempts.map(({ model }) => model));
		throw await this.#owner.end(models.size === 1 ? error : this.#exhausted(error));
	}

	/** Takes a place among the operations in flight, for one that runs already. */
	occupy(): void {
		this.#place ??= this.#services.resilience.limiter.occupy(targetOf(this.candidate));
	}

	/** Gives that place back. */
	leave(): void {
		this.#place?.();
		this.#place = undefined;
	}

	/** Decides, from why a model did not accept, whether the next one has its turn. Throws when the job is over. */
	async #afterRefusal(error: unknown, signal: AbortSignal): Promise<void> {
		const last = this.#journal.attempts.at(-1);
		const isRefused = isVideoError(error) && error.billed === "no";
		// The signal's own reason comes between two submissions only, never out of one.
		if (!isVideoError(error) && signal.aborted) {
			throw await this.#owner.end(new CancelledError("cancelled before a provider had accepted", { cause: error }));
		}
		if (!isRefused) {
			// An acceptance that could not be recorded has an unknown outcome too, and a token: nothing may follow it.
			const isUnknown = isVideoError(error) && error.code === "submit_unknown" && last?.outcome === "unknown";
			if (!this.#plan.allowSecondSubmission || !isUnknown || signal.aborted) throw await this.#owner.end(error);
		}
		if (signal.aborted) throw await this.#owner.end(new CancelledError("cancelled before a provider had accepted"));
		// Only a recorded outcome leads on; a ledger that cannot be written ends the job.
		if (last?.model !== this.candidate.reference.text || last.outcome === "accepted")
			throw await this.#owner.end(error);
		if (isRefused && last.outcome !== "rejected" && last.outcome !== "skipped") throw await this.#owner.end(error);
		if (isRefused && decide(error, "submit", this.fallbackOn).action === "stop") throw await this.#owner.end(error);
		await this.goOn(error);
	}

	#exhausted(cause: VideoError): NoModelAvailableError {
		const attempts = this.#journal.attempts;
		const byModel = Map.groupBy(attempts, ({ model }) => model);
		const reasons = [...byModel].map(([model, tries]) => lastReason(model, tries)).join(" · ");
		return new NoModelAvailableError(`no model could make the video. ${reasons}`, {
			billed: billedOf(attempts),
			cause,
		});
	}

	async #attempt(target: CallTarget, signal: AbortSignal): Promise<void> {
		if (this.#plan.isResumed)
			throw new ProviderError("a job that is taken up again submits nothing", { phase: "poll" });
		const { resilience } = this.#services;
		const admission = resilience.admit(target);
		if (!admission.admitted) throw await this.#skip(new NotAdmittedError(admission, "submit", target));
		this.#place ??= await resilience.limiter.acquire(target, signal).catch(async (error: unknown) => {
			throw isVideoError(error) ? await this.#skip(error) : error;
		});
		for (const warning of this.candidate.warnings) this.#owner.warn(warning);
		const { status, warnings } = await this.#submitOnce(signal);
		this.firstStatus = status;
		for (const warning of warnings ?? []) this.#owner.warn(warning);
	}

	/** A submission that was not accepted gives its place back: the next one waits its turn like any other. */
	async #submitOnce(signal: AbortSignal): Promise<StartResult> {
		try {
			return await submitOnce(this.candidate, this.#plan, this.#journal, this.#services, signal);
		} catch (error) {
			this.leave();
			throw error;
		}
	}

	/** Records that a model was not asked, and why. */
	async #skip(error: VideoError): Promise<VideoError> {
		const { code: errorCode, message: reason } = error;
		const attempt: AttemptRecord = {
			model: this.candidate.reference.text,
			outcome: "skipped",
			billed: "no",
			errorCode,
			reason,
		};
		await this.#journal.write({ addAttempt: attempt });
		this.#services.events.emit("attempt-ended", { jobId: this.#plan.id, attempt });
		return error;
	}
}

/** Why a model made no video, in one line that names it once, and how often it was tried if that is more than once. */
function lastReason(model: string, attempts: readonly Attempt[]): string {
	const reason = (attempts.at(-1)?.reason ?? "failed").replaceAll(/\s+/g, " ");
	const tries = attempts.filter(({ outcome }) => outcome !== "skipped").length;
	const named = reason.startsWith(`${model} `) ? reason : `${model}: ${reason}`;
	return tries > 1 ? `${named} (${tries} tries)` : named;
}

/** Whether any of a job's attempts cost money. */
export function billedOf(attempts: readonly Attempt[]): Billed {
	if (attempts.some(({ billed }) => billed === "yes")) return "yes";
	return attempts.some(({ billed }) => billed === "unknown") ? "unknown" : "no";
}
