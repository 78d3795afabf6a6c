import { redactStart } from "./redact.ts";
import { VideoError, type VideoErrorDetails } from "./video-error.ts";

const MAXIMUM_BODY_CHARACTERS = 2_000;

/** The service, or the provider's own code, failed in a way that has no class of its own. */
export class ProviderError extends VideoError {
	override readonly code = "provider_error";
	/** The HTTP status, when there was an answer. */
	declare readonly status?: number;
	/** The start of the answer's text (at most 2,000 characters), without secrets. */
	declare readonly body?: string;

	constructor(message: string, details: VideoErrorDetails & { readonly status?: number; readonly body?: string } = {}) {
		super(message, "submit", details);
		if (details.status !== undefined) this.status = details.status;
		if (details.body !== undefined) this.body = redactStart(details.body).slice(0, MAXIMUM_BODY_CHARACTERS);
	}
}
