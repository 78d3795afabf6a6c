import { VideoError, type VideoErrorDetails } from "./video-error.ts";

/** The caller's signal, or `cancel`, ended the wait. `billed` says whether the service may have charged for it. */
export class CancelledError extends VideoError {
	override readonly code = "cancelled";

	constructor(message: string, details?: VideoErrorDetails) {
		super(message, "poll", details);
	}
}
