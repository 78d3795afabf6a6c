import { CancelledError, DownloadError, isVideoError, MediaError } from "../errors/index.ts";
import type { Billed } from "../provider/index.ts";
import { describeDiskError } from "./disk-error.ts";
import { formatBytes } from "./format-bytes.ts";

/** What an error about a video has to say. */
export interface SaveContext {
	readonly signal: AbortSignal;
	readonly billed: Billed;
	readonly plan: { readonly directory: string };
}

/** The promise that ends every message. */
export const NOT_LOST = "the video is not lost: resume the job to fetch it again";

/** Throws `CancelledError` when nobody waits for the video any more. */
export function throwIfCancelled({ signal, billed }: Pick<SaveContext, "signal" | "billed">): void {
	if (!signal.aborted) return;
	throw new CancelledError(`the download was stopped; ${NOT_LOST}`, {
		phase: "download",
		billed,
		cause: signal.reason,
	});
}

/** Whatever ended the work on a video, as one of reelay's errors that tells whether it was paid for. */
export function toSaveError(error: unknown, context: SaveContext, receivedBytes: number, totalBytes?: number): unknown {
	const { billed, signal, plan } = context;
	if (signal.aborted) {
		try {
			throwIfCancelled({ signal, billed });
		} catch (cancelled) {
			return cancelled;
		}
	}
	if (error instanceof MediaError) {
		return new MediaError(error.message, { billed, retryable: true, cause: error.cause });
	}
	if (isVideoError(error)) return error;
	const disk = describeDiskError(error, `"${plan.directory}"`) ?? "the system refused to write the file";
	const size = totalBytes === undefined ? "" : ` (${formatBytes(totalBytes)} are needed)`;
	return new DownloadError(`the video could not be saved${size}: ${disk}; ${NOT_LOST}`, {
		receivedBytes,
		billed,
		retryable: true,
		cause: error,
	});
}
