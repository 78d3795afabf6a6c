import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open, rm } from "node:fs/promises";
import { FileSizeError } from "../errors/index.ts";
import type { Billed } from "../provider/index.ts";
import { formatBytes } from "./format-bytes.ts";
import { newFileFlags, temporaryPath } from "./output-plan.ts";

/** What a video may weigh, and what an error says of its price. */
export interface SizeLimit {
	/** The largest size that is kept, in bytes. */
	readonly maxBytes: number;
	/** Whether the video was paid for. */
	readonly billed: Billed;
}

/** Throws `FileSizeError` when a video is, or will be, larger than the limit. */
export function refuseTooLarge(sizeBytes: number, { maxBytes, billed }: SizeLimit): void {
	if (sizeBytes <= maxBytes) return;
	const sizes = `${formatBytes(sizeBytes)} is more than the limit of ${formatBytes(maxBytes)}`;
	throw new FileSizeError("video", `${sizes}; raise MAX_VIDEO_FILE_SIZE and resume the job to get it`, {
		phase: "download",
		maxBytes,
		sizeBytes,
		billed,
	});
}

/** A video that is not complete yet: a private file with a random name, hashed while it grows. */
export class PartialFile {
	readonly path: string;
	readonly #handle: FileHandle;
	readonly #limit: SizeLimit;
	#hash: Hash = createHash("sha256");
	#sizeBytes = 0;

	private constructor(path: string, handle: FileHandle, limit: SizeLimit) {
		this.path = path;
		this.#handle = handle;
		this.#limit = limit;
	}

	/** Creates an empty one. Only this user can read it until it is complete. */
	static async create(directory: string, limit: SizeLimit): Promise<PartialFile> {
		const path = temporaryPath(directory);
		return new PartialFile(path, await open(path, newFileFlags(), 0o600), limit);
	}

	/** How much it holds, in bytes. */
	get sizeBytes(): number {
		return this.#sizeBytes;
	}

	/** Adds to its end. Throws `FileSizeError` instead of growing beyond the limit. */
	async write(chunk: Uint8Array): Promise<void> {
		refuseTooLarge(this.#sizeBytes + chunk.byteLength, this.#limit);
		// The chunk is hashed while the system writes it.
		const writing = this.#writeFully(chunk);
		this.#hash.update(chunk);
		await writing;
		this.#sizeBytes += chunk.byteLength;
	}

	/** Empties it. */
	async restart(): Promise<void> {
		await this.#handle.truncate(0);
		this.#hash = createHash("sha256");
		this.#sizeBytes = 0;
	}

	/** Sees to it that everything is on the disk, with the permissions of a finished file. */
	async flush(fileMode: number): Promise<void> {
		await this.#handle.chmod(fileMode);
		await this.#handle.sync();
	}

	/** The SHA-256 of what it holds, in hexadecimal. */
	sha256(): string {
		return this.#hash.copy().digest("hex");
	}

	/** Closes it and removes its name. What was published under another name stays. */
	async discard(): Promise<void> {
		await this.#handle.close();
		await rm(this.path, { force: true });
	}

	async #writeFully(chunk: Uint8Array): Promise<void> {
		for (let offset = 0; offset < chunk.byteLength; ) {
			const position = this.#sizeBytes + offset;
			const { bytesWritten } = await this.#handle.write(chunk, offset, chunk.byteLength - offset, position);
			offset += bytesWritten;
		}
	}
}
