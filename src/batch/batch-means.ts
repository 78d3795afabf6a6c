import type { VideoResult } from "../operations/index.ts";
import type { Clock } from "../policies/index.ts";
import type { Logger } from "../telemetry/index.ts";
import type { BatchProgress } from "./batch-options.ts";

/** What a batch is worked on with. */
export interface BatchMeans<Request, Options> {
	/** Makes one video, and rejects with a `VideoError` otherwise. */
	readonly generate: (request: Request, options: Options) => Promise<VideoResult>;
	/** The providers of an item's chain, in order; none when they are not known. What it throws ends the item. */
	readonly providersOf: (request: Request, options: Options) => readonly string[];
	/** Throws `InputError` for options that no call takes. */
	readonly checkOptions: (options: unknown) => unknown;
	/** Times the whole. */
	readonly clock: Pick<Clock, "monotonic">;
	/** Told what a listener threw. */
	readonly logger: Pick<Logger, "error">;
	/** Aborted when the service closes. */
	readonly closing?: AbortSignal | undefined;
	/** Tells everybody how far the batch is. Never throws. */
	readonly announce?: ((progress: BatchProgress) => void) | undefined;
}
