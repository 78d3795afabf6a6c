import { MediaError } from "../errors/index.ts";
import { describeBytes, SNIFF_BYTES, sniffVideo } from "../media/index.ts";
import type { Billed } from "../provider/index.ts";
import { formatBytes } from "./format-bytes.ts";
import type { NetworkLimits } from "./network-limits.ts";
import { COSTS_NOTHING } from "./save-error.ts";
import type { Timing } from "./timing.ts";
import { TransferFailure } from "./transfer-failure.ts";

/** The error for something that is no video, named by its first bytes, of which it repeats none. */
export function noVideo(head: Uint8Array, { billed }: { readonly billed: Billed }): MediaError {
	const found = head.byteLength === 0 ? "an empty file" : describeBytes(head);
	return new MediaError(`the service sent ${found} instead of a video; ${COSTS_NOTHING}`, { billed, retryable: true });
}

/** Looks at the first bytes of a body before the rest is fetched. */
export class HeadCheck {
	readonly #context: { readonly billed: Billed };
	#head: Uint8Array = new Uint8Array();
	#isDone: boolean;

	/** `startBytes`: how much is here from an earlier request, and was looked at then. */
	constructor(startBytes: number, context: { readonly billed: Billed }) {
		this.#context = context;
		this.#isDone = startBytes > 0;
	}

	/** Throws `MediaError` as soon as it is clear that this is no video. */
	add(chunk: Uint8Array): void {
		if (this.#isDone) return;
		this.#head = Buffer.concat([this.#head, chunk.subarray(0, SNIFF_BYTES)]);
		if (this.#head.byteLength >= SNIFF_BYTES) this.finish();
	}

	/** Looks at what there is. */
	finish(): void {
		if (!this.#isDone && sniffVideo(this.#head) === undefined) throw noVideo(this.#head, this.#context);
		this.#isDone = true;
	}
}

/** Ends a transfer that trickles: each byte is in time, yet all of them never would be. */
export class RateCheck {
	readonly #network: { readonly limits: NetworkLimits; readonly timing: Timing };
	#windowBytes: number;
	#windowMs: number;

	constructor(startBytes: number, { network }: { readonly network: { limits: NetworkLimits; timing: Timing } }) {
		this.#network = network;
		this.#windowBytes = startBytes;
		this.#windowMs = network.timing.now();
	}

	/** Throws `TransferFailure` when too little came over a whole window. */
	check(receivedBytes: number): void {
		const { limits, timing } = this.#network;
		const elapsedMs = timing.now() - this.#windowMs;
		if (limits.minBytesPerSecond === 0 || elapsedMs < limits.rateWindowMs) return;
		if (receivedBytes - this.#windowBytes < (limits.minBytesPerSecond * elapsedMs) / 1_000) {
			throw new TransferFailure(`sends less than ${formatBytes(limits.minBytesPerSecond)} a second`, "retry");
		}
		this.#windowBytes = receivedBytes;
		this.#windowMs += elapsedMs;
	}
}
