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
}

/** How far an operation is. */
export type RunningStatus = Extract<OperationStatus, { state: "queued" | "running" }>;
/** How an operation ended. */
export type EndedStatus = Exclude<OperationStatus, RunningStatus>;

/**
 * Looks at an operation until the service gives its verdict. A transport error never ends it: the next
 * look comes later. What no later look can mend (an unknown operation, a refused key) is thrown.
 *
 * Rejects with the signal's reason as soon as it is aborted.
 */
export async function watchOperation(
	operation: WatchedOperation,
	context: CallContext,
	onRunning: (status: RunningStatus) => void | Promise<void>,
	timing: { readonly clock: Clock; readonly random: () => number; readonly policies: PolicySettings },
): Promise<EndedStatus> {
	const { provider, handle, typicalMs } = operation;
	const { clock, policies, random } = timing;
	const inProcess = provider.traits.runsIn === "process";
	let askedMs: number | undefined = inProcess ? 0 : undefined;
	let status = operation.firstStatus;
	for (let looks = 0; ; looks++) {
		if (status !== undefined) {
			if (status.state === "succeeded" || status.state === "failed") return status;
			askedMs = status.pollAfterMs ?? askedMs;
			await onRunning(status);
		}
		await clock.sleep(nextLookMs({ looks, askedMs, typicalMs }, policies, random), context.signal);
		askedMs = undefined;
		try {
			status = await provider.status(handle, context);
		} catch (error) {
			context.signal.throwIfAborted();
			const isYoung = clock.now() - operation.acceptedAtMs < policies.notFoundGraceMs;
			if (endsWatch(error) && (inProcess || !isYoung)) throw error;
			status = undefined;
			askedMs = isVideoError(error) ? error.retryAfterMs : undefined;
		}
	}
}

/** Whether looking again cannot help. The operation itself may go on at the service. */
function endsWatch(error: unknown): boolean {
	return isVideoError(error) && ["operation_not_found", "authentication", "configuration"].includes(error.code);
}
