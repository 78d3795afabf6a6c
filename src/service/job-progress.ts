import type { EventHub } from "../telemetry/index.ts";
import type { GenerateOptions } from "./video-request.ts";

/**
 * Passes one job's events on to a callback; the function it returns ends that. `model` is the one that has
 * the job, as far as it is known.
 */
export function reportProgress(
	jobId: string,
	model: string,
	onProgress: GenerateOptions["onProgress"],
	events: EventHub,
): () => void {
	if (onProgress === undefined) return () => undefined;
	let current = model;
	const stops = [
		events.on("attempt-started", (event) => {
			if (event.jobId !== jobId) return;
			current = event.model;
			onProgress({ jobId, model: current, stage: "submitting" });
		}),
		events.on("progress", ({ state, ...event }) => {
			if (event.jobId === jobId) onProgress({ ...event, stage: state });
		}),
		events.on("download-progress", (event) => {
			if (event.jobId === jobId) onProgress({ ...event, model: current, stage: "downloading" });
		}),
	];
	return () => {
		for (const stop of stops) stop();
	};
}
