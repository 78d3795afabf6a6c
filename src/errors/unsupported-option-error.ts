import { VideoError, type VideoErrorDetails } from "./video-error.ts";

/** The model cannot honour an option that changes what the video means, so nothing was sent. */
export class UnsupportedOptionError extends VideoError {
	override readonly code = "unsupported_option";
	/** The option, for example `lastFrame`. */
	readonly field: string;

	constructor(field: string, message: string, details?: VideoErrorDetails) {
		super(`${field}: ${message}`, "input", details);
		this.field = field;
	}
}
