import { randomUUID } from "node:crypto";
import {
	type BatchEntry,
	type BatchItem,
	type BatchMeans,
	type BatchOptions,
	type BatchResult,
	type BatchSource,
	runBatch,
	streamBatch,
} from "../batch/index.ts";
import { type CacheMode, VideoCache } from "../cache/index.ts";
import {
	defaultOutputDirectory,
	healthPath,
	ledgerPath,
	processEnvironment,
	readSettings,
	type Settings,
} from "../config/index.ts";
import { createVideoNetwork, type OutputPlan, planOutput } from "../downloads/index.ts";
import { CancelledError, ConfigurationError, InputError, isVideoError } from "../errors/index.ts";
import { createProviderHttp } from "../http/index.ts";
import {
	Experience,
	type Job,
	type JobFilter,
	type JobPlan,
	type JobServices,
	type Ledger,
	MemoryLedger,
	SqliteLedger,
	type VideoJob,
	type VideoResult,
} from "../operations/index.ts";
import { Resilience, resolvePolicies, systemClock } from "../policies/index.ts";
import type { VideoProvider, VideoTask } from "../provider/index.ts";
import { type ChainSource, chooseStrategy } from "../routing/index.ts";
import {
	connectOpenTelemetry,
	EventHub,
	type Logger,
	stderrLogger,
	type VideoEventListener,
	type VideoEventName,
} from "../telemetry/index.ts";
import { environmentSource, serviceSource } from "./chain-sources.ts";
import { checkOptions } from "./check-options.ts";
import { HealthFile } from "./health-file.ts";
import { JobKeeper, type OutputWish, type PreparedJob } from "./job-keeper.ts";
import { reportProgress } from "./job-progress.ts";
import { type JobInfo, jobInfo } from "./list-jobs.ts";
import { listModels } from "./list-models.ts";
import { planJob, requestedChain } from "./plan-job.ts";
import { obstacleFinder, type PlannedRequest, plannedRequest } from "./planned-request.ts";
import { ProviderRegistry } from "./provider-registry.ts";
import { recordedRequest } from "./recorded-request.ts";
import { resolveCache } from "./resolve-cache.ts";
import { SharedJobs } from "./shared-jobs.ts";
import { type CheckedRequest, validateOptions, validateRequest } from "./validate-request.ts";
import type { GenerateOptions, ImageToVideoRequest, TextToVideoRequest, VideoRequest } from "./video-request.ts";
import type {
	JobDecision,
	ModelFilter,
	ModelInfo,
	ServiceHealth,
	VideoService,
	VideoServiceOptions,
} from "./video-service.ts";

/**
 * Makes a service. Without options everything comes from the environment; nothing is loaded, opened or
 * sent before the first call.
 *
 * Throws `ConfigurationError` that names every bad variable.
 */
export function createVideoService(options: VideoServiceOptions = {}): VideoService {
	return new DefaultVideoService(options);
}

function openLedger(settings: Settings): Ledger {
	return settings.ledger === "memory" ? new MemoryLedger() : new SqliteLedger(ledgerPath(settings));
}

class DefaultVideoService implements VideoService {
	readonly #settings: Settings;
	readonly #registry: ProviderRegistry;
	readonly #services: JobServices;
	readonly #options: VideoServiceOptions;
	readonly #keeper: JobKeeper;
	readonly #jobs: SharedJobs;
	readonly #cache: VideoCache;
	readonly #cacheMode: CacheMode;
	readonly #health: HealthFile;
	readonly #logger: Logger;
	readonly #closing = new AbortController();
	readonly #running = new Set<Promise<unknown>>();
	readonly #findObstacle = obstacleFinder();

