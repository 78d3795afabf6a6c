import type { Attributes, Meter } from "@opentelemetry/api";
import { GEN_AI, GENERATE_CONTENT, genAiProvider } from "./gen-ai.ts";
import {
	type LabelName,
	type Labels,
	METRICS,
	type MetricDefinition,
	type MetricName,
	type MetricSink,
} from "./metrics.ts";

const ATTRIBUTES: Readonly<Record<LabelName, string>> = {
	provider: GEN_AI.provider,
	model: GEN_AI.model,
	error: GEN_AI.error,
	outcome: "reelay.outcome",
	stage: "reelay.stage",
	source: "reelay.cost.source",
	reason: "reelay.reason",
};

type Instrument = (value: number, attributes: Attributes) => void;

/** Hands measurements to an OpenTelemetry meter. */
export function otelMetrics(meter: Meter): MetricSink {
	const instruments = Object.fromEntries(
		Object.entries(METRICS).map(([name, metric]) => [name, createInstrument(meter, metric)]),
	) as Record<MetricName, Instrument>;
	return {
		measure(metric, value, labels) {
			const operation = metric === "generation" ? { [GEN_AI.operation]: GENERATE_CONTENT } : {};
			instruments[metric](value, { ...operation, ...attributesOf(labels) });
		},
	};
}

function createInstrument(meter: Meter, metric: MetricDefinition): Instrument {
	const { kind, openTelemetry: name, unit, help: description, buckets } = metric;
	const options = { unit, description };
	switch (kind) {
		case "counter": {
			const counter = meter.createCounter(name, options);
			return (value, attributes) => counter.add(value, attributes);
		}
		case "up-down": {
			const counter = meter.createUpDownCounter(name, options);
			return (value, attributes) => counter.add(value, attributes);
		}
		case "gauge": {
			const gauge = meter.createGauge(name, options);
			return (value, attributes) => gauge.record(value, attributes);
		}
		case "histogram": {
			const advice = { explicitBucketBoundaries: [...(buckets ?? [])] };
			const histogram = meter.createHistogram(name, { ...options, advice });
			return (value, attributes) => histogram.record(value, attributes);
		}
	}
}

function attributesOf(labels: Labels): Attributes {
	const entries = Object.entries(labels) as [LabelName, string | undefined][];
	return Object.fromEntries(
		entries.flatMap(([name, value]) => {
			if (value === undefined) return [];
			return [[ATTRIBUTES[name], name === "provider" ? genAiProvider(value) : value]];
		}),
	);
}
