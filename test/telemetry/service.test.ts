import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { context, metrics as otelMetrics, trace } from "@opentelemetry/api";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import {
	createMetrics,
	type Ledger,
	MemoryLedger,
	ProviderError,
	SqliteLedger,
	type VideoEventName,
	type VideoEvents,
	type VideoService,
} from "../../src/index.ts";
import type { OperationStatus } from "../../src/provider/index.ts";
import { EVENT_NAMES } from "../../src/telemetry/event-names.ts";
import { EVERYTHING, FakeProvider, fail, SUCCEEDED } from "../support/fake-provider.ts";
import { temporaryFolder, testService } from "../support/service.ts";
import { CANARY, leaksIn } from "./canary.ts";
import { parsePrometheus } from "./parse-prometheus.ts";
import { recordingLogger } from "./support.ts";

const prompt = "A red kite over the sea";
const running = (): OperationStatus => ({ state: "running" });
const noVideo = (): OperationStatus => ({ state: "succeeded", assets: [{ kind: "bytes", data: new Uint8Array(20) }] });

afterEach(() => {
	trace.disable();
	otelMetrics.disable();
	context.disable();
});

describe("a service announces", () => {
	it("every transition of a job that goes well, with what it cost", async () => {
		const { videos } = await testService({
			providers: [new FakeProvider({ looks: [running, () => ({ ...SUCCEEDED, costUsd: 0.25 }) as OperationStatus] })],
		});
		const events = record(videos);
		const { id: jobId, sizeBytes } = await videos.textToVideo({ prompt }, { model: "fake:one" });
		expect(events.map(([name]) => name)).toEqual([
			"job-created",
			"attempt-started",
			"attempt-ended",
			"progress",
			"generation-ended",
			"download-started",
			"download-progress",
			"download-ended",
			"job-ended",
		]);
		const model = "fake:one";
		expect(only(events, "download-ended")).toMatchObject([{ jobId, model, sizeBytes }]);
		expect(only(events, "download-progress")).toMatchObject([
			{ receivedBytes: sizeBytes, bytesPerSecond: expect.any(Number) },
		]);
		expect(only(events, "job-ended")).toEqual([
			{ jobId, model, state: "succeeded", cost: { usd: 0.25, source: "service" } },
		]);
	});

	it("how long a generation will take, marked as an estimate, when only the model's usual time is known", async () => {
		const tasks = ["text-to-video"] as const;
		const provider = new FakeProvider({
			models: [{ id: "one", tasks, options: EVERYTHING, typicalGenerationMs: 1_000_000 }],
			looks: [running, () => ({ state: "running", progress: 0.5 }), () => SUCCEEDED],
		});
		const { videos } = await testService({ providers: [provider] });
		const events = record(videos);
		await videos.textToVideo({ prompt }, { model: "fake:one" });
		const [guessed, measured] = only(events, "progress");
		expect(guessed).not.toHaveProperty("progress");
		expect(guessed?.estimate?.progress).toBeGreaterThan(0);
		expect(guessed?.estimate?.progress).toBeLessThan(1);
		expect(measured).toMatchObject({ progress: 0.5, estimate: { remainingMs: expect.any(Number) } });
		expect(measured?.estimate).not.toHaveProperty("progress");
	});

	it("the verdict that leads to the next model", async () => {
		const refused = (): OperationStatus => ({ state: "failed", kind: "internal", reason: "overheated", billed: "no" });
		const providers = [new FakeProvider({ looks: [refused] }), new FakeProvider({ id: "other" })];
		const { videos } = await testService({ providers });
		const events = record(videos);
		const metrics = createMetrics(videos);
		await videos.textToVideo({ prompt }, { model: "fake:one", fallbacks: ["other:one"] });
		expect(only(events, "generation-ended")).toMatchObject([
			{ model: "fake:one", errorCode: "provider_error" },
			{ model: "other:one" },
		]);
		expect(parsePrometheus(metrics.text()).samples).toMatchObject({
			'reelay_generation_duration_seconds_count{error="provider_error",model="one",provider="fake"}': 1,
			'reelay_generation_duration_seconds_count{model="one",provider="other"}': 1,
			'reelay_jobs_total{model="one",outcome="succeeded",provider="other"}': 1,
		});
	});

	it("that a download failed and the job waits, then that it is taken up again and ends", async () => {
		const { videos } = await testService({ providers: [new FakeProvider({ looks: [noVideo, () => SUCCEEDED] })] });
		const metrics = createMetrics(videos);
		const job = await videos.submit({ prompt }, { model: "fake:one" });
		const events = record(videos);
		await expect(job.wait()).rejects.toThrow();
		expect(events.map(([name]) => name)).toEqual([
			"generation-ended",
			"download-started",
			"download-progress",
			"download-ended",
			"job-detached",
		]);
		expect(only(events, "download-ended")).toMatchObject([{ errorCode: "bad_media" }]);
		expect(only(events, "job-detached")).toMatchObject([{ state: "generated" }]);
		expect(parsePrometheus(metrics.text()).samples).toMatchObject({ reelay_jobs_in_flight: 0 });

		events.length = 0;
		await job.wait();
		expect(events.map(([name]) => name)).toEqual([
			"job-resumed",
			"download-started",
			"download-progress",
			"download-ended",
			"job-ended",
		]);
		expect(parsePrometheus(metrics.text()).samples).toMatchObject({
			reelay_jobs_in_flight: 0,
			'reelay_downloads_total{error="bad_media",model="one",outcome="failed",provider="fake"}': 1,
			'reelay_downloads_total{model="one",outcome="saved",provider="fake"}': 1,
			'reelay_jobs_total{model="one",outcome="succeeded",provider="fake"}': 1,
		});
	});

	it("that nobody waits any more, and ends the loops over a job's events, when it closes", async () => {
		const { videos } = await testService({ providers: [new FakeProvider({ looks: [running] })] });
		const events = record(videos);
		const job = await videos.submit({ prompt }, { model: "fake:one" });
		const seen: string[] = [];
		const reading = (async () => {
			for await (const { type } of job.events()) seen.push(type);
		})();
		await videos.close();
		await reading;
		expect(events.at(-1)).toEqual(["job-detached", { jobId: job.id, state: "accepted" }]);
	});

	it("each time anew that a job with an unknown submission was taken up, and is still unknown", async () => {
		const provider = new FakeProvider({ starts: [fail(new TypeError("socket hang up"))] });
		const { videos } = await testService({ providers: [provider] });
		await expect(videos.submit({ prompt }, { model: "fake:one" })).rejects.toMatchObject({ code: "submit_unknown" });
		const [{ id = "" } = {}] = await videos.jobs();
		const events = record(videos);
		for (const _again of [1, 2]) {
			const job = await videos.resume(id);
			await expect(job.wait()).rejects.toMatchObject({ code: "submit_unknown" });
		}
		const steps = events.map(([name]) => name).filter((name) => name.startsWith("job-"));
		expect(steps).toEqual(["job-resumed", "job-ended", "job-resumed", "job-ended"]);
	});

	it("that another process has ended the job", async () => {
		const ledger = new MemoryLedger();
		const provider = new FakeProvider();
		const { videos: first } = await testService({ providers: [provider], ledger });
		const job = await first.submit({ prompt }, { model: "fake:one" });
		const { videos: second } = await testService({ providers: [provider], ledger: sharing(ledger) });
		const events = record(second);
		const elsewhere = await second.resume(job.id);
		const reading = (async () => {
			const seen: string[] = [];
			for await (const { type } of elsewhere.events()) seen.push(type);
			return seen;
		})();
		await job.wait();
		await elsewhere.wait();
		expect(events.map(([name]) => name)).toEqual(["job-resumed", "job-ended"]);
		expect(only(events, "job-ended")).toMatchObject([{ state: "succeeded", elsewhere: true }]);
		expect(await reading).toEqual(["job-resumed", "job-ended"]);
	});
});

