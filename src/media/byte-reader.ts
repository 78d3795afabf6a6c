import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { MediaError, type VideoErrorDetails } from "../errors/index.ts";

/** Bytes that can be read anywhere, without holding them all: a file, or a buffer. */
export interface ByteReader {
	/** How many there are. */
	readonly size: number;
	/** Up to `length` bytes from `offset`; fewer only where the data ends. */
	read(offset: number, length: number): Promise<Uint8Array>;
}

/** A file opened for reading. */
export interface FileReader extends ByteReader {
	close(): Promise<void>;
}

/** Makes a reader of bytes in memory. */
export function bytesReader(data: Uint8Array): ByteReader {
	return { size: data.length, read: async (offset, length) => data.subarray(offset, offset + length) };
}

/**
 * Opens a regular file for reading; the caller closes it. Throws `MediaError` when there is none, or it
 * cannot be read.
 */
export async function openFileReader(path: string, details?: VideoErrorDetails): Promise<FileReader> {
	let handle: FileHandle | undefined;
	try {
		handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
		const stats = await handle.stat();
		if (!stats.isFile()) throw new MediaError(`${JSON.stringify(path)} is no regular file; give a video file`, details);
		return fileReader(handle, stats.size, path, details);
	} catch (error) {
		await handle?.close();
		throw toMediaError(error, path, details);
	}
}

function fileReader(handle: FileHandle, size: number, path: string, details?: VideoErrorDetails): FileReader {
	return {
		size,
		close: () => handle.close(),
		async read(offset, length) {
			const data = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
			let filled = 0;
			try {
				while (filled < data.length) {
					const { bytesRead } = await handle.read(data, filled, data.length - filled, offset + filled);
					if (bytesRead === 0) break;
					filled += bytesRead;
				}
			} catch (error) {
				throw toMediaError(error, path, details);
			}
			return data.subarray(0, filled);
		},
	};
}

function toMediaError(error: unknown, path: string, details?: VideoErrorDetails): MediaError {
	if (error instanceof MediaError) return error;
	const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
	const problem = isMissing ? "does not exist" : "cannot be read; check its permissions and the disk";
	return new MediaError(`${JSON.stringify(path)} ${problem}`, { ...details, cause: error });
}
