import { isVideoError, ProviderError } from "../errors/index.ts";
import type { RetryAdvice } from "../policies/index.ts";
import type { Billed, JsonValue, StartContext, StartResult } from "../provider/index.ts";
import { type JobChange, type JobJournal, JobTakenOver } from "./job-journal.ts";
import type { Candidate, JobPlan } from "./job-plan.ts";
import type { AttemptRecord } from "./ledger.ts";
import { settleUnknown } from "./reconcile.ts";
import type { RunnerServices } from "./runner-services.ts";
import { describe, sendSubmission } from "./send-submission.ts";
import { submitUnknownError } from "./submit-unknown.ts";
import { encodeToken } from "./token.ts";

/**
 * Sends one submission: the intent goes to the ledger before it, the outcome first thing after it. An
 * outcome that is not known is looked into by all means that cannot cost a second time.
 *
 * Throws the error of a rejected or unknown submission, with the outcome recorded.
 */
export async function submitOnce(
	candidate: Candidate,
	plan: JobPlan,
	journal: JobJournal,
	services: RunnerServices,
	signal: AbortSignal,
): Promise<StartResult> {
	const { clock, events } = services;
	const jobId = plan.id;
	const model = candidate.reference.text;
	await journal.write({ state: "submitting", addAttempt: intentOf(candidate, clock.now()) });
	events.emit("attempt-started", { jobId, model });
	try {
		const result = await send(candidate, plan, journal, services, signal);
		await recordAccepted(candidate, result.handle, journal, clock.now());
		return result;
	} finally {
		const attempt = journal.attempts.at(-1);
		if (attempt !== undefined) events.emit("attempt-ended", { jobId, attempt });
	}
}

/** Whether the same model may be asked again after this error. Only ever for rejected submissions. */
export function retryAdvice(error: unknown): RetryAdvice {
	if (!isVideoError(error)) return { again: false };
	return { again: error.retryable && error.billed === "no" && error.phase === "submit", afterMs: error.retryAfterMs };
}

async function send(
	candidate: Candidate,
	plan: JobPlan,
	journal: JobJournal,
	services: RunnerServices,
	signal: AbortSignal,
): Promise<StartResult> {
	const context: StartContext = {
		jobId: plan.id,
		idempotencyKey: plan.idempotencyKey,
		fetch: services.http.submit,
		// A paid submission is not aborted once it may have been sent: its answer is worth the wait.
		signal: candidate.provider.traits.billing === "free" ? signal : new AbortController().signal,
	};
	const sent = await sendSubmission(candidate, context);
	if (sent.outcome === "accepted") return sent.result;
	if (sent.outcome === "rejected") {
		const { billed, code: errorCode, message: reason } = sent.error;
		await journal.write({ lastAttempt: { outcome: "rejected", billed, errorCode, reason } });
		throw sent.error;
	}
	const received = describe(sent.thrown);
	await journal.write({ lastAttempt: { reason: received } });
	const sendAgain = () => sendSubmission(candidate, context);
	const settled = await settleUnknown(candidate, journal.record, services, sendAgain, signal);
	if (settled !== undefined) return settled;
	const error = submitUnknownError(journal.record, received, sent.thrown);
	const { code: errorCode, message: errorMessage } = error;
	await journal.write({ state: "submit_unknown", errorCode, errorMessage, lastAttempt: { errorCode } });
	throw error;
}

function intentOf({ reference, provider, request, estimatedCostUsd }: Candidate, nowMs: number): AttemptRecord {
	const { durationSeconds, resolution, generateAudio } = request;
	return {
		model: reference.text,
		outcome: "unknown",
		billed: provider.traits.billing === "free" ? "no" : "unknown",
		submittedAt: new Date(nowMs).toISOString(),
		expected: {
			...(durationSeconds === undefined ? {} : { durationSeconds }),
			...(resolution === undefined ? {} : { resolution }),
			...(generateAudio === undefined ? {} : { generateAudio }),
		},
		...(provider.account === undefined ? {} : { account: provider.account }),
		...(estimatedCostUsd === undefined ? {} : { estimatedCostUsd }),
	};
}

/** Records that a provider has the job. Throws `ProviderError` with the token when that cannot be. */
export async function recordAccepted(
	candidate: Candidate,
	handle: JsonValue,
	journal: JobJournal,
	acceptedAtMs: number,
): Promise<void> {
	const { provider, model, text } = candidate.reference;
	const { billing, runsIn } = candidate.provider.traits;
	const { account } = candidate.provider;
	// In this process "accepted" means that the work began: whether it costs is known when it ends.
	const billed: Billed = billing === "free" ? "no" : runsIn === "process" ? "unknown" : "yes";
	const accepted: JobChange = {
		state: "accepted",
		lastAttempt: { outcome: "accepted", billed, handle, acceptedAtMs },
	};
	try {
		await journal.write(accepted).catch(async (error: unknown) => {
			// Stopped for so long that another process took the job for lost: what it could not know is here.
			if (!(error instanceof JobTakenOver) || (await journal.claim()) !== undefined) throw error;
			await journal.write(accepted);
		});
	} catch (cause) {
		const token = encodeToken({
			jobId: journal.record.id,
			provider,
			model,
			handle,
			account,
			submittedAtMs: acceptedAtMs,
		});
		throw new ProviderError(`${text} accepted the job, but the ledger could not record it; keep the token`, {
			billed,
			cause,
			...(token === undefined ? {} : { token }),
		});
	}
}
