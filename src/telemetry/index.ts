/** Events and logs. */
export { EventHub, type VideoEventListener, type VideoEventName, type VideoEvents } from "./events.ts";
export { type JobEventRecord, jobEvents } from "./job-events.ts";
export { type Logger, stderrLogger } from "./logger.ts";
