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
	// What the callback returns is passed on: an asynchronous one that rejects is caught where listeners are called.
	const stops = [
		events.on("attempt-started", (event) => {
			if (event.jobId !== jobId) return;
			current = event.model;
			return onProgress({ jobId, model: current, stage: "submitting" });
		}),
		events.on("progress", ({ state, ...event }) => {
			if (event.jobId === jobId) return onProgress({ ...event, stage: state });
		}),
		events.on("download-progress", (event) => {
			if (event.jobId === jobId) return onProgress({ ...event, model: current, stage: "downloading" });
		}),
	];
	return () => {
		for (const stop of stops) stop();
	};
}
