import { describe, expect, it } from "vitest";
import { ConfigurationError } from "../../src/errors/index.ts";
import { createMetrics, EventHub } from "../../src/telemetry/index.ts";
import { PrometheusText } from "../../src/telemetry/prometheus-text.ts";
import { parsePrometheus } from "./parse-prometheus.ts";
import { jobSteps, recordingLogger } from "./support.ts";

describe("the metrics of a service", () => {
	it("count submissions, generations, downloads, bytes, cost and ends, by model", () => {
		const { hub, samples } = newMetrics();
		for (const [name, event] of jobSteps("falls back")) hub.emit(name, event as never);
		expect(samples()).toMatchObject({
			'reelay_submissions_total{error="quota_exceeded",model="zero",outcome="skipped",provider="fake"}': 1,
			'reelay_submissions_total{model="one",outcome="accepted",provider="fake"}': 1,
			'reelay_submissions_total{model="two",outcome="accepted",provider="other"}': 1,
			'reelay_generation_duration_seconds_count{error="content_refused",model="one",provider="fake"}': 1,
			'reelay_generation_duration_seconds_sum{model="two",provider="other"}': 65,
			'reelay_generation_duration_seconds_bucket{model="two",provider="other",le="60"}': 0,
			'reelay_generation_duration_seconds_bucket{model="two",provider="other",le="90"}': 1,
			'reelay_generation_duration_seconds_bucket{model="two",provider="other",le="+Inf"}': 1,
			'reelay_downloads_total{model="two",outcome="saved",provider="other"}': 1,
			'reelay_downloaded_bytes_total{model="two",provider="other"}': 1_234,
			'reelay_cost_usd_total{model="two",provider="other",source="service"}': 0.4,
			'reelay_jobs_total{model="two",outcome="succeeded",provider="other"}': 1,
			reelay_jobs_in_flight: 0,
		});
	});

	it("say how many jobs are in flight: from the start, once each, until they end or nobody waits", () => {
		const { hub, samples } = newMetrics();
		const inFlight = () => samples()["reelay_jobs_in_flight"];
		const task = "text-to-video";
		expect(inFlight()).toBe(0);
		hub.emit("job-created", { jobId: "a", task, models: [] });
		hub.emit("job-resumed", { jobId: "a", task, model: "fake:one", state: "running" });
		hub.emit("job-resumed", { jobId: "b", task, model: "fake:one", state: "running" });
		expect(inFlight()).toBe(2);
		hub.emit("job-detached", { jobId: "a", state: "running" });
		hub.emit("job-detached", { jobId: "a", state: "running" });
		hub.emit("job-ended", { jobId: "unheard of", state: "failed", errorCode: "provider_error" });
		expect(inFlight()).toBe(1);
		hub.emit("job-ended", { jobId: "b", state: "cancelled", errorCode: "cancelled" });
		expect(inFlight()).toBe(0);
	});

	it("count a job in the process that brought it to its end, and in no other", () => {
		const { hub, samples } = newMetrics();
		hub.emit("job-resumed", { jobId: "a", task: "text-to-video", model: "fake:one", state: "running" });
		hub.emit("job-ended", { jobId: "a", state: "succeeded", model: "fake:one", elsewhere: true });
		expect(samples()).toEqual({ reelay_jobs_in_flight: 0 });
	});

	it("tell the state of each breaker, and count quarantines", () => {
		const { hub, samples } = newMetrics();
		const name = 'reelay_breaker_state{model="one",provider="fake",stage="submit"}';
		for (const [state, value] of [
			["open", 2],
			["half-open", 1],
			["closed", 0],
		] as const) {
			hub.emit("breaker-changed", { provider: "fake", model: "fake:one", stage: "submit", state });
			expect(samples()[name]).toBe(value);
		}
		hub.emit("breaker-changed", { provider: "fake", state: "quarantined", reason: "payment" });
		expect(samples()['reelay_quarantines_total{provider="fake",reason="payment"}']).toBe(1);
	});

	it("have a bounded number of series, and no label that is a job or a message", () => {
		const { hub, metrics, samples } = newMetrics();
		for (let index = 0; index < 1_000; index++) {
			const jobId = `job_${index}`;
			hub.emit("job-created", { jobId, task: "text-to-video", models: [`fake:${index}`] });
			hub.emit("warning", { jobId, message: `a word of the prompt ${index}` });
			const attempt = {
				model: `fake:${index}`,
				outcome: "rejected",
				billed: "no",
				reason: `because ${index}`,
			} as const;
			hub.emit("attempt-ended", { jobId, attempt });
			hub.emit("job-ended", { jobId, state: "failed", errorCode: `code_${index}`, model: `fake:${index}` });
		}
		const submissions = Object.entries(samples()).filter(([name]) => name.startsWith("reelay_submissions_total"));
		expect(submissions).toHaveLength(101);
		expect(samples()['reelay_submissions_total{model="other",outcome="rejected",provider="fake"}']).toBe(900);
		expect(submissions.reduce((sum, [, value]) => sum + value, 0)).toBe(1_000);
		expect(metrics.text()).not.toMatch(/job_\d|prompt|because \d/);
		expect(Object.keys(samples()).length).toBeLessThan(250);
	});

	it("stop when they are told to", () => {
		const { hub, metrics, samples } = newMetrics();
		metrics.stop();
		for (const [name, event] of jobSteps("succeeds")) hub.emit(name, event as never);
		expect(samples()).toEqual({ reelay_jobs_in_flight: 0 });
	});

	it.each([null, undefined, {}, "videos"])("need a service: %j is refused", (videos) => {
		expect(() => createMetrics(videos as never)).toThrow(ConfigurationError);
	});
});

