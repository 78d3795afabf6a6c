/** Many videos at once: what came of each, in order, and nothing that was paid for is lost. */
export type { BatchItem, CallOptions } from "./batch-item.ts";
export type { BatchMeans } from "./batch-means.ts";
export { type BatchOptions, type BatchProgress, type BatchSettings, DEFAULT_CONCURRENCY } from "./batch-options.ts";
export type { BatchEntry, BatchFailure, BatchResult, BatchSuccess } from "./batch-result.ts";
export type { BatchSource } from "./batch-run.ts";
export { fillIndex, sharedOutputs } from "./item-output.ts";
export { runBatch, streamBatch } from "./run-batch.ts";
