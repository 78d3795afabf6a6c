import { MediaError, type VideoErrorDetails } from "../errors/index.ts";
import { type ByteReader, openFileReader } from "./byte-reader.ts";
import { ContainerWalk } from "./container-walk.ts";
import { describeBytes } from "./describe-bytes.ts";
import { SNIFF_BYTES, sniffVideo } from "./sniff-video.ts";
import type { VideoContainer } from "./video-metadata.ts";
import { walkMatroska } from "./walk-matroska.ts";
import { walkMp4 } from "./walk-mp4.ts";

/** How a video is verified. */
export interface VerifyVideoOptions {
	/** Ends the walk with a `CancelledError`. */
	readonly signal?: AbortSignal | undefined;
	/** Added to every error; only the caller knows whether the video was paid for. */
	readonly errorDetails?: VideoErrorDetails | undefined;
}

/**
 * Walks a video's container to its end and checks that all of it is there: the boxes or elements tile the
 * file, there is an index, and every place that the index names lies inside the file. The picture itself is
 * neither read nor decoded, so it takes little memory and time at any size. What no structure tells, such as
 * a recording cut off exactly between two fragments, is not noticed: compare the length too, where it is known.
 *
 * Throws `MediaError` that says what is wrong, and `CancelledError`.
 *
 * @param video A path, or the bytes behind a reader.
 */
export async function verifyVideoFile(
	video: string | ByteReader,
	options: VerifyVideoOptions = {},
): Promise<{ readonly container: VideoContainer }> {
	if (typeof video !== "string") return verify(video, options);
	const reader = await openFileReader(video, options.errorDetails);
	try {
		return await verify(reader, options);
	} finally {
		await reader.close();
	}
}

async function verify(
	reader: ByteReader,
	options: VerifyVideoOptions,
): Promise<{ readonly container: VideoContainer }> {
	const container = await sniffReader(reader, options.errorDetails);
	const walk = new ContainerWalk(reader, options.signal, options.errorDetails);
	await (container === "mp4" || container === "mov" ? walkMp4(walk) : walkMatroska(walk));
	return { container };
}

/** The container in the first bytes. Throws `MediaError` that says what it is instead. */
export async function sniffReader(reader: ByteReader, details?: VideoErrorDetails): Promise<VideoContainer> {
	const head = await reader.read(0, SNIFF_BYTES);
	const container = sniffVideo(head);
	if (container !== undefined) return container;
	const found = head.length === 0 ? "the file is empty" : `the file is ${describeBytes(head)}`;
	throw new MediaError(`${found}, not a video`, details);
}