describe("a service", () => {
	it("is traced once the application has an SDK, below the caller's span, and keeps prompts to itself", async () => {
		const exporter = new InMemorySpanExporter();
		trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
		const { videos } = await testService({ providers: [new FakeProvider()] });
		await videos.textToVideo({ prompt }, { model: "fake:one" });
		const spans = exporter.getFinishedSpans();
		expect(spans.map(({ name }) => name)).toEqual(["generation", "generate_content one", "download", "text-to-video"]);
		const told = spans.map(({ name, attributes, events, status }) => ({ name, attributes, events, status }));
		expect(JSON.stringify(told)).not.toContain("kite");
	});

	it("is not harmed by a progress callback that rejects", async () => {
		const unhandled: unknown[] = [];
		const watch = (reason: unknown) => unhandled.push(reason);
		process.on("unhandledRejection", watch);
		onTestFinished(() => void process.off("unhandledRejection", watch));
		const { videos } = await testService({ providers: [new FakeProvider({ looks: [running, () => SUCCEEDED] })] });
		const onProgress = async () => {
			throw new RangeError("a bad callback");
		};
		await videos.textToVideo({ prompt }, { model: "fake:one", onProgress });
		await new Promise((resolve) => setImmediate(resolve));
		expect(unhandled).toEqual([]);
	});

	it("tells a key to no listener, log, span, metric or file, wherever a provider lets it slip", async () => {
		const exporter = new InMemorySpanExporter();
		trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
		const { logger, lines } = recordingLogger();
		const leaky = [
			new FakeProvider({
				id: "thrower",
				starts: [fail(new ProviderError(CANARY, { requestId: CANARY, billed: "no" }))],
			}),
			new FakeProvider({
				id: "refuser",
				looks: [() => ({ state: "failed", kind: "internal", reason: `x-api-key: ${CANARY}`, billed: "no" })],
			}),
			new FakeProvider({
				id: "looker",
				looks: [
					fail(new TypeError(CANARY)),
					() => ({ ...SUCCEEDED, warnings: [encodeURIComponent(CANARY)] }) as OperationStatus,
				],
			}),
		];
		const env = { GEMINI_API_KEY: CANARY, REELAY_LEDGER: "memory" };
		const kept = await temporaryFolder();
		const ledger = new SqliteLedger(join(kept, "ledger.sqlite"));
		const cache = { mode: "unseeded", directory: join(kept, "finished") } as const;
		const { videos } = await testService({ providers: leaky, logger, env, ledger, cache });
		const metrics = createMetrics(videos);
		const events = record(videos);
		videos.on("job-created", () => {
			throw new AggregateError([new Error(CANARY)], CANARY);
		});
		await videos.textToVideo({ prompt }, { model: "thrower:one", fallbacks: ["refuser:one", "looker:one"] });
		expect(events.length).toBeGreaterThan(10);
		expect(lines.length).toBeGreaterThan(events.length);
		const spans = exporter
			.getFinishedSpans()
			.map(({ name, attributes, events, status }) => [name, attributes, events, status]);
		expect(spans.length).toBeGreaterThan(5);
		for (const told of [events, lines, spans, metrics.text()]) expect(leaksIn(JSON.stringify(told))).toEqual([]);
		await videos.close();
		const files = (await readdir(kept, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
		expect(files.length).toBeGreaterThan(2);
		for (const { parentPath, name } of files) {
			expect(leaksIn(await readFile(join(parentPath, name), "latin1"))).toEqual([]);
		}
	});
});

type Recorded = { [Name in VideoEventName]: [Name, VideoEvents[Name]] }[VideoEventName];

/** Everything that a service announces from now on. */
function record(videos: VideoService): Recorded[] {
	const events: Recorded[] = [];
	for (const name of EVENT_NAMES) {
		videos.on(name, (event) => events.push([name, event] as Recorded));
	}
	return events;
}

function only<Name extends VideoEventName>(events: readonly Recorded[], name: Name): readonly VideoEvents[Name][] {
	return events.flatMap(([type, event]) => (type === name ? [event as VideoEvents[Name]] : []));
}

/** The same records for a second service, which must not close them. */
function sharing(ledger: Ledger): Ledger {
	return {
		insert: (record) => ledger.insert(record),
		find: (id) => ledger.find(id),
		replace: (record, revision) => ledger.replace(record, revision),
		list: (filter) => ledger.list(filter),
		prune: (beforeMs) => ledger.prune(beforeMs),
		close: async () => undefined,
	};
}
