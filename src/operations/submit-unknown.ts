import { SubmitUnknownError } from "../errors/index.ts";
import { publicAttempt } from "./job-journal.ts";
import type { JobRecord } from "./ledger.ts";

/**
 * The error for a job whose last submission may or may not have been accepted: the message says what happened and
 * the way out, the evidence all that is known. `received` says what arrived instead of an answer.
 */
export function submitUnknownError(record: JobRecord, received: string, cause?: unknown): SubmitUnknownError {
	const attempt = record.attempts.at(-1);
	const model = attempt?.model ?? "the model";
	const submittedAt = attempt?.submittedAt ?? new Date(record.updatedAtMs).toISOString();
	const message =
		`the submission to ${model} may have been accepted and billed: ${received.replaceAll(/\s+/g, " ")}; ` +
		`to find out and go on, run: reelay resolve ${record.id}`;
	return new SubmitUnknownError(message, {
		model,
		jobId: record.id,
		attempts: record.attempts.map(publicAttempt),
		evidence: { submittedAt, model, idempotencyKey: record.idempotencyKey, received },
		cause,
	});
}
