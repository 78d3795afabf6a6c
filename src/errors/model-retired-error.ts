import { VideoError, type VideoErrorDetails } from "./video-error.ts";

/** The service has switched the model off. `replacement` is the one to move to, where there is one. */
export class ModelRetiredError extends VideoError {
	override readonly code = "model_retired";
	/** The reference to use instead. */
	declare readonly replacement?: string;

	constructor(message: string, details: VideoErrorDetails & { readonly replacement?: string } = {}) {
		super(message, "submit", details);
		if (details.replacement !== undefined) this.replacement = details.replacement;
	}
}
