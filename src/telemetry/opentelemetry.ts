import { createRequire } from "node:module";
import type { VideoEventSource } from "./events.ts";
import { measureEvents } from "./measure-events.ts";
import { otelMetrics } from "./otel-metrics.ts";
import { type OpenTelemetryApi, otelSpans } from "./otel-spans.ts";
import { type EventHandlers, subscribe } from "./subscribe.ts";

/**
 * Where every copy of the API package, of any version 1, keeps what an SDK has registered. Looking there
 * first means that the package is not even loaded in an application without an SDK.
 */
const REGISTRY = Symbol.for("opentelemetry.js.api.1");

/**
 * Makes spans and measurements of the events once the application has registered an OpenTelemetry SDK. Until
 * then nothing is loaded and nothing happens: each job that begins looks again.
 */
export function connectOpenTelemetry(source: VideoEventSource): void {
	connectTo("trace", source, otelSpans);
	connectTo("metrics", source, (api) => measureEvents(otelMetrics(api.metrics.getMeter("reelay"))));
}

function connectTo(
	signal: "trace" | "metrics",
	source: VideoEventSource,
	createHandlers: (api: OpenTelemetryApi) => EventHandlers,
): void {
	const connect = (): EventHandlers | undefined => {
		if (!isRegistered(signal)) return undefined;
		stop();
		const api = loadApi();
		if (api === undefined) return undefined;
		const handlers = createHandlers(api);
		subscribe(source, handlers);
		return handlers;
	};
	const stop = subscribe(source, {
		"job-created": (event) => connect()?.["job-created"]?.(event),
		"job-resumed": (event) => connect()?.["job-resumed"]?.(event),
	});
}

function isRegistered(signal: "trace" | "metrics"): boolean {
	const registry: unknown = Reflect.get(globalThis, REGISTRY);
	return typeof registry === "object" && registry !== null && Reflect.get(registry, signal) !== undefined;
}

/** An application may have an SDK that brings a copy of the package which is out of reelay's reach. */
function loadApi(): OpenTelemetryApi | undefined {
	try {
		return createRequire(import.meta.url)("@opentelemetry/api") as OpenTelemetryApi;
	} catch {
		return undefined;
	}
}
