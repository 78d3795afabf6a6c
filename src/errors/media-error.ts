import { VideoError, type VideoErrorDetails } from "./video-error.ts";

/** What was downloaded is not a video, or not a whole one. */
export class MediaError extends VideoError {
	override readonly code = "bad_media";

	constructor(message: string, details?: VideoErrorDetails) {
		super(message, "media", details);
	}
}
