import {
	type LabelName,
	type Labels,
	METRICS,
	type MetricDefinition,
	type MetricName,
	type MetricSink,
} from "./metrics.ts";

/** One combination of labels: a number, or how many measurements fell into each bucket, and their sum. */
interface Series {
	readonly labels: Labels;
	value: number;
	readonly buckets: number[];
	count: number;
}

/** Keeps measurements, and writes them in Prometheus' text format 0.0.4. */
export class PrometheusText implements MetricSink {
	readonly #metrics = new Map<MetricName, Map<string, Series>>();

	measure(metric: MetricName, value: number, labels: Labels): void {
		const { kind, buckets }: MetricDefinition = METRICS[metric];
		// A counter that went down would be taken for a restart.
		if (kind === "counter" && value < 0) return;
		const series = this.#series(metric, labels, buckets?.length ?? 0);
		series.value = kind === "gauge" ? value : series.value + value;
		series.count++;
		buckets?.forEach((bound, index) => {
			if (value <= bound) series.buckets[index] = (series.buckets[index] ?? 0) + 1;
		});
	}

	/** The text; ends with a line feed. */
	text(): string {
		const names = Object.keys(METRICS) as MetricName[];
		return `${names.flatMap((name) => this.#lines(name)).join("\n")}\n`;
	}

	#series(metric: MetricName, labels: Labels, buckets: number): Series {
		const all = this.#metrics.get(metric) ?? new Map<string, Series>();
		this.#metrics.set(metric, all);
		const key = labelText(labels);
		const known = all.get(key);
		if (known !== undefined) return known;
		const series = { labels, value: 0, count: 0, buckets: Array<number>(buckets).fill(0) };
		all.set(key, series);
		return series;
	}

	#lines(metric: MetricName): readonly string[] {
		const { prometheus: name, help, kind, buckets }: MetricDefinition = METRICS[metric];
		const type = kind === "up-down" ? "gauge" : kind;
		const series = [...(this.#metrics.get(metric)?.values() ?? [])];
		const samples =
			buckets === undefined
				? series.map(({ labels, value }) => `${name}${labelText(labels)} ${value}`)
				: series.flatMap((one) => histogramLines(name, one, buckets));
		return [`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${type}`, ...samples];
	}
}

function histogramLines(name: string, series: Series, bounds: readonly number[]): readonly string[] {
	const { labels, value, count, buckets } = series;
	return [
		...bounds.map((bound, index) => `${name}_bucket${labelText(labels, `${bound}`)} ${buckets[index] ?? 0}`),
		`${name}_bucket${labelText(labels, "+Inf")} ${count}`,
		`${name}_sum${labelText(labels)} ${value}`,
		`${name}_count${labelText(labels)} ${count}`,
	];
}

function labelText(labels: Labels, bucket?: string): string {
	const entries = (Object.entries(labels) as [LabelName | "le", string | undefined][]).sort(([a], [b]) =>
		a < b ? -1 : 1,
	);
	if (bucket !== undefined) entries.push(["le", bucket]);
	const pairs = entries.flatMap(([name, value]) => (value === undefined ? [] : [`${name}="${escapeValue(value)}"`]));
	return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escapeHelp(text: string): string {
	return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function escapeValue(text: string): string {
	return escapeHelp(text).replaceAll('"', '\\"');
}
