import {
	CancelledError,
	ContentRefusedError,
	OperationNotFoundError,
	ProviderError,
	type VideoError,
	type VideoErrorDetails,
} from "../errors/index.ts";
import type { OperationStatus } from "../provider/index.ts";

/** What the service said when an operation ended without a video. */
export type FailedStatus = Extract<OperationStatus, { state: "failed" }>;

/** The error for the service's verdict. */
export function verdictError(status: FailedStatus, model: string): VideoError {
	const details: VideoErrorDetails = { phase: "poll", billed: status.billed, model, cause: status.cause };
	switch (status.kind) {
		case "refused":
			return new ContentRefusedError(`${model} refused the content: ${status.reason}`, {
				...details,
				reasons: [status.reason],
			});
		case "cancelled":
			return new CancelledError(`the operation was cancelled at ${model}: ${status.reason}`, details);
		case "expired":
			return new OperationNotFoundError(`${model} gave the operation up: ${status.reason}`, details);
		case "invalid":
		case "internal":
			return new ProviderError(`${model} failed: ${status.reason}`, details);
	}
}
