import { createHash, type Hash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, rm } from "node:fs/promises";
import { FileSizeError } from "../errors/index.ts";
import type { ByteReader } from "../media/index.ts";
import type { Billed } from "../provider/index.ts";
import { systemCode } from "./disk-error.ts";
import { formatBytes } from "./format-bytes.ts";
import { newFileFlags, temporaryPath } from "./output-plan.ts";
import { isUseless } from "./resume-note.ts";
import { WriteQueue } from "./write-queue.ts";

/** What a video may weigh, and what an error says of its price. */
export interface SizeLimit {
	/** The largest size that is kept, in bytes. */
	readonly maxBytes: number;
	/** Whether the video was paid for. */
	readonly billed: Billed;
}

/** What a partial file must be to be gone on with. */
export interface ExpectedPart {
	/** How much of it is certain, in bytes; absent: all. */
	readonly trustedBytes: number | undefined;
	/** The size of the whole file, in bytes. */
	readonly wholeBytes: number;
	readonly limit: SizeLimit;
	readonly signal: AbortSignal;
}

const READ_BYTES = 1_048_576;
/** What file systems without permissions of their own (FAT, some network shares) answer to a change of them. */
const NO_PERMISSIONS: ReadonlySet<string | undefined> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EINVAL"]);

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
	readonly #hash: Hash = createHash("sha256");
	#sizeBytes = 0;
	#isDamaged = false;
	#queue: WriteQueue | undefined;

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

	/**
	 * Opens one that an earlier try left, of which the first `trustedBytes` (absent: all) are known to be
	 * good, and reads them for the checksum. `undefined` when it is not this user's own file, does not fit
	 * into `wholeBytes`, or is not whole and has a second name, under which it must not change. Throws the
	 * system's error when it cannot tell.
	 */
	static async reopen(path: string, expected: ExpectedPart): Promise<PartialFile | undefined> {
		let handle: FileHandle | undefined;
		try {
			handle = await open(path, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
			const part = new PartialFile(path, handle, expected.limit);
			if (await part.#goOn(expected)) return part;
		} catch (error) {
			await handle?.close();
			if (isUseless(error)) return undefined;
			throw error;
		}
		await handle.close();
		return undefined;
	}

	/** Whether the open file is what is expected; then everything is ready for more. */
	async #goOn({ trustedBytes, wholeBytes, signal }: ExpectedPart): Promise<boolean> {
		const found = await this.#handle.stat();
		const usableBytes = trustedBytes ?? found.size;
		const isOwn = process.getuid === undefined || found.uid === process.getuid();
		const fits = usableBytes <= found.size && found.size <= wholeBytes;
		const isWhole = usableBytes === wholeBytes;
		if (!found.isFile() || !isOwn || !fits || (found.nlink > 1 && !isWhole)) return false;
		if (usableBytes < found.size) await this.#handle.truncate(usableBytes);
		return this.#readBack(usableBytes, signal);
	}

	/** How much it holds, in bytes. */
	get sizeBytes(): number {
		return this.#sizeBytes;
	}

	/** Whether the disk failed at it, so that what it holds cannot be relied on. */
	get isDamaged(): boolean {
		return this.#isDamaged;
	}

	/**
	 * Adds to its end, without waiting for the disk more than it must: when it must, it returns a promise
	 * to be awaited before the next chunk. The chunk belongs to the file from now on. Throws `FileSizeError`
	 * instead of growing beyond the limit, and what the disk threw before.
	 */
	push(chunk: Uint8Array): Promise<void> | undefined {
		refuseTooLarge(this.#sizeBytes + chunk.byteLength, this.#limit);
		this.#queue ??= new WriteQueue(this.#handle, this.#sizeBytes);
		this.#hash.update(chunk);
		this.#sizeBytes += chunk.byteLength;
		try {
			return this.#queue.add(chunk);
		} catch (error) {
			this.#isDamaged = true;
			throw error;
		}
	}

	/** Waits until everything that was pushed is written. */
	async settle(): Promise<void> {
		const queue = this.#queue;
		this.#queue = undefined;
		if (queue !== undefined) await this.#guard(() => queue.settle());
	}

	/** Adds to its end and waits until it is written. Throws `FileSizeError` instead of growing beyond the limit. */
	async write(chunk: Uint8Array): Promise<void> {
		refuseTooLarge(this.#sizeBytes + chunk.byteLength, this.#limit);
		// The chunk is hashed while the system writes it.
		const writing = this.#guard(() => this.#writeFully(chunk));
		this.#hash.update(chunk);
		await writing;
		this.#sizeBytes += chunk.byteLength;
	}

	/** Reads what it holds, by the open file: nobody can put another one in its place. */
	get reader(): ByteReader {
		const { size, handle } = { size: this.#sizeBytes, handle: this.#handle };
		return { size, read: (offset, length) => readAt(handle, offset, Math.min(length, size - offset)) };
	}

	/** Gives it the permissions of a finished file, where the file system knows such. */
	async setMode(fileMode: number): Promise<void> {
		try {
			await this.#handle.chmod(fileMode);
		} catch (error) {
			if (!NO_PERMISSIONS.has(systemCode(error))) throw error;
		}
	}

	/** Sees to it that everything is on the disk. */
	async flush(): Promise<void> {
		await this.settle();
		await this.#guard(() => this.#handle.sync());
	}

	/** The SHA-256 of what it holds, in hexadecimal. */
	sha256(): string {
		return this.#hash.copy().digest("hex");
	}

	/** Closes it and leaves it where it is. */
	async close(): Promise<void> {
		await this.#handle.close();
	}

	/**
	 * Closes it and removes its name. What was published under another name stays. Never fails: what
	 * cannot be removed now is collected later, and must not hide why the work ended.
	 */
	async discard(): Promise<void> {
		await this.settle().catch(() => {});
		await this.#handle.close().catch(() => {});
		await rm(this.path, { force: true }).catch(() => {});
	}

	async #guard<Result>(work: () => Promise<Result>): Promise<Result> {
		try {
			return await work();
		} catch (error) {
			this.#isDamaged = true;
			throw error;
		}
	}

	async #writeFully(chunk: Uint8Array): Promise<void> {
		for (let offset = 0; offset < chunk.byteLength; ) {
			const position = this.#sizeBytes + offset;
			const { bytesWritten } = await this.#handle.write(chunk, offset, chunk.byteLength - offset, position);
			offset += bytesWritten;
		}
	}

	/** `false` when somebody cuts it off meanwhile. */
	async #readBack(usableBytes: number, signal: AbortSignal): Promise<boolean> {
		const buffer = new Uint8Array(READ_BYTES);
		while (this.#sizeBytes < usableBytes) {
			signal.throwIfAborted();
			const wanted = Math.min(READ_BYTES, usableBytes - this.#sizeBytes);
			const { bytesRead } = await this.#handle.read(buffer, 0, wanted, this.#sizeBytes);
			if (bytesRead === 0) return false;
			this.#hash.update(buffer.subarray(0, bytesRead));
			this.#sizeBytes += bytesRead;
		}
		return true;
	}
}

async function readAt(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
	const { buffer, bytesRead } = await handle.read(new Uint8Array(length), 0, length, offset);
	return buffer.subarray(0, bytesRead);
}
