import { VideoError, type VideoErrorDetails } from "./video-error.ts";

/** A file is larger than the limit that was set: an image that was given, or a video that was made. */
export class FileSizeError extends VideoError {
	override readonly code = "file_too_large";
	/** The field or the file that is too large. */
	readonly field: string;
	/** The limit, in bytes. */
	readonly maxBytes: number;
	/** The size as far as it is known, in bytes. */
	readonly sizeBytes: number;

	constructor(
		field: string,
		message: string,
		details: VideoErrorDetails & { readonly maxBytes: number; readonly sizeBytes: number },
	) {
		super(`${field}: ${message}`, "input", details);
		this.field = field;
		this.maxBytes = details.maxBytes;
		this.sizeBytes = details.sizeBytes;
	}
}
