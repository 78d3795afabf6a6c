import { TransferFailure } from "./transfer-failure.ts";

/**
 * Runs `work` with a signal that is aborted when the given one is, or when the time (at most 2³¹−1
 * milliseconds) is up. Throws `TransferFailure` in the second case.
 */
export async function withDeadline<Result>(
	limitMs: number,
	signal: AbortSignal,
	work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
	const deadline = new AbortController();
	const timer = setTimeout(() => deadline.abort(), limitMs);
	try {
		return await work(AbortSignal.any([signal, deadline.signal]));
	} catch (error) {
		if (!deadline.signal.aborted || signal.aborted) throw error;
		throw new TransferFailure(`did not finish within ${Math.ceil(limitMs / 1_000)} s`, "retry", { cause: error });
	} finally {
		clearTimeout(timer);
	}
}
