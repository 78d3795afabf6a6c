import { ConfigurationError } from "../errors/index.ts";
import type { VideoEventSource } from "./events.ts";
import { measureEvents } from "./measure-events.ts";
import { PrometheusText } from "./prometheus-text.ts";
import { subscribe } from "./subscribe.ts";

/** What a service has done since the metrics were made, for Prometheus to collect. */
export interface Metrics {
	/** The media type to answer with. */
	readonly contentType: "text/plain; version=0.0.4; charset=utf-8";
	/** Everything measured so far, in Prometheus' text format. No label is a job's id or a prompt. */
	text(): string;
	/** Stops measuring. */
	stop(): void;
}

/**
 * Counts what a service does, for applications without an OpenTelemetry SDK. Make one for each service,
 * before its first job. Throws `ConfigurationError` when `videos` is no service.
 */
export function createMetrics(videos: VideoEventSource): Metrics {
	if (typeof videos?.on !== "function") {
		throw new ConfigurationError("createMetrics: takes a video service; pass what createVideoService gave");
	}
	const registry = new PrometheusText();
	const stop = subscribe(videos, measureEvents(registry));
	return { contentType: "text/plain; version=0.0.4; charset=utf-8", text: () => registry.text(), stop };
}
