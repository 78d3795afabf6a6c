import { CancelledError, isVideoError } from "../errors/index.ts";
import { openFileReader } from "./byte-reader.ts";
import { throwIfCancelled } from "./cancelled.ts";
import { probeInChild } from "./probe-child.ts";
import { sniffReader } from "./verify-video.ts";
import type { VideoContainer, VideoMetadata } from "./video-metadata.ts";

/** How long and how much a probe may take. */
export interface ProbeVideoOptions {
	/** Ends the probe with a `CancelledError`. */
	readonly signal?: AbortSignal | undefined;
	/**
	 * Time limit in milliseconds, counted from this probe's turn: files are read one after the other.
	 * @default 10_000
	 */
	readonly timeoutMs?: number | undefined;
	/**
	 * Memory limit in MiB.
	 * @default 256
	 */
	readonly maxMemoryMb?: number | undefined;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_MEMORY_MB = 256;

/**
 * Reads what a video file says of itself: codec, size, length, frame rate, sound. It is read in a process of
 * its own that is ended at the limits, because a hostile file can make any reader spin or eat memory.
 *
 * Throws `MediaError` when the file is missing, no video, or cannot be read within the limits, and
 * `CancelledError`.
 */
export async function probeVideo(path: string, options: ProbeVideoOptions = {}): Promise<VideoMetadata> {
	const container = await sniffFile(path, options.signal);
	return { container, ...(await probeTracks(path, options)) };
}

/**
 * Like `probeVideo`, for a file that must be kept whatever it says: when only its container can be told,
 * that and a warning are the answer.
 *
 * Throws `MediaError` only when the file is missing or no video at all, and `CancelledError`.
 */
export async function probeOrSniff(
	path: string,
	options: ProbeVideoOptions = {},
): Promise<{ readonly metadata: VideoMetadata; readonly warning?: string }> {
	const container = await sniffFile(path, options.signal);
	try {
		return { metadata: { container, ...(await probeTracks(path, options)) } };
	} catch (error) {
		if (!isVideoError(error) || error instanceof CancelledError) throw error;
		return { metadata: { container }, warning: `${error.message}; only its container is known` };
	}
}

function probeTracks(path: string, options: ProbeVideoOptions) {
	return probeInChild(path, {
		signal: options.signal,
		timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
		maxMemoryMb: options.maxMemoryMb ?? DEFAULT_MAX_MEMORY_MB,
	});
}

async function sniffFile(path: string, signal: AbortSignal | undefined): Promise<VideoContainer> {
	throwIfCancelled(signal, "media");
	const reader = await openFileReader(path);
	try {
		return await sniffReader(reader);
	} finally {
		await reader.close();
	}
}
