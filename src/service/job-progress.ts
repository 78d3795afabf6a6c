import type { Job } from "../operations/index.ts";
import type { EventHub } from "../telemetry/index.ts";
import type { GenerateOptions } from "./video-request.ts";

/** Passes one job's events on to a callback; the function it returns ends that. */
export function reportProgress(job: Job, onProgress: GenerateOptions["onProgress"], events: EventHub): () => void {
	if (onProgress === undefined) return () => undefined;
	const { id: jobId } = job;
	const stops = [
		events.on("attempt-started", (event) => {
			if (event.jobId === jobId) onProgress({ jobId, model: event.model, stage: "submitting" });
		}),
		events.on("progress", ({ state, ...event }) => {
			if (event.jobId === jobId) onProgress({ ...event, stage: state });
		}),
		events.on("download-progress", (event) => {
			if (event.jobId === jobId) onProgress({ ...event, model: job.model, stage: "downloading" });
		}),
	];
	return () => {
		for (const stop of stops) stop();
	};
}
