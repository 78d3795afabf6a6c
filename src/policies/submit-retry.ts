import { DelegateBackoff, handleWhen, type IRetryBackoffContext, retry } from "cockatiel";
import type { PolicySettings } from "./settings.ts";

/** What a failed submission says about sending it again. */
export interface RetryAdvice {
	/** Whether the same may be sent again: provably not accepted, and the reason may pass. */
	readonly again: boolean;
	/** What the service asked us to wait, in milliseconds. */
	readonly afterMs?: number | undefined;
}

/**
 * Runs one submission, and again while `advise` allows it. The only place where a submission may be
 * repeated; `advise` must say `again` for rejected outcomes alone.
 *
 * Rejects with the last error, or with the signal's reason as soon as it is aborted.
 */
export async function retrySubmission<Result>(
	submit: () => Promise<Result>,
	advise: (error: unknown) => RetryAdvice,
	settings: PolicySettings,
	random: () => number,
	signal: AbortSignal,
): Promise<Result> {
	signal.throwIfAborted();
	const policy = retry(
		handleWhen((error) => !signal.aborted && advise(error).again),
		{ maxAttempts: settings.submitRetries, backoff: backoffFor(advise, settings, random) },
	);
	// cockatiel finishes a backoff that is aborted meanwhile and then calls once more: the race ends that
	// wait at once, and the check at the start of the call keeps it from being sent. A submission in flight
	// is never abandoned: its outcome must be recorded.
	let inFlight = false;
	const aborted = Promise.withResolvers<never>();
	const onAbort = () => {
		if (!inFlight) aborted.reject(signal.reason);
	};
	signal.addEventListener("abort", onAbort, { once: true });
	const execution = policy.execute(async () => {
		signal.throwIfAborted();
		inFlight = true;
		try {
			return await submit();
		} finally {
			inFlight = false;
		}
	});
	try {
		return await Promise.race([execution, aborted.promise]);
	} finally {
		signal.removeEventListener("abort", onAbort);
		execution.catch(() => undefined);
	}
}

function backoffFor(
	advise: (error: unknown) => RetryAdvice,
	settings: PolicySettings,
	random: () => number,
): DelegateBackoff<IRetryBackoffContext<unknown>, number> {
	return new DelegateBackoff((context, previousMs) => {
		const ceilingMs = Math.min(
			previousMs === undefined ? settings.submitBackoffMs : previousMs * 2,
			settings.maxBackoffMs,
		);
		const error = "error" in context.result ? context.result.error : undefined;
		const askedMs = advise(error).afterMs;
		const waitMs = askedMs === undefined ? ceilingMs * random() : Math.min(Math.max(0, askedMs), settings.maxBackoffMs);
		return { delay: waitMs, state: ceilingMs };
	});
}
