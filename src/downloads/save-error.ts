import { CancelledError, DownloadError, isVideoError, MediaError } from "../errors/index.ts";
import type { Billed } from "../provider/index.ts";
import { describeDiskError, isSystemError, systemCode } from "./disk-error.ts";
import { formatBytes } from "./format-bytes.ts";

/** What an error about a video has to say. */
export interface SaveContext {
	readonly signal: AbortSignal;
	readonly billed: Billed;
	readonly plan: { readonly directory: string };
}

/** The promise that ends every message. */
export const COSTS_NOTHING = "getting it again costs nothing";

/** Throws `CancelledError` when nobody waits for the video any more. */
export function throwIfCancelled(context: Pick<SaveContext, "signal" | "billed">): void {
	if (context.signal.aborted) throw cancelled(context);
}

/**
 * Whatever ended the work on a video, as one of reelay's errors that tells whether it was paid for. What
 * neither reelay nor the system reported is a mistake in the code, and comes back as it is.
 */
export function toSaveError(
	error: unknown,
	context: SaveContext,
	received: { readonly receivedBytes: number; readonly totalBytes?: number | undefined },
): unknown {
	const { billed, signal, plan } = context;
	const { receivedBytes, totalBytes } = received;
	if (signal.aborted) return cancelled(context);
	if (error instanceof MediaError) {
		return new MediaError(error.message, { billed, retryable: true, cause: error.cause });
	}
	if (isVideoError(error) || !isSystemError(error)) return error;
	const problem = describeDiskError(error, `"${plan.directory}"`) ?? `the disk failed with ${systemCode(error)}`;
	const size = totalBytes === undefined ? "" : ` (it needs ${formatBytes(totalBytes)})`;
	return new DownloadError(`the video could not be saved${size}: ${problem}; ${COSTS_NOTHING}`, {
		receivedBytes,
		billed,
		retryable: true,
		cause: error,
	});
}

function cancelled({ signal, billed }: Pick<SaveContext, "signal" | "billed">): CancelledError {
	const cause: unknown = signal.reason;
	return new CancelledError(`the download was stopped; ${COSTS_NOTHING}`, { phase: "download", billed, cause });
}
