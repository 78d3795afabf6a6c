import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/** What a file must be. */
export interface ExpectedFile {
	readonly sizeBytes: number;
	/** In hexadecimal. */
	readonly sha256: string;
}

const READ_BYTES = 1_048_576;
/** What the system says of a name that leads nowhere, or is a symbolic link. */
const NO_FILE: readonly unknown[] = ["ENOENT", "ENOTDIR", "ELOOP", "EMLINK"];

/** Opens an ordinary file of that size, never through a symbolic link; `undefined` when it is anything else. */
export async function openExact(path: string, sizeBytes: number): Promise<FileHandle | undefined> {
	// Without O_NONBLOCK a pipe of that name would keep us waiting for ever.
	const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
	const handle = await open(path, flags).catch((error: unknown) => {
		if (error instanceof Error && "code" in error && NO_FILE.includes(error.code)) return undefined;
		throw error;
	});
	if (handle === undefined) return undefined;
	const found = await handle.stat();
	if (found.isFile() && found.size === sizeBytes) return handle;
	await handle.close();
	return undefined;
}

/** Whether a file is the expected one, to the last byte. Reads all of it, a piece at a time. */
export async function isExactFile(path: string, expected: ExpectedFile, signal?: AbortSignal): Promise<boolean> {
	const handle = await openExact(path, expected.sizeBytes);
	if (handle === undefined) return false;
	try {
		const hash = createHash("sha256");
		const buffer = new Uint8Array(Math.min(READ_BYTES, expected.sizeBytes));
		for (let offset = 0; offset < expected.sizeBytes; ) {
			signal?.throwIfAborted();
			const { bytesRead } = await handle.read(buffer, 0, buffer.byteLength, offset);
			if (bytesRead === 0) return false;
			hash.update(buffer.subarray(0, bytesRead));
			offset += bytesRead;
		}
		return hash.digest("hex") === expected.sha256;
	} finally {
		await handle.close();
	}
}
