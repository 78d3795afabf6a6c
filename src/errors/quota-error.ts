import { VideoError, type VideoErrorDetails } from "./video-error.ts";

/** The account is out of credit or of its allowance. Waiting does not help; the account needs attention. */
export class QuotaError extends VideoError {
	override readonly code = "quota_exceeded";

	constructor(message: string, details?: VideoErrorDetails) {
		super(message, "submit", details);
	}
}
