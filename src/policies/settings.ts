/** When a circuit breaker opens, and for how long. One breaker a provider, model and stage. */
export interface BreakerSettings {
	/**
	 * Opens when this share of the calls in the window, or more, failed: from 0 (the first failure is
	 * enough) to 1 (all of them).
	 * @default 0.5
	 */
	readonly failureRatio: number;
	/** How many calls the window must hold before that share says anything. @default 10 */
	readonly minimumCalls: number;
	/** How far back the share looks, in milliseconds. `0` looks at no share at all. @default 60000 */
	readonly windowMs: number;
	/** Opens after so many failures in a row, however far apart. `0` never. @default 5 */
	readonly consecutiveFailures: number;
	/** How long an open breaker refuses calls before one may probe, in milliseconds. @default 30000 */
	readonly halfOpenAfterMs: number;
}

/**
 * How much may be sent at once and how fast. Absent means without limit, which is the default: what an
 * account may do differs, and the service says it with 429. `0` lets nothing through.
 */
export interface FlowLimits {
	/** Operations in flight at one provider, from the submission to the verdict. */
	readonly maxInFlight?: number | undefined;
	/** Operations in flight of one model. */
	readonly maxInFlightPerModel?: number | undefined;
	/** Submissions to one provider in any 60 seconds. */
	readonly submissionsPerMinute?: number | undefined;
	/** Submissions to one model in any 60 seconds. */
	readonly submissionsPerMinutePerModel?: number | undefined;
	/** Submissions that may wait for a place at one provider; the next one is an error. `0` never waits. */
	readonly maxWaiting?: number | undefined;
}

/** How many repetitions one provider may cost beyond what was asked for. */
export interface RetryBudgetSettings {
	/** A full budget; each repetition takes 1, and half of it is never spent. `0` repeats nothing. @default 10 */
	readonly tokens: number;
	/** What each successful call puts back. @default 0.1 */
	readonly perSuccess: number;
}

/** What else may lead to the next model of a chain. */
export interface FallbackSettings {
	/** Whether a content refusal that was not billed leads to the next model; else it ends the job. @default false */
	readonly refusal: boolean;
}

/** How often and how fast things are tried again, and when they are left alone. Times in milliseconds. */
export interface PolicySettings {
	/**
	 * How often a submission that was provably not accepted, for a passing reason, is sent again to the
	 * same model. `0` never.
	 * @default 2
	 */
	readonly submitRetries: number;
	/** The first wait before it is sent again; it doubles each time, with full jitter. @default 1000 */
	readonly submitBackoffMs: number;
	/** The longest of these waits, and the longest `Retry-After` that is waited for in line. @default 60000 */
	readonly maxBackoffMs: number;
	/** How long a submission may take until its answer is there. `0` without limit. @default 300000 */
	readonly submitTimeoutMs: number;
	/** How long one look at an operation may take. `0` without limit. @default 60000 */
	readonly lookTimeoutMs: number;
	/**
	 * The shortest time between two looks at an operation, in milliseconds. Looks that are planned by experience are
	 * as far apart for all operations of a model together. @default 50
	 */
	readonly minPollMs: number;
	/** The least wait between looks where neither the service nor experience says; it is a tenth of what has passed. @default 2000 */
	readonly pollMs: number;
	/** The longest time between two looks. @default 15000 */
	readonly maxPollMs: number;
	/**
	 * How long after acceptance "not found" is taken for "not visible yet". @default 60000
	 */
	readonly notFoundGraceMs: number;
	/** How long a call waits for a job when it is given no `timeoutMs`. @default 1800000 */
	readonly waitMs: number;
	/**
	 * How long a provider that refused the key, or whose account is empty, is left alone. Absent: until the
	 * process ends or it is reset. `0` not at all.
	 */
	readonly quarantineMs?: number | undefined;
	/** When calls that keep failing are no longer made. */
	readonly breaker: BreakerSettings;
	/** How much may be sent at once and how fast. */
	readonly limits: FlowLimits;
	/** How many repetitions a provider may cost. */
	readonly retryBudget: RetryBudgetSettings;
	/** What else may lead to the next model. */
	readonly fallbackOn: FallbackSettings;
}

/** The policies that hold where nothing is set. */
export const DEFAULT_POLICIES: PolicySettings = {
	submitRetries: 2,
	submitBackoffMs: 1_000,
	maxBackoffMs: 60_000,
	submitTimeoutMs: 300_000,
	lookTimeoutMs: 60_000,
	minPollMs: 50,
	pollMs: 2_000,
	maxPollMs: 15_000,
	notFoundGraceMs: 60_000,
	waitMs: 30 * 60_000,
	breaker: {
		failureRatio: 0.5,
		minimumCalls: 10,
		windowMs: 60_000,
		consecutiveFailures: 5,
		halfOpenAfterMs: 30_000,
	},
	limits: {},
	retryBudget: { tokens: 10, perSuccess: 0.1 },
	fallbackOn: { refusal: false },
};
