/** Puts pieces one behind the other. The capacity is claimed once, so many small pieces cost no more than one. */
export class ByteWriter {
	readonly #data: Uint8Array;
	#length = 0;

	/** @param capacity The most bytes that will be written. */
	constructor(capacity: number) {
		this.#data = new Uint8Array(capacity);
	}

	write(piece: Uint8Array | readonly number[]): this {
		this.#data.set(piece, this.#length);
		this.#length += piece.length;
		return this;
	}

	/** Everything written so far. */
	bytes(): Uint8Array {
		return this.#data.subarray(0, this.#length);
	}
}
