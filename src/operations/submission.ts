import { CancelledError, isVideoError, ProviderError, SubmitUnknownError, type VideoError } from "../errors/index.ts";
import type { RetryAdvice } from "../policies/index.ts";
import type { Billed, JsonValue, ProviderTraits, StartContext, StartResult } from "../provider/index.ts";
import type { JobJournal } from "./job-journal.ts";
import type { Candidate, JobPlan } from "./job-plan.ts";
import type { AttemptRecord } from "./ledger.ts";
import type { RunnerServices } from "./runner-services.ts";
import { encodeToken } from "./token.ts";

/**
 * Sends one submission: the intent goes to the ledger before it, the outcome first thing after it.
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
	const { clock, events, fetch } = services;
	const { id: jobId, idempotencyKey } = plan;
	const model = candidate.reference.text;
	const isFree = candidate.provider.traits.billing === "free";
	const submittedAt = new Date(clock.now()).toISOString();
	const intent: AttemptRecord = { model, outcome: "unknown", billed: isFree ? "no" : "unknown", submittedAt };
	await journal.write({ state: "submitting", addAttempt: intent });
	events.emit("attempt-started", { jobId, model });
	try {
		// A paid submission is not aborted once it may have been sent: its answer is worth the wait.
		const startSignal = isFree ? signal : new AbortController().signal;
		const result = await start(candidate, { jobId, idempotencyKey, fetch, signal: startSignal }, journal, signal);
		await recordAccepted(candidate, result.handle, journal, clock.now());
		return result;
	} finally {
		const attempt = journal.attempts.at(-1);
		if (attempt !== undefined) events.emit("attempt-ended", { jobId, attempt });
	}
}

async function start(
	candidate: Candidate,
	context: StartContext,
	journal: JobJournal,
	signal: AbortSignal,
): Promise<StartResult> {
	try {
		return await candidate.provider.start(candidate.request, context);
	} catch (thrown) {
		const { provider, reference } = candidate;
		const { outcome, error } = classifySubmission(thrown, reference.text, provider.traits, signal);
		const { billed, code: errorCode, message: reason } = error;
		const state = outcome === "unknown" ? "submit_unknown" : "submitting";
		await journal.write({ state, lastAttempt: { outcome, billed, errorCode, reason } });
		throw error;
	}
}

async function recordAccepted(
	candidate: Candidate,
	handle: JsonValue,
	journal: JobJournal,
	acceptedAtMs: number,
): Promise<void> {
	const { provider, model, text } = candidate.reference;
	const { billing, runsIn } = candidate.provider.traits;
	// In this process "accepted" means that the work began: whether it costs is known when it ends.
	const billed: Billed = billing === "free" ? "no" : runsIn === "process" ? "unknown" : "yes";
	try {
		await journal.write({ state: "accepted", lastAttempt: { outcome: "accepted", billed, handle, acceptedAtMs } });
	} catch (cause) {
		const token = encodeToken({ jobId: journal.record.id, provider, model, handle, submittedAtMs: acceptedAtMs });
		throw new ProviderError(`${text} accepted the job, but the ledger could not record it; keep the token`, {
			billed,
			cause,
			...(token === undefined ? {} : { token }),
		});
	}
}

/** How a submission that did not return ended, and the error that says so. */
interface SubmissionFailure {
	readonly outcome: "rejected" | "unknown";
	readonly error: VideoError;
}

/**
 * Decides what a throw from `start` means. *Rejected* needs the adapter's word that nothing was accepted
 * (`billed: "no"`); everything else is *unknown*, unless the provider never bills.
 */
function classifySubmission(
	thrown: unknown,
	model: string,
	traits: ProviderTraits,
	signal: AbortSignal,
): SubmissionFailure {
	if (isVideoError(thrown) && thrown.billed === "no") return { outcome: "rejected", error: thrown };
	if (traits.billing === "free") {
		if (signal.aborted) return { outcome: "rejected", error: new CancelledError("cancelled before it began") };
		const error = isVideoError(thrown)
			? thrown
			: new ProviderError(`${model} could not be started: ${describe(thrown)}`, { model, cause: thrown });
		return { outcome: "rejected", error };
	}
	if (isVideoError(thrown) && thrown.code === "submit_unknown") return { outcome: "unknown", error: thrown };
	const error = new SubmitUnknownError(
		`the submission to ${model} was sent, but its answer was lost (${describe(thrown)}); it may have been accepted ` +
			"and billed, so nothing was sent again: look at the service's own list of jobs before you do",
		{ model, billed: "unknown", cause: thrown },
	);
	return { outcome: "unknown", error };
}

/** Whether the same model may be asked again after this error. Only ever for rejected submissions. */
export function retryAdvice(error: unknown): RetryAdvice {
	if (!isVideoError(error)) return { again: false };
	return { again: error.retryable && error.billed === "no" && error.phase === "submit", afterMs: error.retryAfterMs };
}

function describe(thrown: unknown): string {
	return thrown instanceof Error ? thrown.message : String(thrown);
}
