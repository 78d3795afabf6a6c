import { ProviderError } from "../errors/index.ts";
import type { CallStage, CallTarget } from "./call-stage.ts";
import type { Clock } from "./clock.ts";

/** A call, and how long it may take. */
export interface TimedCall {
	readonly stage: CallStage;
	readonly target: CallTarget;
	/** In milliseconds; `0` without limit. */
	readonly timeoutMs: number;
}

/**
 * Makes one call. Rejects with `ProviderError` when it has not settled in time, even when it does not heed
 * its signal. The caller's own signal is only passed on: what a call makes of an abort is its own matter, as
 * the answer of a submission is worth the wait.
 */
export async function withDeadline<Result>(
	call: (signal: AbortSignal) => Promise<Result>,
	timed: TimedCall,
	clock: Clock,
	signal: AbortSignal,
): Promise<Result> {
	if (timed.timeoutMs === 0) return call(signal);
	const late = new AbortController();
	const settled = new AbortController();
	try {
		const answer = call(AbortSignal.any([signal, late.signal]));
		const deadline = clock.sleep(timed.timeoutMs, settled.signal).then(() => {
			late.abort(lateError(timed));
			throw late.signal.reason;
		});
		return await Promise.race([answer, deadline]);
	} catch (error) {
		throw late.signal.aborted ? late.signal.reason : error;
	} finally {
		settled.abort();
	}
}

function lateError({ stage, target: { provider, model }, timeoutMs }: TimedCall): ProviderError {
	const message = `${provider}:${model} did not answer within ${timeoutMs / 1_000} s`;
	return new ProviderError(message, { phase: stage, billed: "unknown", retryable: stage !== "submit" });
}
