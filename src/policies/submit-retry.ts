import { DelegateBackoff, handleWhen, type IRetryBackoffContext, retry } from "cockatiel";
import { askedWaitMs } from "./asked-wait.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { RetryBudget } from "./retry-budget.ts";
import type { PolicySettings } from "./settings.ts";

/** What a failed call says about making it again. */
export interface RetryAdvice {
	/** Whether the same may be sent again. Of a submission: provably not accepted, and the reason may pass. */
	readonly again: boolean;
	/** How long to wait before that, in milliseconds; absent leaves it to the usual pace. */
	readonly afterMs?: number | undefined;
}

/** What a repeated submission may use. */
export interface RetryMeans {
	/** Where the waits happen. @default the system's clock */
	readonly clock?: Clock | undefined;
	/** What repetitions may cost this provider. Absent: only `submitRetries` bounds them. */
	readonly budget?: RetryBudget | undefined;
}

/**
 * Runs one submission, and again while `advise` allows it and the budget has tokens. The only place where
 * a submission may be repeated; `advise` must say `again` for rejected outcomes alone.
 *
 * Rejects with the last error, or with the signal's reason as soon as it is aborted between two calls. A
 * submission in flight is never abandoned: its outcome must be recorded.
 */
export async function retrySubmission<Result>(
	submit: () => Promise<Result>,
	advise: (error: unknown) => RetryAdvice,
	settings: PolicySettings,
	random: () => number,
	signal: AbortSignal,
	means: RetryMeans = {},
): Promise<Result> {
	const { clock = systemClock, budget } = means;
	let waitMs = 0;
	// cockatiel counts the calls. Its own wait cannot be aborted, runs on no clock but its own, and is followed
	// by a call in any case; so it waits for nothing, and the wait belongs to the call after it.
	const backoff = new DelegateBackoff((context: IRetryBackoffContext<unknown>, previousMs?: number) => {
		const error = "error" in context.result ? context.result.error : undefined;
		if (budget?.tryTake() === false) throw error;
		const ceilingMs = Math.min(
			previousMs === undefined ? settings.submitBackoffMs : previousMs * 2,
			settings.maxBackoffMs,
		);
		const { afterMs } = advise(error);
		const isAsked = afterMs !== undefined && Number.isFinite(afterMs);
		waitMs = isAsked ? askedWaitMs(afterMs, settings.maxBackoffMs, random) : ceilingMs * random();
		return { delay: 0, state: ceilingMs };
	});
	const policy = retry(
		handleWhen((error) => !signal.aborted && advise(error).again),
		{ maxAttempts: settings.submitRetries, backoff },
	);
	return policy.execute(async ({ attempt }) => {
		if (attempt > 0) await clock.sleep(waitMs, signal);
		signal.throwIfAborted();
		return submit();
	});
}
