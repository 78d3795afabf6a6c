/** The `fetch` that a provider must use for every request. It takes what the global one takes. */
export type Fetch = typeof globalThis.fetch;

/** What the core hands to every call of a provider. */
export interface CallContext {
	/** Aborted when nobody waits for the answer any more. Pass it to every request. */
	readonly signal: AbortSignal;
	/** Sends HTTP requests; never use another. */
	readonly fetch: Fetch;
}

/** What the core hands to `start`. */
export interface StartContext extends CallContext {
	/** The job that this submission belongs to. Not secret. */
	readonly jobId: string;
	/** One key for the life of the job. Send it if, and only if, the service documents that it honours it. */
	readonly idempotencyKey: string;
	/**
	 * Records, beside the intent, by what `find` can tell this submission from others, such as a digest of what is
	 * sent: at most 200 characters, not secret. For services that take no id of ours. Await it, then send.
	 */
	readonly recordMark: (mark: string) => Promise<void>;
}
