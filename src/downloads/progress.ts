import type { Timing } from "./timing.ts";

/** How far a download is. */
export interface DownloadProgress {
	/** What is on this machine, in bytes, with what an earlier try had fetched. */
	readonly receivedBytes: number;
	/** The size of the video, in bytes, where the service told. */
	readonly totalBytes?: number;
	/** The rate of the last seconds. */
	readonly bytesPerSecond: number;
	/** What the rest will take at that rate, in milliseconds, where the size is known. */
	readonly remainingMs?: number;
}

/** Who is told. */
export interface ProgressListener {
	readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
	readonly network: { readonly timing: Timing };
}

const INTERVAL_MS = 100;
/** The rate forgets what is older than about this. */
const MEMORY_MS = 3_000;

/** Tells a listener how far a download is, at most ten times a second. */
export class ProgressMeter {
	readonly #listener: ProgressListener;
	readonly #totalBytes: number | undefined;
	#lastBytes: number;
	#lastMs: number;
	#bytesPerMs: number | undefined;

	constructor(listener: ProgressListener, totalBytes?: number, startBytes = 0) {
		this.#listener = listener;
		this.#totalBytes = totalBytes;
		this.#lastBytes = startBytes;
		this.#lastMs = listener.network.timing.now();
	}

	/** Takes note of how much there is, and tells when it is time to. */
	update(receivedBytes: number): void {
		if (this.#listener.network.timing.now() - this.#lastMs >= INTERVAL_MS) this.finish(receivedBytes);
	}

	/** Tells at once. */
	finish(receivedBytes: number): void {
		const nowMs = this.#listener.network.timing.now();
		const elapsedMs = Math.max(nowMs - this.#lastMs, 1);
		const rate = (receivedBytes - this.#lastBytes) / elapsedMs;
		const weight = this.#bytesPerMs === undefined ? 1 : 1 - Math.exp(-elapsedMs / MEMORY_MS);
		this.#bytesPerMs = (this.#bytesPerMs ?? 0) * (1 - weight) + rate * weight;
		this.#lastBytes = receivedBytes;
		this.#lastMs = nowMs;
		this.#tell(receivedBytes, this.#bytesPerMs);
	}

	#tell(receivedBytes: number, bytesPerMs: number): void {
		const totalBytes = this.#totalBytes;
		const progress = { receivedBytes, bytesPerSecond: Math.round(bytesPerMs * 1_000) };
		try {
			if (totalBytes === undefined) this.#listener.onProgress?.(progress);
			else if (bytesPerMs <= 0) this.#listener.onProgress?.({ ...progress, totalBytes });
			else {
				const remainingMs = Math.ceil((totalBytes - receivedBytes) / bytesPerMs);
				this.#listener.onProgress?.({ ...progress, totalBytes, remainingMs });
			}
		} catch {
			// A listener must never harm a download that was paid for.
		}
	}
}
