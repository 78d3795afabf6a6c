import { isDeepStrictEqual } from "node:util";
import { isVideoError, ProviderError } from "../errors/index.ts";
import type { Billed, JsonValue, StartResult } from "../provider/index.ts";
import { type JobChange, type JobJournal, JobTakenOver } from "./job-journal.ts";
import { type Candidate, type JobPlan, targetOf } from "./job-plan.ts";
import type { AttemptRecord } from "./ledger.ts";
import { settleUnknown } from "./reconcile.ts";
import type { RunnerServices } from "./runner-services.ts";
import { describe, type SubmissionOutcome, sendSubmission } from "./send-submission.ts";
import { submitUnknownError } from "./submit-unknown.ts";
import { encodeToken } from "./token.ts";

const LONGEST_MARK = 200;

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

async function send(
	candidate: Candidate,
	plan: JobPlan,
	journal: JobJournal,
	services: RunnerServices,
	signal: AbortSignal,
): Promise<StartResult> {
	const { resilience, http } = services;
	const sendWith = (startSignal: AbortSignal) =>
		sendSubmission(
			candidate,
			{
				jobId: plan.id,
				idempotencyKey: plan.idempotencyKey,
				recordMark: (mark) => recordMark(mark, candidate, journal),
				fetch: http.submit,
				signal: startSignal,
			},
			signal,
		);
	// A paid submission is not aborted once it may have been sent: its answer is worth the wait. What comes before it
	// heeds the caller's signal: see `heedUntilSent`.
	const heeded = candidate.provider.traits.billing === "free" ? signal : new AbortController().signal;
	try {
		return await resilience.run("submit", targetOf(candidate), async (late) => accepted(await sendWith(late)), heeded);
	} catch (error) {
		if (isVideoError(error) && error.billed === "no") {
			const { billed, code: errorCode, message: reason } = error;
			await journal.write({ lastAttempt: { outcome: "rejected", billed, errorCode, reason } });
			throw error;
		}
		const thrown = error instanceof LostAnswer ? error.thrown : error;
		const received = describe(thrown);
		await journal.write({ lastAttempt: { reason: received } });
		const settled = await settleUnknown(candidate, journal.record, services, () => sendWith(heeded), signal);
		if (settled !== undefined) return settled;
		await journal.write({ lastAttempt: { errorCode: "submit_unknown" } });
		throw submitUnknownError(journal.record, received, thrown);
	}
}

/** Without its mark a lost submission may not be found, and that is all: only somebody else's job is not sent. */
async function recordMark(mark: string, { reference }: Candidate, journal: JobJournal): Promise<void> {
	try {
		await journal.write({ lastAttempt: { mark: mark.slice(0, LONGEST_MARK) } });
	} catch (cause) {
		if (!(cause instanceof JobTakenOver)) return;
		const problem = `job ${journal.record.id} is being handled elsewhere, so it was not sent`;
		throw new ProviderError(problem, { model: reference.text, billed: "no" });
	}
}

/** A submission whose outcome is not known. Never leaves this file; the policies know it by its name. */
class LostAnswer extends Error {
	override readonly name = "submit_unknown";
	readonly thrown: unknown;

	constructor(thrown: unknown) {
		super("the answer to a submission was lost");
		this.thrown = thrown;
	}
}

/** The acceptance, or a throw that says what it was instead. */
function accepted(sent: SubmissionOutcome): StartResult {
	switch (sent.outcome) {
		case "accepted":
			return sent.result;
		case "rejected":
			throw sent.error;
		case "unknown":
			throw new LostAnswer(sent.thrown);
	}
}

function intentOf(candidate: Candidate, nowMs: number): AttemptRecord {
	const { reference, provider, request, estimatedCostUsd, cacheKey } = candidate;
	const { durationSeconds, fps, aspectRatio, resolution, generateAudio } = request;
	return {
		model: reference.text,
		outcome: "unknown",
		billed: provider.traits.billing === "free" ? "no" : "unknown",
		submittedAt: new Date(nowMs).toISOString(),
		expected: {
			...(durationSeconds === undefined ? {} : { durationSeconds }),
			...(fps === undefined ? {} : { fps }),
			...(aspectRatio === undefined ? {} : { aspectRatio }),
			...(resolution === undefined ? {} : { resolution }),
			...(generateAudio === undefined ? {} : { generateAudio }),
		},
		...(provider.account === undefined ? {} : { account: provider.account }),
		...(estimatedCostUsd === undefined ? {} : { estimatedCostUsd }),
		...(cacheKey === undefined ? {} : { cacheKey }),
	};
}

/**
 * Records that a provider has the job. Throws `ProviderError` with the token when that cannot be; the journal keeps
 * what it could not record.
 */
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
	const acceptance: JobChange = {
		state: "accepted",
		lastAttempt: { outcome: "accepted", billed, handle, acceptedAtMs },
	};
	journal.lateAcceptance = { handle, acceptedAtMs };
	try {
		await journal.write(acceptance).catch(async (error: unknown) => {
			// Stopped for so long that another process took the job for lost: what it could not know is here.
			if (!(error instanceof JobTakenOver)) throw error;
			const barrier = await journal.claim({ reopens: true });
			if (isDeepStrictEqual(journal.operation?.handle, handle)) return;
			if (barrier !== undefined) throw error;
			await journal.write(acceptance);
		});
		journal.lateAcceptance = undefined;
	} catch (cause) {
		const token = encodeToken({
			jobId: journal.record.id,
			provider,
			model,
			handle,
			account,
			submittedAtMs: acceptedAtMs,
		});
		const remedy =
			token === undefined
				? `go on with: reelay resolve ${journal.record.id} --adopt '${JSON.stringify(handle)}'`
				: "keep the token, it resumes the job";
		throw new ProviderError(`${text} accepted the job, but the ledger could not record it; ${remedy}`, {
			billed,
			cause,
			...(token === undefined ? {} : { token }),
		});
	}
}
