import { VideoError, type VideoErrorDetails } from "./video-error.ts";

/** The submission was sent and its answer was lost: it may have been accepted, and billed. Nothing is sent again by itself. */
export class SubmitUnknownError extends VideoError {
	override readonly code = "submit_unknown";

	constructor(message: string, details?: VideoErrorDetails) {
		super(message, "submit", details);
	}
}
