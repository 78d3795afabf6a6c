import { VideoError, type VideoErrorDetails } from "./video-error.ts";

/** The service asks to slow down. `retryAfterMs` says for how long, where it told. */
export class RateLimitError extends VideoError {
	override readonly code = "rate_limited";

	constructor(message: string, details?: VideoErrorDetails) {
		super(message, "submit", details);
	}
}
