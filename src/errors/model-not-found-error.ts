import { VideoError, type VideoErrorDetails } from "./video-error.ts";

/** No provider knows this model, or the service does not. The message has the nearest names. */
export class ModelNotFoundError extends VideoError {
	override readonly code = "model_not_found";

	constructor(message: string, details?: VideoErrorDetails) {
		super(message, "submit", details);
	}
}
