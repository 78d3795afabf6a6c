/** Time, what is tried again and when, and who is left alone. The only folder that imports cockatiel. */
export type { BreakerState } from "./breaker.ts";
export type { AccountTarget, CallStage, CallTarget } from "./call-stage.ts";
export { type Clock, systemClock } from "./clock.ts";
export type { ErrorKind } from "./error-kind.ts";
export {
	decide,
	decideVerdict,
	ERROR_TABLE,
	type ErrorAction,
	type ErrorDecision,
	type ErrorRule,
	VERDICT_TABLE,
} from "./error-table.ts";
export type { HealthChange, LastError, ModelHealth, StageHealth } from "./health.ts";
export { type Admission, NotAdmittedError, type Refusal } from "./not-admitted-error.ts";
export { type LearnedPace, nextLookMs } from "./poll-pace.ts";
export type { Quarantine, QuarantineReason } from "./quarantine.ts";
export { Resilience, type ResilienceOptions } from "./resilience.ts";
export {
	type PolicyOptions,
	type PolicyOverrides,
	policiesFor,
	type ResolvedPolicies,
	resolvePolicies,
} from "./resolve-policies.ts";
export { RetryBudget } from "./retry-budget.ts";
export type { SavedHealth } from "./saved-health.ts";
export {
	type BreakerSettings,
	DEFAULT_POLICIES,
	type FallbackSettings,
	type FlowLimits,
	type PolicySettings,
	type RetryBudgetSettings,
} from "./settings.ts";
export { SubmissionLimiter } from "./submission-limiter.ts";
export type { Release } from "./submission-queue.ts";
export { type RetryAdvice, type RetryMeans, retrySubmission } from "./submit-retry.ts";
