import { redact } from "./redact.ts";
import { VideoError, type VideoErrorDetails } from "./video-error.ts";

/** The service's content rules refused the prompt, an image or the result. The same request will be refused again. */
export class ContentRefusedError extends VideoError {
	override readonly code = "content_refused";
	/** The service's reasons in its own words; empty when it gave none. */
	readonly reasons: readonly string[];

	constructor(message: string, details: VideoErrorDetails & { readonly reasons?: readonly string[] } = {}) {
		super(message, "poll", details);
		this.reasons = details.reasons?.map(redact) ?? [];
	}
}
