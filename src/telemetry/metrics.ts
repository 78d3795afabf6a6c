/** One thing that is measured. Names and units follow the conventions of both systems. */
export interface MetricDefinition {
	readonly kind: "counter" | "up-down" | "gauge" | "histogram";
	/** The name in Prometheus' text. */
	readonly prometheus: string;
	/** The name in OpenTelemetry. */
	readonly openTelemetry: string;
	/** In the UCUM notation that OpenTelemetry uses. */
	readonly unit: string;
	readonly help: string;
	/** Upper bounds of a histogram's buckets, in the unit. */
	readonly buckets?: readonly number[];
}

/** From a renderer on this machine to a long clip in a busy queue. The conventions' own end at 82 s. */
const GENERATION_BUCKETS = [1, 2, 5, 10, 20, 30, 60, 90, 120, 180, 300, 600, 1_200, 1_800, 3_600];

/** Everything that is measured. */
export const METRICS = {
	jobs: {
		kind: "counter",
		prometheus: "reelay_jobs_total",
		openTelemetry: "reelay.jobs",
		unit: "{job}",
		help: "Jobs that reached their end, by the state they ended in.",
	},
	inFlight: {
		kind: "up-down",
		prometheus: "reelay_jobs_in_flight",
		openTelemetry: "reelay.jobs.in_flight",
		unit: "{job}",
		help: "Jobs that this process is working on or waiting for.",
	},
	attempts: {
		kind: "counter",
		prometheus: "reelay_submissions_total",
		openTelemetry: "reelay.submissions",
		unit: "{submission}",
		help: "Submissions by outcome. With the outcome skipped nothing was sent.",
	},
	generation: {
		kind: "histogram",
		prometheus: "reelay_generation_duration_seconds",
		openTelemetry: "gen_ai.client.operation.duration",
		unit: "s",
		help: "From the acceptance until the video was noticed to be done, or to have failed.",
		buckets: GENERATION_BUCKETS,
	},
	downloads: {
		kind: "counter",
		prometheus: "reelay_downloads_total",
		openTelemetry: "reelay.downloads",
		unit: "{download}",
		help: "Attempts to fetch a finished video. One that failed has lost nothing.",
	},
	downloadedBytes: {
		kind: "counter",
		prometheus: "reelay_downloaded_bytes_total",
		openTelemetry: "reelay.downloaded",
		unit: "By",
		help: "Bytes of the videos that are in place.",
	},
	cost: {
		kind: "counter",
		prometheus: "reelay_cost_usd_total",
		openTelemetry: "reelay.cost",
		unit: "{USD}",
		help: "What finished videos cost in US dollars: as the service said, or estimated from the list price.",
	},
	breaker: {
		kind: "gauge",
		prometheus: "reelay_breaker_state",
		openTelemetry: "reelay.breaker.state",
		unit: "1",
		help: "Whether calls are made: 0 closed (yes), 1 half-open (one is tried), 2 open (no).",
	},
	quarantines: {
		kind: "counter",
		prometheus: "reelay_quarantines_total",
		openTelemetry: "reelay.quarantines",
		unit: "{quarantine}",
		help: "Times that a provider was left alone because of its key or its account.",
	},
} as const satisfies Readonly<Record<string, MetricDefinition>>;

/** The key of a metric in the table. */
export type MetricName = keyof typeof METRICS;

/** What a measurement may be told apart by. Never a job's id, a prompt, or a message. */
export type LabelName = "provider" | "model" | "outcome" | "error" | "stage" | "source" | "reason";

/** The labels of one measurement. */
export type Labels = Readonly<Partial<Record<LabelName, string | undefined>>>;

/** Takes measurements: adds to a counter, sets a gauge, records in a histogram. */
export interface MetricSink {
	measure(metric: MetricName, value: number, labels: Labels): void;
}
