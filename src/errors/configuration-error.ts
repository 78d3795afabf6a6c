import { VideoError, type VideoErrorDetails } from "./video-error.ts";

/** A setting or an environment variable is missing or wrong. The message names it, never its value if that is a secret. */
export class ConfigurationError extends VideoError {
	override readonly code = "configuration";

	constructor(message: string, details?: VideoErrorDetails) {
		super(message, "config", details);
	}
}
