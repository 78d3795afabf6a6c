/** Events, and what is made of them: logs, metrics, traces. The only folder that knows of OpenTelemetry. */

export { createMetrics, type Metrics } from "./create-metrics.ts";
export { estimateProgress, type ProgressEstimate } from "./estimate-progress.ts";
export { EventHub } from "./event-hub.ts";
export type { VideoEventListener, VideoEventName, VideoEventSource, VideoEvents } from "./events.ts";
export { type JobEventRecord, jobEvents } from "./job-events.ts";
export { type Logger, stderrLogger } from "./logger.ts";
export { connectOpenTelemetry } from "./opentelemetry.ts";
