import type { FileHandle } from "node:fs/promises";

/** Waiting for the disk, beside what it is writing, there is never more than this. */
const MAXIMUM_WAITING_BYTES = 524_288;

/**
 * Writes chunks one after the other while more of them arrive: what has gathered meanwhile goes to the
 * disk in one call. A slow sender's bytes are written at once, a fast one's in large pieces.
 */
export class WriteQueue {
	readonly #handle: FileHandle;
	#position: number;
	#waiting: Uint8Array[] = [];
	#waitingBytes = 0;
	#writing: Promise<void> | undefined;
	#failure: { readonly error: unknown } | undefined;

	constructor(handle: FileHandle, position: number) {
		this.#handle = handle;
		this.#position = position;
	}

	/** Takes a chunk over, which must not be used afterwards. Waits while too much is waiting. */
	async add(chunk: Uint8Array): Promise<void> {
		this.#waiting.push(chunk);
		this.#waitingBytes += chunk.byteLength;
		this.#writing ??= this.#writeNext();
		if (this.#waitingBytes >= MAXIMUM_WAITING_BYTES) await this.#writing;
		this.#throwFailure();
	}

	/** Waits until everything is written. Throws the system's error when something could not be. */
	async settle(): Promise<void> {
		while (this.#writing !== undefined) await this.#writing;
		this.#throwFailure();
	}

	async #writeNext(): Promise<void> {
		const batch = this.#waiting;
		this.#waiting = [];
		this.#waitingBytes = 0;
		try {
			await this.#writeFully(batch);
			batch.forEach(release);
		} catch (error) {
			this.#failure ??= { error };
		}
		this.#writing = this.#waiting.length > 0 && this.#failure === undefined ? this.#writeNext() : undefined;
	}

	async #writeFully(batch: readonly Uint8Array[]): Promise<void> {
		for (let left = [...batch]; left.length > 0; ) {
			const { bytesWritten } = await this.#handle.writev(left, this.#position);
			this.#position += bytesWritten;
			left = withoutFirst(left, bytesWritten);
		}
	}

	#throwFailure(): void {
		if (this.#failure !== undefined) throw this.#failure.error;
	}
}

/** What is left of chunks of which the system took only so many bytes. */
function withoutFirst(chunks: readonly Uint8Array[], byteCount: number): Uint8Array[] {
	let skip = byteCount;
	return chunks.flatMap((chunk) => {
		const taken = Math.min(skip, chunk.byteLength);
		skip -= taken;
		return taken === chunk.byteLength ? [] : [chunk.subarray(taken)];
	});
}

/**
 * Frees the memory of a written chunk now instead of at some later collection, of which a fast download
 * leaves a hundred mebibytes to do (measured: three times the throughput). Only when the chunk is all of
 * its memory, so that nobody else can be looking at it.
 */
function release(chunk: Uint8Array): void {
	const { buffer } = chunk;
	if (buffer instanceof ArrayBuffer && chunk.byteLength === buffer.byteLength) buffer.transfer(0);
}
