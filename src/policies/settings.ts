/** How often and how fast things are tried again. Times in milliseconds. */
export interface PolicySettings {
	/**
	 * How often a submission that was provably not accepted, for a passing reason, is sent again to the
	 * same model. `0` never.
	 * @default 2
	 */
	readonly submitRetries: number;
	/** The first wait before that; it doubles each time, with full jitter. @default 1000 */
	readonly submitBackoffMs: number;
	/** The longest such wait, and the longest `Retry-After` that is waited for in line. @default 60000 */
	readonly maxBackoffMs: number;
	/** The shortest time between two looks at an operation. @default 50 */
	readonly minPollMs: number;
	/** The first wait between looks where neither the service nor the model says; it grows by half. @default 2000 */
	readonly pollMs: number;
	/** The longest time between two looks. @default 15000 */
	readonly maxPollMs: number;
	/**
	 * How long after acceptance "not found" is taken for "not visible yet". @default 60000
	 */
	readonly notFoundGraceMs: number;
	/** How long a call waits for a job when it is given no `timeoutMs`. @default 1800000 */
	readonly waitMs: number;
}

/** The policies that hold where nothing is set. */
export const DEFAULT_POLICIES: PolicySettings = {
	submitRetries: 2,
	submitBackoffMs: 1_000,
	maxBackoffMs: 60_000,
	minPollMs: 50,
	pollMs: 2_000,
	maxPollMs: 15_000,
	notFoundGraceMs: 60_000,
	waitMs: 30 * 60_000,
};
