import { VideoError, type VideoErrorDetails } from "./video-error.ts";

/** Every model of the chain was skipped or failed without being billed. `attempts` says why, one by one. */
export class NoModelAvailableError extends VideoError {
	override readonly code = "no_model_available";

	constructor(message: string, details?: VideoErrorDetails) {
		super(message, "submit", details);
	}
}
