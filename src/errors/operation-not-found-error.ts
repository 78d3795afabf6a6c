import { VideoError, type VideoErrorDetails } from "./video-error.ts";

/** The service does not know the operation any more (or not yet, right after the submission). */
export class OperationNotFoundError extends VideoError {
	override readonly code = "operation_not_found";

	constructor(message: string, details?: VideoErrorDetails) {
		super(message, "poll", details);
	}
}
