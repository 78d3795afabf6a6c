import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { InputError, isVideoError } from "../errors/index.ts";
import { throwIfCancelled } from "./cancelled.ts";
import { fileKind, fileProblem, showPath } from "./file-problem.ts";
import { throwIfTooLarge } from "./too-large.ts";

/** An abort is noticed after at most this much. */
const READ_BYTES = 1024 * 1024;
/** Longer than any path that a system takes; usually it is base64 in the wrong place. */
const LONGEST_PATH = 4096;

/** Reads a whole regular file. It is opened once, and everything is asked of that handle, so nothing can be swapped. */
export async function readImageFile(
	field: string,
	path: string,
	maxBytes: number,
	signal: AbortSignal | undefined,
): Promise<Uint8Array> {
	if (path === "") throw new InputError(field, "is an empty path; give the path of an image file");
	if (path.length > LONGEST_PATH) throw new InputError(field, noPath(path));
	const shown = showPath(path);
	let handle: FileHandle | undefined;
	try {
		handle = await open(path, openFlags());
		const stats = await handle.stat();
		if (!stats.isFile()) throw new InputError(field, `${shown} is ${fileKind(stats)}; give the path of an image file`);
		if (stats.size === 0) throw new InputError(field, `${shown} is empty; give a PNG, JPEG or WebP image`);
		throwIfTooLarge(field, stats.size, maxBytes);
		const data = await readAll(handle, stats.size, signal);
		if (data !== undefined) return data;
		throw new InputError(field, `${shown} changed while it was read; give it again when it is complete`);
	} catch (error) {
		if (isVideoError(error)) throw error;
		const isTooLong = error instanceof Error && "code" in error && error.code === "ENAMETOOLONG";
		throw new InputError(field, isTooLong ? noPath(path) : fileProblem(error, path, "an image file"), { cause: error });
	} finally {
		await handle?.close();
	}
}

function noPath(path: string): string {
	return `is no path (${path.length} characters); give base64 as { data, mediaType }`;
}

/** Without `O_NONBLOCK`, opening a pipe would wait for its writer, for ever. Windows has no such flag. */
function openFlags(): number {
	return constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
}

/** The file's bytes; `undefined` when it is not as long as it said. */
async function readAll(
	handle: FileHandle,
	sizeBytes: number,
	signal: AbortSignal | undefined,
): Promise<Uint8Array | undefined> {
	const data = new Uint8Array(sizeBytes + 1);
	let filled = 0;
	while (filled <= sizeBytes) {
		throwIfCancelled(signal, "input");
		const length = Math.min(READ_BYTES, data.length - filled);
		const { bytesRead } = await handle.read(data, filled, length, filled);
		if (bytesRead === 0) break;
		filled += bytesRead;
	}
	return filled === sizeBytes ? data.subarray(0, sizeBytes) : undefined;
}
