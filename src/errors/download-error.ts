import { VideoError, type VideoErrorDetails } from "./video-error.ts";

/** The finished video could not be fetched or written. It is not lost: resuming fetches it again, at no cost. */
export class DownloadError extends VideoError {
	override readonly code = "download_failed";
	/** How much had arrived, in bytes. */
	readonly receivedBytes: number;

	constructor(message: string, details: VideoErrorDetails & { readonly receivedBytes?: number } = {}) {
		super(message, "download", details);
		this.receivedBytes = details.receivedBytes ?? 0;
	}
}
