/** Time, and what is tried again when. The only folder that imports cockatiel. */
export { type Clock, systemClock } from "./clock.ts";
export { nextLookMs } from "./poll-pace.ts";
export { DEFAULT_POLICIES, type PolicySettings } from "./settings.ts";
export { type RetryAdvice, retrySubmission } from "./submit-retry.ts";
