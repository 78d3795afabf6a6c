import { MediaError, type VideoErrorDetails } from "../errors/index.ts";
import type { ByteReader } from "./byte-reader.ts";
import { throwIfCancelled } from "./cancelled.ts";

/** The largest piece that one step reads. Headers are near each other in an index, so one read serves many. */
export const WINDOW_BYTES = 16 * 1024;
/** An hour of fragments stays well below; a file made of empty boxes would keep us busy for hours. */
const MAXIMUM_STEPS = 250_000;

/** Reads headers of a container one after the other, with bounds on time and memory. */
export class ContainerWalk {
	readonly size: number;
	readonly #reader: ByteReader;
	readonly #signal: AbortSignal | undefined;
	readonly #details: VideoErrorDetails | undefined;
	#window: Uint8Array = new Uint8Array(0);
	#windowOffset = 0;
	#steps = 0;

	constructor(reader: ByteReader, signal: AbortSignal | undefined, details: VideoErrorDetails | undefined) {
		this.size = reader.size;
		this.#reader = reader;
		this.#signal = signal;
		this.#details = details;
	}

	/**
	 * Up to `length` bytes (at most `WINDOW_BYTES`) from `offset`; fewer only where the file ends. Each call
	 * is one step, and the steps of a walk are counted.
	 */
	async read(offset: number, length: number): Promise<Uint8Array> {
		this.#steps += 1;
		if (this.#steps > MAXIMUM_STEPS) this.fail("the video has an absurd number of parts");
		const windowEnd = this.#windowOffset + this.#window.length;
		const isInside = offset >= this.#windowOffset && offset + length <= windowEnd;
		if (!isInside && offset < this.size) {
			throwIfCancelled(this.#signal, "media");
			this.#window = await this.#reader.read(offset, Math.max(length, WINDOW_BYTES));
			this.#windowOffset = offset;
		}
		const start = offset - this.#windowOffset;
		return this.#window.subarray(start, start + length);
	}

	/** Throws `MediaError`. */
	fail(message: string): never {
		throw new MediaError(message, this.#details);
	}

	/** Throws `MediaError` for a file that ends too early. `neededBytes` is how long it says that it is, if it does. */
	failCutOff(neededBytes?: number): never {
		const whole = neededBytes === undefined ? "" : ` of at least ${neededBytes}`;
		this.fail(`the video is cut off after ${this.size}${whole} bytes; download it again`);
	}
}
