import { VideoError, type VideoErrorDetails } from "./video-error.ts";

/** The deadline passed while the service was working. The operation goes on there: resume it with `token`. */
export class StillRunningError extends VideoError {
	override readonly code = "still_running";

	constructor(message: string, details?: VideoErrorDetails) {
		super(message, "poll", details);
	}
}
