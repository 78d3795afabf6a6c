import { VideoError, type VideoErrorDetails } from "./video-error.ts";

/** What is known of a submission whose answer was lost; enough to find it in the service's own listing. */
export interface SubmissionEvidence {
	/** When it was sent, ISO 8601 in UTC. */
	readonly submittedAt: string;
	/** The model it went to, `provider:model`. */
	readonly model: string;
	/** The key of the job, for services that show one. */
	readonly idempotencyKey: string;
	/** What arrived instead of an answer. */
	readonly received: string;
}

/** The submission was sent and its answer was lost: it may have been accepted, and billed. Nothing is sent again by itself. */
export class SubmitUnknownError extends VideoError {
	override readonly code = "submit_unknown";
	/** What is known of the submission. */
	declare readonly evidence?: SubmissionEvidence;

	constructor(message: string, details: VideoErrorDetails & { readonly evidence?: SubmissionEvidence } = {}) {
		super(message, "submit", { billed: "unknown", ...details });
		if (details.evidence !== undefined) this.evidence = details.evidence;
	}
}
