import { splitReference } from "./gen-ai.ts";
import type { LabelName, Labels, MetricName, MetricSink } from "./metrics.ts";
import type { EventHandlers } from "./subscribe.ts";

/** More values of one label are counted together: a model's name may come from whoever asks. */
const MAXIMUM_VALUES = 100;
const OTHER = "other";

const BREAKER_STATES = { closed: 0, "half-open": 1, open: 2 } as const;

/** Turns events into measurements. */
export function measureEvents(sink: MetricSink): EventHandlers {
	const inFlight = new Set<string>();
	const known = new Map<LabelName, Set<string>>();

	function bounded(labels: Labels): Labels {
		const entries = Object.entries(labels) as [LabelName, string | undefined][];
		return Object.fromEntries(
			entries.map(([name, value]) => {
				if (value === undefined) return [name, value];
				const values = known.get(name) ?? new Set();
				known.set(name, values);
				if (values.size < MAXIMUM_VALUES) values.add(value);
				return [name, values.has(value) ? value : OTHER];
			}),
		);
	}

	function measure(metric: MetricName, value: number, labels: Labels): void {
		if (Number.isFinite(value)) sink.measure(metric, value, bounded(labels));
	}

	function enter({ jobId }: { readonly jobId: string }): void {
		if (inFlight.has(jobId)) return;
		inFlight.add(jobId);
		measure("inFlight", 1, {});
	}

	function leave({ jobId }: { readonly jobId: string }): void {
		if (inFlight.delete(jobId)) measure("inFlight", -1, {});
	}

	measure("inFlight", 0, {});
	return {
		"job-created": enter,
		"job-resumed": enter,
		"job-detached": leave,
		"attempt-ended": ({ attempt: { model, outcome, errorCode } }) =>
			measure("attempts", 1, { ...splitReference(model), outcome, error: errorCode }),
		"generation-ended": ({ model, generationMs, errorCode }) =>
			measure("generation", generationMs / 1_000, { ...splitReference(model), error: errorCode }),
		"download-ended": ({ model, sizeBytes, errorCode }) => {
			const outcome = sizeBytes === undefined ? "failed" : "saved";
			measure("downloads", 1, { ...splitReference(model), outcome, error: errorCode });
			if (sizeBytes !== undefined) measure("downloadedBytes", sizeBytes, splitReference(model));
		},
		"job-ended": (event) => {
			leave(event);
			const { state: outcome, model, errorCode, cost, elsewhere } = event;
			// Each job counts in one process, so that a fleet's numbers add up.
			if (elsewhere === true) return;
			const labels = model === undefined ? {} : splitReference(model);
			measure("jobs", 1, { ...labels, outcome, error: errorCode });
			if (cost !== undefined) measure("cost", cost.usd, { ...labels, source: cost.source });
		},
		"breaker-changed": ({ provider, model, stage, state, reason }) => {
			if (state === "quarantined") measure("quarantines", 1, { provider, reason });
			else if (model !== undefined) measure("breaker", BREAKER_STATES[state], { ...splitReference(model), stage });
		},
	};
}
