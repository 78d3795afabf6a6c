/** The limits of every transfer. All times in milliseconds. */
export interface NetworkLimits {
	/** For the connection, look-up and encryption included. @default 10000 */
	readonly connectTimeoutMs: number;
	/** From the request to the end of the answer's header. @default 60000 */
	readonly headersTimeoutMs: number;
	/** Without a single byte. @default 30000 */
	readonly idleTimeoutMs: number;
	/** For one download with all its tries. @default 3600000 */
	readonly totalTimeoutMs: number;
	/** For one try to fetch an image input. @default 120000 */
	readonly inputTimeoutMs: number;
	/** A transfer that is slower over `rateWindowMs` is cut and tried again. 0 turns it off. @default 1024 */
	readonly minBytesPerSecond: number;
	/** How long a transfer may be slow. @default 30000 */
	readonly rateWindowMs: number;
	/** Requests for one video, the first included; redirects are not counted. @default 8 */
	readonly maxAttempts: number;
	/** Redirects of one request. @default 5 */
	readonly maxRedirects: number;
	/** The wait before the second try; it doubles each time, and chance shortens it. @default 500 */
	readonly backoffMs: number;
	/** No wait is longer. @default 15000 */
	readonly maxBackoffMs: number;
	/** A `Retry-After` beyond this ends the download with `retryAfterMs` instead of being waited for. @default 60000 */
	readonly maxRetryAfterMs: number;
}

/** The limits that hold where none is set. */
export const DEFAULT_NETWORK_LIMITS: NetworkLimits = {
	connectTimeoutMs: 10_000,
	headersTimeoutMs: 60_000,
	idleTimeoutMs: 30_000,
	totalTimeoutMs: 3_600_000,
	inputTimeoutMs: 120_000,
	minBytesPerSecond: 1_024,
	rateWindowMs: 30_000,
	maxAttempts: 8,
	maxRedirects: 5,
	backoffMs: 500,
	maxBackoffMs: 15_000,
	maxRetryAfterMs: 60_000,
};
