import { VideoError, type VideoErrorDetails } from "./video-error.ts";

/** The request or an option is wrong. Raised before anything is sent, so it costs nothing. */
export class InputError extends VideoError {
	override readonly code = "invalid_input";
	/** The field at fault, as the caller wrote it: `durationSeconds`, `providerOptions.fal.seed`, `output`. */
	readonly field: string;

	constructor(field: string, message: string, details?: VideoErrorDetails) {
		super(`${field}: ${message}`, "input", details);
		this.field = field;
	}
}
