import type { VideoAsset } from "./video-asset.ts";

/**
 * Why the service says an operation ended without a video. `refused`: its content rules. `invalid`:
 * it cannot do what was asked. `internal`: it broke. `expired`: it gave up or forgot. `cancelled`:
 * somebody stopped it.
 */
export type FailureKind = "refused" | "invalid" | "internal" | "expired" | "cancelled";

/** Whether money was, or may have been, taken. */
export type Billed = "no" | "yes" | "unknown";

/**
 * The service's own verdict on an operation. A transport error is not a status: it is thrown, and
 * the core looks again later.
 */
export type OperationStatus =
	| {
			/** `queued` waits for a machine, `running` is on one. */
			readonly state: "queued" | "running";
			/** Share done, 0 to 1, only when the service measures it. */
			readonly progress?: number;
			/** Operations ahead of this one; 0 is next. */
			readonly queuePosition?: number;
			/** When the service wants to be asked again, in milliseconds. The core bounds it. */
			readonly pollAfterMs?: number;
			/** The last line of the service's own log, if it gives one. */
			readonly message?: string;
	  }
	| {
			readonly state: "succeeded";
			/** At least one asset; the first is the result. */
			readonly assets: readonly [VideoAsset, ...VideoAsset[]];
			/** What the service says it charged, in US dollars. */
			readonly costUsd?: number;
			/** Things the user should know, for example that some of the samples were filtered. */
			readonly warnings?: readonly string[];
	  }
	| {
			readonly state: "failed";
			readonly kind: FailureKind;
			/** The service's reason in its own words, without secrets. */
			readonly reason: string;
			/** Only `"no"` lets the core go on to another model by itself. */
			readonly billed: Billed;
			/** The error underneath, when there is one; the core keeps only its safe parts. */
			readonly cause?: unknown;
			/** What the service charged for the failure, in US dollars. */
			readonly costUsd?: number;
	  };
