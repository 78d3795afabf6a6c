import { context, metrics, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
	AggregationTemporality,
	InMemoryMetricExporter,
	MeterProvider,
	PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterEach, describe, expect, it } from "vitest";
import { connectOpenTelemetry, EventHub } from "../../src/telemetry/index.ts";
import { jobSteps, recordingLogger, type Step } from "./support.ts";

const task = "text-to-video";

afterEach(() => {
	trace.disable();
	metrics.disable();
	context.disable();
});

describe("spans", () => {
	it("are one a job, with one for each attempt, its generation, and each download below it", () => {
		const spans = registerTracing();
		announce(newHub(), jobSteps("falls back"));
		expect(treeOf(spans.getFinishedSpans())).toEqual([
			"text-to-video",
			"  generate_content one",
			"    generation",
			"  generate_content two",
			"    generation",
			"  download",
		]);
	});

	it("follow the conventions for generative AI, and say how each part ended", () => {
		const spans = registerTracing();
		announce(newHub(), jobSteps("falls back"));
		const finished = spans.getFinishedSpans();
		expect(spanOf(finished, "generate_content one")).toMatchObject({
			kind: SpanKind.CLIENT,
			status: { code: SpanStatusCode.ERROR },
			attributes: {
				"gen_ai.operation.name": "generate_content",
				"gen_ai.provider.name": "fake",
				"gen_ai.request.model": "one",
				"gen_ai.output.type": "video",
				"error.type": "content_refused",
				"reelay.billed": "yes",
			},
		});
		expect(spanOf(finished, "generate_content two")).toMatchObject({
			status: { code: SpanStatusCode.UNSET },
			attributes: { "gen_ai.provider.name": "other", "reelay.outcome": "accepted", "reelay.generation.duration": 65 },
		});
		expect(spanOf(finished, "download").attributes).toMatchObject({ "reelay.size": 1_234 });
		const job = spanOf(finished, task);
		expect(job).toMatchObject({
			kind: SpanKind.INTERNAL,
			status: { code: SpanStatusCode.UNSET },
			attributes: {
				"reelay.job.id": "job_1",
				"reelay.task": task,
				"reelay.models": ["fake:one", "other:two"],
				"reelay.state": "succeeded",
				"reelay.cost": 0.4,
				"reelay.cost.source": "service",
			},
		});
		expect(job.events).toMatchObject([
			{ name: "model skipped", attributes: { "gen_ai.request.model": "zero", "error.type": "quota_exceeded" } },
		]);
	});

	it("are the children of the span in which the caller asked", async () => {
		const spans = registerTracing();
		context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
		const hub = newHub();
		await trace.getTracer("app").startActiveSpan("handle request", async (span) => {
			await Promise.resolve();
			announce(hub, jobSteps("succeeds"));
			span.end();
		});
		expect(treeOf(spans.getFinishedSpans())[0]).toBe("handle request");
		expect(treeOf(spans.getFinishedSpans())[1]).toBe("  text-to-video");
	});

	it("end with the job whatever was under way, each once", () => {
		const spans = registerTracing();
		const hub = newHub();
		announce(hub, jobSteps("succeeds").slice(0, 4));
		hub.emit("job-ended", { jobId: "job_1", state: "failed", errorCode: "operation_not_found", billed: "yes" });
		hub.emit("job-ended", { jobId: "job_1", state: "failed", errorCode: "operation_not_found", billed: "yes" });
		hub.emit("download-started", { jobId: "job_1", model: "fake:one" });
		hub.emit("download-ended", { jobId: "job_1", model: "fake:one", downloadMs: 1, sizeBytes: 1 });
		const finished = spans.getFinishedSpans();
		expect(treeOf(finished)).toEqual([task, "  generate_content one", "    generation"]);
		expect(finished.map(({ status }) => status.code)).toEqual(Array(3).fill(SpanStatusCode.ERROR));
		expect(spanOf(finished, task).attributes).toMatchObject({
			"error.type": "operation_not_found",
			"reelay.billed": "yes",
		});
	});

	it("are no errors when somebody cancelled, or nobody waits any more", () => {
		const spans = registerTracing();
		const hub = newHub();
		announce(hub, jobSteps("succeeds").slice(0, 3));
		hub.emit("job-ended", { jobId: "job_1", state: "cancelled", errorCode: "cancelled" });
		announce(hub, jobSteps("succeeds", "job_2").slice(0, 3));
		hub.emit("job-detached", { jobId: "job_2", state: "running" });
		const finished = spans.getFinishedSpans();
		expect(finished).toHaveLength(6);
		expect(new Set(finished.map(({ status }) => status.code))).toEqual(new Set([SpanStatusCode.UNSET]));
		expect(finished.at(-1)?.attributes).toMatchObject({ "reelay.detached": true, "reelay.state": "running" });
	});

	it("begin again when a job is taken up in another process", () => {
		const spans = registerTracing();
		const hub = newHub();
		hub.emit("job-resumed", { jobId: "job_1", task, model: "fake:one", state: "running" });
		announce(hub, jobSteps("succeeds").slice(3));
		hub.emit("job-resumed", { jobId: "job_2", task, model: "fake:one", state: "generated" });
		announce(hub, jobSteps("succeeds", "job_2").slice(5));
		expect(treeOf(spans.getFinishedSpans())).toEqual([
			task,
			"  generate_content one",
			"    generation",
			"  download",
			task,
			"  download",
		]);
		expect(spanOf(spans.getFinishedSpans(), task).attributes).toMatchObject({ "reelay.resumed": true });
	});

	it("use the conventions' own names for the providers that have one", () => {
		const spans = registerTracing();
		const hub = newHub();
		hub.emit("job-created", { jobId: "a", task, models: ["google:veo-3.1"] });
		hub.emit("attempt-started", { jobId: "a", model: "google:veo-3.1" });
		hub.emit("job-ended", { jobId: "a", state: "failed", errorCode: "provider_error" });
		expect(spanOf(spans.getFinishedSpans(), "generate_content veo-3.1").attributes).toMatchObject({
			"gen_ai.provider.name": "gcp.gen_ai",
			"gen_ai.request.model": "veo-3.1",
		});
	});
});

