import { isVideoError } from "../errors/index.ts";
import { type Clock, type LearnedPace, nextLookMs, type PolicySettings, type RetryAdvice } from "../policies/index.ts";
import type { OperationStatus } from "../provider/index.ts";

/** An accepted operation, and what is needed to look at it. */
export interface WatchedOperation {
	/** Takes one look. */
	readonly look: (signal: AbortSignal) => Promise<OperationStatus>;
	/** Whether, and when, to look again after an error. */
	readonly advise: (error: unknown) => RetryAdvice;
	/** Whether it lives in this process, so that it is always visible and a look costs nothing. */
	readonly isInProcess: boolean;
	/** What the model usually takes, in milliseconds. */
	readonly typicalMs?: number | undefined;
	/** Operations of the model that are looked at now. */
	readonly inFlight: () => number;
	/** When its operations were seen to end. */
	readonly pace?: LearnedPace | undefined;
	/** When it was accepted, in milliseconds since 1970-01-01 UTC. */
	readonly acceptedAtMs: number;
	/** The status that came with the acceptance. */
	readonly firstStatus?: OperationStatus | undefined;
	/** Whether it is known to have ended, so that there is nothing to wait for. */
	readonly hasEnded: boolean;
}

/** How far an operation is. */
export type RunningStatus = Extract<OperationStatus, { state: "queued" | "running" }>;
/** How an operation ended. */
export type EndedStatus = Exclude<OperationStatus, RunningStatus>;

/** What the watch calls on its way. */
export interface WatchObserver {
	/** Called before each look. What it throws ends the watch. */
	beforeLook(): Promise<void>;
	/** Called with each status that is no end. */
	onRunning(status: RunningStatus): Promise<void>;
}

/**
 * Looks at an operation until the service gives its verdict. A transport error never ends it: the next
 * look comes later. What no later look can mend, as `advise` says, is thrown.
 *
 * Rejects with the signal's reason as soon as it is aborted.
 */
export async function watchOperation(
	operation: WatchedOperation,
	signal: AbortSignal,
	observer: WatchObserver,
	timing: { readonly clock: Clock; readonly random: () => number; readonly policies: PolicySettings },
): Promise<EndedStatus> {
	const { look, advise, isInProcess } = operation;
	const { clock, policies, random } = timing;
	const ageMs = ageOf(operation, clock);
	const { pace, typicalMs } = operation;
	let askedMs: number | undefined = isInProcess || operation.hasEnded ? 0 : undefined;
	let missingSinceMs: number | undefined;
	let status = operation.firstStatus;
	for (let looks = 0; ; looks++) {
		if (status !== undefined) {
			if (status.state === "succeeded" || status.state === "failed") return status;
			missingSinceMs = undefined;
			askedMs = status.pollAfterMs ?? askedMs;
			await observer.onRunning(status);
		}
		const input = { looks, askedMs, elapsedMs: ageMs(), pace, typicalMs, inFlight: operation.inFlight() };
		await clock.sleep(nextLookMs(input, policies, random), signal);
		askedMs = undefined;
		await observer.beforeLook();
		try {
			status = await look(signal);
		} catch (error) {
			signal.throwIfAborted();
			const { again, afterMs } = advise(error);
			status = undefined;
			askedMs = afterMs;
			if (again) continue;
			// A service may not show, or not yet allow, what it has just accepted; and one that loses sight of an
			// operation for a moment must not cost a paid video.
			if (isMissing(error)) missingSinceMs ??= ageMs();
			const toleratedMs = ageMs() - (missingSinceMs ?? 0);
			if (isInProcess || toleratedMs >= policies.notFoundGraceMs) throw error;
		}
	}
}

function isMissing(error: unknown): boolean {
	return isVideoError(error) && error.code === "operation_not_found";
}

/** The time since the acceptance. The wall clock is read once: what it does later changes nothing. */
function ageOf({ acceptedAtMs }: WatchedOperation, clock: Clock): () => number {
	const ageAtStartMs = Math.max(0, clock.now() - acceptedAtMs);
	const startedAt = clock.monotonic();
	return () => ageAtStartMs + (clock.monotonic() - startedAt);
}
