import type { FileHandle } from "node:fs/promises";

/** About as much waits for the disk, beside what it is writing. Half of it took a fast gibibyte 8 % longer. */
const MAXIMUM_WAITING_BYTES = 1_048_576;
/** Between two flushes while more arrives. Eight times that took a fast gibibyte 8 % longer, only one at the end 20 %. */
const FLUSH_EVERY_BYTES = 8_388_608;

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
	#unflushedBytes = 0;
	#flushing: Promise<void> | undefined;
	#failure: { readonly error: unknown } | undefined;

	constructor(handle: FileHandle, position: number) {
		this.#handle = handle;
		this.#position = position;
	}

	/**
	 * Takes a chunk over, which must not be used afterwards. Returns a promise when too much is waiting, to
	 * be awaited before the next chunk. Throws the system's error when an earlier write failed.
	 */
	add(chunk: Uint8Array): Promise<void> | undefined {
		this.#throwFailure();
		this.#waiting.push(chunk);
		this.#waitingBytes += chunk.byteLength;
		this.#writing ??= this.#writeNext();
		return this.#waitingBytes >= MAXIMUM_WAITING_BYTES ? this.#writing : undefined;
	}

	/** Waits until everything is written. Throws the system's error when something could not be. */
	async settle(): Promise<void> {
		while (this.#writing !== undefined) await this.#writing;
		await this.#flushing;
		this.#throwFailure();
	}

	async #writeNext(): Promise<void> {
		const batch = this.#waiting;
		this.#waiting = [];
		this.#waitingBytes = 0;
		try {
			await this.#writeFully(batch);
			batch.forEach(release);
			this.#flushSome();
		} catch (error) {
			this.#failure ??= { error };
		}
		this.#writing = this.#waiting.length > 0 && this.#failure === undefined ? this.#writeNext() : undefined;
	}

	async #writeFully(batch: readonly Uint8Array[]): Promise<void> {
		for (let left = [...batch]; left.length > 0; ) {
			const { bytesWritten } = await this.#handle.writev(left, this.#position);
			this.#position += bytesWritten;
			this.#unflushedBytes += bytesWritten;
			left = withoutFirst(left, bytesWritten);
		}
	}

	/** Sends to the disk, while more arrives, what the flush at the end would have to wait for. */
	#flushSome(): void {
		if (this.#unflushedBytes < FLUSH_EVERY_BYTES || this.#flushing !== undefined) return;
		this.#unflushedBytes = 0;
		this.#flushing = this.#handle.datasync().then(
			() => {
				this.#flushing = undefined;
			},
			(error: unknown) => {
				this.#failure ??= { error };
			},
		);
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