	constructor(options: VideoServiceOptions) {
		checkOptions(options);
		const settings = readSettings(options.env ?? processEnvironment());
		const clock = options.clock ?? systemClock;
		const logger = options.logger ?? stderrLogger(settings.logLevel, () => clock.now());
		const allowPrivateNetwork = options.egress?.allowPrivateNetwork ?? settings.allowPrivateNetwork;
		if (allowPrivateNetwork) process.emitWarning("reelay: result and image URLs may lead to private addresses");
		this.#options = options;
		this.#settings = {
			...settings,
			limits: { ...settings.limits, ...options.limits },
			keepImageMetadata: options.keepImageMetadata ?? settings.keepImageMetadata,
		};
		this.#registry = new ProviderRegistry(settings);
		const ledger = options.ledger ?? openLedger(settings);
		const policies = resolvePolicies(options.policies);
		chooseStrategy(options.routing);
		this.#logger = logger;
		const events = new EventHub(logger);
		connectOpenTelemetry(events);
		const { mode, ...cache } = resolveCache(options.cache, settings);
		this.#cacheMode = mode;
		this.#cache = new VideoCache({ ...cache, clock });
		this.#services = {
			ledger,
			clock,
			random: options.random ?? Math.random,
			policies,
			resilience: new Resilience({ policies, clock, onChange: (change) => events.emit("breaker-changed", change) }),
			events,
			http: createProviderHttp(policies, options.fetch),
			experience: new Experience(ledger),
			network: createVideoNetwork({
				allowPrivateNetwork,
				trustedOrigins: Object.values(settings.providers).flatMap(({ baseUrl }) => baseUrl?.split(",") ?? []),
			}),
			maxVideoBytes: this.#settings.limits.maxVideoBytes,
			cache: this.#cache,
			closing: this.#closing.signal,
		};
		const keepsHealth = options.ledger === undefined && settings.ledger === "sqlite";
		this.#health = new HealthFile(keepsHealth ? healthPath(settings) : undefined, this.#services.resilience);
		this.#keeper = new JobKeeper(this.#services, (wish) => this.#planOutput(wish));
		this.#jobs = new SharedJobs(this.#services, this.#keeper, this.#registry, this.#cache);
		for (const provider of options.providers ?? []) this.register(provider);
	}

	textToVideo(request: TextToVideoRequest, options: GenerateOptions = {}): Promise<VideoResult> {
		return this.#generate("text-to-video", request, options);
	}

	imageToVideo(request: ImageToVideoRequest, options: GenerateOptions = {}): Promise<VideoResult> {
		return this.#generate("image-to-video", request, options);
	}

	async batch(
		requests: readonly BatchItem<VideoRequest, GenerateOptions>[],
		options: BatchOptions<GenerateOptions> = {},
	): Promise<BatchResult> {
		return this.#track(runBatch(requests, options, this.#batchMeans()));
	}

	batchStream(
		requests: BatchSource<VideoRequest, GenerateOptions>,
		options: BatchOptions<GenerateOptions> = {},
	): AsyncGenerator<BatchEntry, void, undefined> {
		return streamBatch(requests, options, this.#batchMeans());
	}

	submit(request: VideoRequest, options: GenerateOptions = {}): Promise<VideoJob> {
		return this.#track(this.#submit(taskOf(request), request, options));
	}

	plan(request: VideoRequest, options: GenerateOptions = {}): Promise<PlannedRequest> {
		return this.#track(this.#plan(request, options));
	}

	resume(tokenOrJobId: string): Promise<VideoJob> {
		return this.#track(this.#resume(tokenOrJobId));
	}

	register(provider: VideoProvider): this {
		this.#registry.register(provider);
		return this;
	}

	models(filter: ModelFilter = {}): Promise<readonly ModelInfo[]> {
		return listModels(this.#registry, filter, this.#services.clock.now());
	}

	async health(): Promise<readonly ServiceHealth[]> {
		this.#requireOpen();
		await this.#health.load();
		const statsOf = await this.#services.experience.stats();
		return this.#services.resilience.health().map((health) => {
			const stats = statsOf(health.model);
			return stats === undefined ? health : { ...health, stats };
		});
	}

	async jobs(filter: JobFilter = {}): Promise<readonly JobInfo[]> {
		this.#requireOpen();
		return (await this.#services.ledger.list(filter)).map(jobInfo);
	}

	resolve(jobId: string, decision: JobDecision): Promise<VideoJob | undefined> {
		return this.#track(this.#resolve(jobId, decision));
	}

	on<Name extends VideoEventName>(event: Name, listener: VideoEventListener<Name>): () => void {
		return this.#services.events.on(event, listener);
	}

	async close(): Promise<void> {
		this.#closing.abort(new CancelledError("the service was closed"));
		await Promise.allSettled(this.#running);
		await this.#keeper.close();
		await this.#cache.close();
		await this.#health.save();
		await this.#registry.close();
		await this.#services.network.close();
		await this.#services.http.close();
		await this.#services.ledger.close();
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.close();
	}

	async #generate(task: VideoTask, request: unknown, given: GenerateOptions): Promise<VideoResult> {
		const options = validateOptions(given);
		const { clock, policies } = this.#services;
		const startedAt = clock.monotonic();
		const prepared = await this.#track(this.#prepare(task, request, options));
		const wait = async (job: VideoJob) => {
			const spentMs = clock.monotonic() - startedAt;
			const timeoutMs = Math.max(0, (options.timeoutMs ?? policies.waitMs) - spentMs);
			const isOwn = job.id === prepared.plan.id;
			const stopReporting = isOwn ? undefined : this.#report(job.id, job.model, options);
			try {
				return await job.wait({ signal: prepared.signal, timeoutMs });
			} finally {
				stopReporting?.();
			}
		};
		return this.#track(this.#reported(prepared, options, () => this.#jobs.generate(prepared, wait)));
	}

	async #submit(task: VideoTask, request: unknown, given: GenerateOptions): Promise<VideoJob> {
		const options = validateOptions(given);
		const prepared = await this.#prepare(task, request, options);
		return this.#reported(prepared, options, () => this.#jobs.submit(prepared));
	}

	/** Everything that can be found out, and refused, before anything is sent. */
	async #prepare(task: VideoTask, request: unknown, options: GenerateOptions): Promise<PreparedJob> {
		this.#requireOpen();
		const checked = validateRequest(task, request, this.#settings.limits);
		const signal = this.#signal(options);
		if (signal.aborted) throw new CancelledError("cancelled before anything was sent", { cause: signal.reason });
		const output = await this.#planOutput({ ...options, existing: "refuse" });
		const plan = await this.#planJob(task, checked, options);
		await this.#health.load();
		const hasOwnKey = options.idempotencyKey !== undefined;
		return { plan, output, request: recordedRequest(checked), signal, hasOwnKey };
	}

	async #reported<Result>(
		{ plan: { id, candidates } }: PreparedJob,
		options: GenerateOptions,
		work: () => Promise<Result>,
	): Promise<Result> {
		const stopReporting = this.#report(id, candidates[0].reference.text, options);
		try {
			return await work();
		} finally {
			stopReporting();
		}
	}

	#report(jobId: string, model: string, { onProgress }: GenerateOptions): () => void {
		return reportProgress(jobId, model, onProgress, this.#services.events);
	}

	#batchMeans(): BatchMeans<VideoRequest, GenerateOptions> {
		this.#requireOpen();
		const { clock, events } = this.#services;
		const batchId = `batch_${randomUUID()}`;
		return {
			generate: (request, options) => this.#generate(taskOf(request), request, options),
			providersOf: (request, options) => {
				const task = taskOf(request);
				const chain = requestedChain(task, options, { registry: this.#registry, sources: this.#sources(task) });
				return chain.map(({ provider }) => provider);
			},
			checkOptions: (options) => validateOptions(options as GenerateOptions),
			clock,
			logger: this.#logger,
			closing: this.#closing.signal,
			announce: (progress) => events.emit("batch-progress", { batchId, ...progress }),
		};
	}

	#sources(task: VideoTask): readonly ChainSource[] {
		const ofService = task === "text-to-video" ? this.#options.textToVideo : this.#options.imageToVideo;
		return [serviceSource(task, ofService), environmentSource(task, this.#settings)];
	}

	#planJob(task: VideoTask, request: CheckedRequest, options: GenerateOptions): Promise<JobPlan> {
		const signal = this.#signal(options);
		return planJob(task, request, options, {
			settings: this.#settings,
			registry: this.#registry,
			sources: this.#sources(task),
			routing: this.#options.routing,
			stats: () => this.#services.experience.stats(),
			now: () => this.#services.clock.now(),
			cacheMode: this.#cacheMode,
			fetchUrl: (field, url, maxBytes) => this.#services.network.fetchUrl(field, url.href, maxBytes, signal),
		});
	}

	async #plan(request: unknown, given: GenerateOptions): Promise<PlannedRequest> {
		this.#requireOpen();
		const options = validateOptions(given);
		const task = taskOf(request);
		const plan = await this.#planJob(task, validateRequest(task, request, this.#settings.limits), options);
		await this.#health.load();
		return plannedRequest(plan, this.#services.resilience, this.#findObstacle);
	}

	async #resume(tokenOrJobId: string): Promise<Job> {
		this.#requireOpen();
		await this.#health.load();
		return this.#keeper.resume(tokenOrJobId, this.#registry);
	}

	async #resolve(jobId: string, decision: JobDecision): Promise<VideoJob | undefined> {
		const job = await this.#resume(jobId);
		if ("find" in decision) {
			await job.find();
			return job;
		}
		if ("adopt" in decision) {
			await job.adopt(decision.adopt);
			return job;
		}
		if ("abandon" in decision) {
			await job.abandon("given up by the user; whether it was billed is not known");
			return undefined;
		}
		const record = await this.#services.ledger.find(job.id);
		if (record?.request === undefined) {
			throw new InputError(
				"job",
				`the ledger does not hold all of the request of ${job.id}; abandon it, then generate it again`,
			);
		}
		await job.requireUnknown();
		const { output: place } = record;
		const options = validateOptions({
			model: job.model,
			fallbacks: [],
			...(place === undefined ? {} : { output: place.path, overwrite: place.overwrite }),
		});
		try {
			// The first job is given up only when the second one can be sent.
			const prepared = await this.#prepare(record.task, record.request, options);
			await job.abandon("submitted again by the user; whether the first submission was billed is not known");
			return await this.#reported(prepared, options, () => this.#jobs.submit(prepared));
		} finally {
			await job.release();
		}
	}

	#planOutput({ output, overwrite = false, existing }: OutputWish): Promise<OutputPlan> {
		return planOutput({
			output,
			overwrite,
			existing,
			defaultDirectory: this.#options.outputDirectory ?? defaultOutputDirectory(this.#settings),
			createDefaultDirectory: true,
		});
	}

	#requireOpen(): void {
		if (this.#closing.signal.aborted) throw new ConfigurationError("this service was closed; create another one");
	}

	#signal({ signal }: Pick<GenerateOptions, "signal">): AbortSignal {
		return signal === undefined ? this.#closing.signal : AbortSignal.any([signal, this.#closing.signal]);
	}

	/** Remembers what runs, so that `close` can wait for it. */
	async #track<Result>(work: Promise<Result>): Promise<Result> {
		this.#running.add(work);
		try {
			return await work;
		} catch (error) {
			if (isVideoError(error) || !this.#closing.signal.aborted) throw error;
			throw new CancelledError("the service was closed", { cause: error });
		} finally {
			this.#running.delete(work);
		}
	}
}

function taskOf(request: unknown): VideoTask {
	const hasImage = typeof request === "object" && request !== null && "image" in request;
	return hasImage ? "image-to-video" : "text-to-video";
}
