import { ProviderError } from "../errors/index.ts";
import { billedOf } from "./chain-walk.ts";
import { endedError } from "./ended-error.ts";
import type { Candidate } from "./job-plan.ts";
import type { JobRunner } from "./job-runner.ts";
import { findOperation } from "./reconcile.ts";
import type { RunnerServices } from "./runner-services.ts";
import { submitUnknownError } from "./submit-unknown.ts";

/**
 * Goes on with a job whose process ended before a provider had accepted it. Sends nothing: an operation
 * that the service knows is adopted; otherwise the job ends, with what is known. A verdict that was recorded
 * when the process ended is the job's end.
 *
 * Throws the error of that verdict, `ProviderError` when nothing can have been accepted, else `SubmitUnknownError`.
 */
export async function recoverSubmission(
	runner: JobRunner,
	{ provider, reference }: Candidate,
	services: RunnerServices,
	signal: AbortSignal,
): Promise<void> {
	const { journal } = runner;
	const { record } = journal;
	if (runner.journal.isLive) return;
	const last = record.attempts.at(-1);
	if (last?.outcome === "accepted") {
		const { errorCode = "provider_error", reason: errorMessage = "the operation failed" } = last;
		throw await runner.end(endedError({ ...record, errorCode, errorMessage }));
	}
	if (last?.outcome !== "unknown" || last.billed === "no") {
		const billed = billedOf(record.attempts);
		const cost = billed === "no" ? "nothing was billed, generate it again" : "an earlier attempt may have been billed";
		const problem = `the process that had ${record.id} ended before a model had accepted it; ${cost}`;
		throw await runner.end(new ProviderError(problem, { model: reference.text, billed }));
	}
	const handle = await findOperation(provider, reference.model, record, services, signal);
	signal.throwIfAborted();
	if (handle === undefined) {
		throw await runner.end(submitUnknownError(record, last.reason ?? "the process ended before an answer came"));
	}
	await runner.adopt(handle);
}