describe("Prometheus' text", () => {
	it("has the help and the type of every metric before its samples, and ends with a line feed", () => {
		const { hub, metrics } = newMetrics();
		for (const [name, event] of jobSteps("falls back")) hub.emit(name, event as never);
		expect(metrics.contentType).toBe("text/plain; version=0.0.4; charset=utf-8");
		const text = metrics.text();
		expect(text.endsWith("\n")).toBe(true);
		expect(text).toContain(
			"# HELP reelay_submissions_total Submissions by outcome. With the outcome skipped nothing was sent.\n" +
				"# TYPE reelay_submissions_total counter\n" +
				'reelay_submissions_total{error="quota_exceeded",model="zero",outcome="skipped",provider="fake"} 1\n',
		);
		const { types } = parsePrometheus(text);
		expect(types).toMatchObject({
			reelay_jobs_total: "counter",
			reelay_jobs_in_flight: "gauge",
			reelay_breaker_state: "gauge",
			reelay_generation_duration_seconds: "histogram",
		});
	});

	it("escapes what would end a label", () => {
		const { hub, metrics, samples } = newMetrics();
		const model = 'a"b\\c\nd} 1';
		hub.emit("attempt-ended", { jobId: "a", attempt: { model: `fake:${model}`, outcome: "accepted", billed: "yes" } });
		expect(metrics.text()).toContain('model="a\\"b\\\\c\\nd} 1"');
		const { labels } = parsePrometheus(metrics.text());
		expect(labels).toContainEqual({ model, outcome: "accepted", provider: "fake" });
		expect(samples()['reelay_submissions_total{model="a\\"b\\\\c\\nd} 1",outcome="accepted",provider="fake"}']).toBe(1);
	});

	it("counts what lies on a bucket's bound into it, and lets no counter go down", () => {
		const registry = new PrometheusText();
		for (const seconds of [1, 1.5, 2, 5_000]) registry.measure("generation", seconds, {});
		registry.measure("cost", 1, {});
		registry.measure("cost", -5, {});
		expect(parsePrometheus(registry.text()).samples).toMatchObject({
			'reelay_generation_duration_seconds_bucket{le="1"}': 1,
			'reelay_generation_duration_seconds_bucket{le="2"}': 3,
			'reelay_generation_duration_seconds_bucket{le="3600"}': 3,
			'reelay_generation_duration_seconds_bucket{le="+Inf"}': 4,
			reelay_generation_duration_seconds_count: 4,
			reelay_generation_duration_seconds_sum: 5_004.5,
			reelay_cost_usd_total: 1,
		});
	});

	it("leaves out measurements that are no numbers", () => {
		const { hub, metrics } = newMetrics();
		hub.emit("generation-ended", { jobId: "a", model: "fake:one", generationMs: Number.NaN });
		hub.emit("job-ended", {
			jobId: "a",
			state: "succeeded",
			cost: { usd: Number.POSITIVE_INFINITY, source: "service" },
		});
		expect(metrics.text()).not.toMatch(/NaN|Inf/);
	});
});

function newMetrics() {
	const hub = new EventHub(recordingLogger().logger);
	const metrics = createMetrics(hub);
	return { hub, metrics, samples: () => parsePrometheus(metrics.text()).samples };
}
