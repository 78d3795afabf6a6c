/** The errors that reelay throws, the records they carry, and the guard to recognise them. */
export type { Attempt, AttemptOutcome } from "./attempt.ts";
export { AuthenticationError } from "./authentication-error.ts";
export { CancelledError } from "./cancelled-error.ts";
export { ConfigurationError } from "./configuration-error.ts";
export { ContentRefusedError } from "./content-refused-error.ts";
export { DownloadError } from "./download-error.ts";
export { FileSizeError } from "./file-size-error.ts";
export { InputError } from "./input-error.ts";
export { MediaError } from "./media-error.ts";
export { ModelNotFoundError } from "./model-not-found-error.ts";
export { ModelRetiredError } from "./model-retired-error.ts";
export { NoModelAvailableError } from "./no-model-available-error.ts";
export { OperationNotFoundError } from "./operation-not-found-error.ts";
export { ProviderError } from "./provider-error.ts";
export { QuotaError } from "./quota-error.ts";
export { RateLimitError } from "./rate-limit-error.ts";
export { redact, redactStart, rememberPassingSecret } from "./redact.ts";
export { retryAfterMs } from "./retry-after.ts";
export { Secret } from "./secret.ts";
export { isSensitiveName } from "./sensitive-name.ts";
export { StillRunningError } from "./still-running-error.ts";
export { type SubmissionEvidence, SubmitUnknownError } from "./submit-unknown-error.ts";
export { UnsupportedOptionError } from "./unsupported-option-error.ts";
export {
	type ErrorPhase,
	isVideoError,
	VideoError,
	type VideoErrorContext,
	type VideoErrorDetails,
} from "./video-error.ts";
