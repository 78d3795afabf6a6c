import { SubmitUnknownError } from "../errors/index.ts";
import { publicAttempt } from "./job-journal.ts";
import type { JobRecord } from "./ledger.ts";

/**
 * The error for a job whose last submission may or may not have been accepted: what is known of it, and
 * the way out. `received` says what arrived instead of an answer.
 */
export function submitUnknownError(record: JobRecord, received: string, cause?: unknown): SubmitUnknownError {
	const attempt = record.attempts.at(-1);
	const model = attempt?.model ?? "the model";
	const submittedAt = attempt?.submittedAt ?? new Date(record.updatedAtMs).toISOString();
	const message =
		`the submission of ${submittedAt} to ${model} was sent, but no answer came that tells what became of it ` +
		`(${received}); it may have been accepted and billed, so nothing was sent again. Look for it in the service's ` +
		`own list, then run: reelay resolve ${record.id}`;
	return new SubmitUnknownError(message, {
		model,
		jobId: record.id,
		attempts: record.attempts.map(publicAttempt),
		evidence: { submittedAt, model, idempotencyKey: record.idempotencyKey, received },
		cause,
	});
}