describe("measurements", () => {
	it("have the conventions' names, and buckets that reach as far as videos take", async () => {
		const collect = registerMetrics();
		announce(newHub(), jobSteps("falls back"));
		const measured = await collect();
		expect(measured.get("gen_ai.client.operation.duration")).toMatchObject({
			descriptor: { unit: "s" },
			dataPoints: [
				{
					attributes: {
						"gen_ai.operation.name": "generate_content",
						"gen_ai.provider.name": "fake",
						"gen_ai.request.model": "one",
						"error.type": "content_refused",
					},
					value: { count: 1, sum: 4 },
				},
				{
					attributes: { "gen_ai.provider.name": "other", "gen_ai.request.model": "two" },
					value: { count: 1, sum: 65, buckets: { boundaries: expect.arrayContaining([60, 600, 3_600]) } },
				},
			],
		});
		expect(sumOf(measured, "reelay.submissions")).toBe(3);
		expect(sumOf(measured, "reelay.downloaded")).toBe(1_234);
		expect(sumOf(measured, "reelay.cost")).toBe(0.4);
		expect(sumOf(measured, "reelay.jobs")).toBe(1);
		expect(sumOf(measured, "reelay.jobs.in_flight")).toBe(0);
	});

	it("tell the breakers' states as they are now", async () => {
		const collect = registerMetrics();
		const hub = newHub();
		hub.emit("job-created", { jobId: "a", task, models: [] });
		for (const state of ["open", "half-open"] as const) {
			hub.emit("breaker-changed", { provider: "fake", model: "fake:one", stage: "poll", state });
		}
		expect((await collect()).get("reelay.breaker.state")?.dataPoints).toMatchObject([
			{ attributes: { "reelay.stage": "poll", "gen_ai.request.model": "one" }, value: 1 },
		]);
	});
});

describe("an application's SDK", () => {
	it("may come after the service, and each of its halves on its own", async () => {
		const hub = newHub();
		announce(hub, jobSteps("succeeds", "before"));
		const spans = registerTracing();
		announce(hub, jobSteps("succeeds", "traced"));
		const collect = registerMetrics();
		announce(hub, jobSteps("succeeds", "measured"));
		const jobs = spans.getFinishedSpans().filter(({ name }) => name === task);
		expect(jobs.map(({ attributes }) => attributes["reelay.job.id"])).toEqual(["traced", "measured"]);
		expect(sumOf(await collect(), "reelay.jobs")).toBe(1);
	});

	it("is never told a prompt, a message or a reason", async () => {
		const spans = registerTracing();
		const collect = registerMetrics();
		const hub = newHub();
		const jobId = "job_1";
		const reason = "the words RED KITE are not allowed";
		hub.emit("job-created", { jobId, task, models: ["fake:one"] });
		hub.emit("warning", { jobId, message: reason });
		hub.emit("attempt-started", { jobId, model: "fake:one" });
		hub.emit("attempt-ended", {
			jobId,
			attempt: { model: "fake:one", outcome: "rejected", billed: "no", errorCode: "content_refused", reason },
		});
		hub.emit("job-ended", { jobId, state: "failed", errorCode: "content_refused" });
		const told = spans
			.getFinishedSpans()
			.map(({ name, attributes, events, status }) => ({ name, attributes, events, status }));
		expect(told).toHaveLength(2);
		expect(JSON.stringify([told, [...(await collect())]])).not.toContain("RED KITE");
	});
});

function newHub(): EventHub {
	const hub = new EventHub(recordingLogger().logger);
	connectOpenTelemetry(hub);
	return hub;
}

function announce(hub: EventHub, steps: readonly Step[]): void {
	for (const [name, event] of steps) hub.emit(name, event as never);
}

function registerTracing(): InMemorySpanExporter {
	const exporter = new InMemorySpanExporter();
	trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
	return exporter;
}

type Measured = ReturnType<InMemoryMetricExporter["getMetrics"]>[number]["scopeMetrics"][number]["metrics"][number];

function registerMetrics(): () => Promise<ReadonlyMap<string, Measured>> {
	const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
	const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 });
	metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
	return async () => {
		await reader.forceFlush();
		const all = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
		await reader.shutdown();
		return new Map(all.map((metric) => [metric.descriptor.name, metric]));
	};
}

function sumOf(measured: ReadonlyMap<string, Measured>, name: string): number {
	const points = measured.get(name)?.dataPoints ?? [];
	return points.reduce((sum, { value }) => sum + Number(value), 0);
}

function spanOf(spans: readonly ReadableSpan[], name: string): ReadableSpan {
	const span = spans.find((candidate) => candidate.name === name);
	if (span === undefined) throw new TypeError(`there is no span ${name}`);
	return span;
}

/** The names, each below its parent, in the order in which the spans began. */
function treeOf(spans: readonly ReadableSpan[], parent?: string, indent = ""): readonly string[] {
	const began = [...spans].sort((a, b) => a.startTime[0] - b.startTime[0] || a.startTime[1] - b.startTime[1]);
	const children = began.filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent);
	return children.flatMap((span) => [
		`${indent}${span.name}`,
		...treeOf(spans, span.spanContext().spanId, `${indent}  `),
	]);
}
