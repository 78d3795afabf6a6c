import { ProviderError } from "../errors/index.ts";
import type { Candidate } from "./job-plan.ts";
import type { JobRunner } from "./job-runner.ts";
import { findOperation } from "./reconcile.ts";
import type { RunnerServices } from "./runner-services.ts";
import { submitUnknownError } from "./submit-unknown.ts";

/**
 * Goes on with a job whose process ended before a provider had accepted it. Sends nothing: an operation
 * that the service knows is adopted; otherwise the job ends, with what is known.
 *
 * Throws `ProviderError` (`billed: "no"`) when nothing can have been accepted, else `SubmitUnknownError`.
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
	if (last?.outcome !== "unknown" || last.billed === "no") {
		const problem = `the process that had ${record.id} ended before a model had accepted it; nothing was billed`;
		throw await runner.end(new ProviderError(`${problem}, generate it again`, { model: reference.text }));
	}
	const handle = await findOperation(provider, reference.model, record, services, signal);
	signal.throwIfAborted();
	if (handle === undefined) {
		throw await runner.end(submitUnknownError(record, last.reason ?? "the process ended before an answer came"));
	}
	await runner.adopt(handle);
}
