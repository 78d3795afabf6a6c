import { CancelledError, InputError, isVideoError, ProviderError, type VideoError } from "../errors/index.ts";
import type { Billed, CancelOutcome } from "../provider/index.ts";
import type { JobRunner } from "./job-runner.ts";
import { isSettled } from "./job-state.ts";
import type { JobRecord } from "./ledger.ts";
import type { RunnerServices } from "./runner-services.ts";
import { describe } from "./send-submission.ts";

const CANCEL_TIMEOUT_MS = 60_000;

/**
 * Asks the service to stop a job's operation; a job that it stops is over. Throws `InputError` while no service is
 * known to have the job, and an error with the token when the service cannot be asked.
 */
export async function cancelOperation(runner: JobRunner, { http }: RunnerServices): Promise<CancelOutcome> {
	const { journal, candidate } = runner;
	const { provider } = candidate;
	// A ledger that cannot be read is no reason to let the service go on.
	const record = await journal.refresh().catch(() => journal.record);
	if (isSettled(record.state)) return "finished";
	const { operation } = journal;
	if (operation === undefined) throw notAccepted(record);
	if (provider.cancel === undefined) return "unsupported";
	const signal = AbortSignal.timeout(CANCEL_TIMEOUT_MS);
	const outcome = await provider.cancel(operation.handle, { signal, fetch: http.look }).catch((cause: unknown) => {
		throw explainedError(runner, cause, "could not be asked to stop");
	});
	// Whoever else works on the job sees the service's verdict at its next look, and records it.
	if (outcome === "cancelled" && (await journal.claim()) === undefined && !isSettled(journal.record.state)) {
		const billed: Billed = provider.traits.billing === "free" ? "no" : "unknown";
		await journal.write({ lastAttempt: { billed, errorCode: "cancelled", reason: "cancelled" } });
		await runner.end(new CancelledError("the operation was cancelled", { billed }));
	}
	return outcome;
}

/** The error for what a provider threw about an operation, with the token. */
export function explainedError(runner: JobRunner, cause: unknown, problem: string): VideoError {
	const context = runner.context();
	if (isVideoError(cause)) return cause.addContext(context);
	const billed = runner.journal.operation?.billed ?? "unknown";
	const message = `${runner.candidate.reference.text} ${problem}: ${describe(cause)}; the job goes on, try again`;
	return new ProviderError(message, { phase: "poll", billed, retryable: true, cause, ...context });
}

/** A job that no service is known to have cannot be cancelled, and has not ended either. */
function notAccepted({ id, state }: JobRecord): InputError {
	const problem =
		state === "submit_unknown"
			? `whether a service has ${id} is not known, so it cannot be cancelled; find out with: reelay resolve ${id}`
			: `no service is known to have ${id} yet (${state}), so it cannot be cancelled; to see it through, run: reelay resume ${id}`;
	return new InputError("job", problem);
}
