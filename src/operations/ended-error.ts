import {
	CancelledError,
	ContentRefusedError,
	OperationNotFoundError,
	ProviderError,
	type VideoError,
	type VideoErrorDetails,
} from "../errors/index.ts";
import { acceptedAttempt, publicAttempt } from "./job-journal.ts";
import type { JobRecord } from "./ledger.ts";

/** The error of a job that ended without a video, from its record. */
export function endedError(record: JobRecord): VideoError {
	const { id: jobId, state, errorCode, errorMessage = `${jobId} is over (${state})` } = record;
	const billed = acceptedAttempt(record)?.billed ?? record.attempts.at(-1)?.billed ?? "no";
	const attempts = record.attempts.map(publicAttempt);
	const model = record.attempts.at(-1)?.model;
	const details: VideoErrorDetails = {
		phase: "poll",
		billed,
		jobId,
		attempts,
		...(model === undefined ? {} : { model }),
	};
	switch (errorCode) {
		case "cancelled":
			return new CancelledError(errorMessage, details);
		case "content_refused":
			return new ContentRefusedError(errorMessage, { ...details, reasons: [errorMessage] });
		case "operation_not_found":
			return new OperationNotFoundError(errorMessage, details);
		default:
			return new ProviderError(errorMessage, details);
	}
}
