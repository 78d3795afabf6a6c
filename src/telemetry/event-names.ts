import type { VideoEventName } from "./events.ts";

/** Every event, in the order of a job's life. */
export const EVENT_NAMES: readonly VideoEventName[] = Object.keys({
	"job-created": true,
	"job-resumed": true,
	"attempt-started": true,
	"attempt-ended": true,
	progress: true,
	"generation-ended": true,
	"download-started": true,
	"download-progress": true,
	"download-ended": true,
	warning: true,
	"job-detached": true,
	"job-ended": true,
	"batch-progress": true,
	"breaker-changed": true,
} satisfies { readonly [Name in VideoEventName]: true }) as VideoEventName[];
