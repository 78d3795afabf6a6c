import { isVideoError } from "../errors/index.ts";
import { type Clock, nextLookMs, type PolicySettings } from "../policies/index.ts";
import type { CallContext, JsonValue, OperationStatus, VideoProvider } from "../provider/index.ts";

/** An accepted operation, and what is needed to look at it. */
export interface WatchedOperation {
	readonly provider: VideoProvider;
	readonly handle: JsonValue;
	/** What the model usually takes, in milliseconds. */
	readonly typicalMs?: number | undefined;
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
 * look comes later. What no later look can mend (an unknown operation, a refused key) is thrown.
 *
 * Rejects with the signal's reason as soon as it is aborted.
 */
export async function watchOperation(
	operation: WatchedOperation,
	context: CallContext,
	observer: WatchObserver,
	timing: { readonly clock: Clock; readonly random: () => number; readonly policies: PolicySettings },
): Promise<EndedStatus> {
	const { provider, handle } = operation;
	const { clock, policies, random } = timing;
	const inProcess = provider.traits.runsIn === "process";
	const ageMs = ageOf(operation, clock);
	const typicalMs = operation.typicalMs === undefined ? undefined : Math.max(0, operation.typicalMs - ageMs());
	let askedMs: number | undefined = inProcess || operation.hasEnded ? 0 : undefined;
	let status = operation.firstStatus;
	for (let looks = 0; ; looks++) {
		if (status !== undefined) {
			if (status.state === "succeeded" || status.state === "failed") return status;
			askedMs = status.pollAfterMs ?? askedMs;
			await observer.onRunning(status);
		}
		await clock.sleep(nextLookMs({ looks, askedMs, typicalMs }, policies, random), context.signal);
		askedMs = undefined;
		await observer.beforeLook();
		try {
			status = await provider.status(handle, context);
		} catch (error) {
			context.signal.throwIfAborted();
			const isYoung = ageMs() < policies.notFoundGraceMs;
			if (endsWatch(error) && (inProcess || !isYoung)) throw error;
			status = undefined;
			askedMs = isVideoError(error) ? error.retryAfterMs : undefined;
		}
	}
}

/** The time since the acceptance. The wall clock is read once: what it does later changes nothing. */
function ageOf({ acceptedAtMs }: WatchedOperation, clock: Clock): () => number {
	const ageAtStartMs = Math.max(0, clock.now() - acceptedAtMs);
	const startedAt = clock.monotonic();
	return () => ageAtStartMs + (clock.monotonic() - startedAt);
}

/** Whether looking again cannot help. The operation itself may go on at the service. */
function endsWatch(error: unknown): boolean {
	return isVideoError(error) && ["operation_not_found", "authentication", "configuration"].includes(error.code);
}
