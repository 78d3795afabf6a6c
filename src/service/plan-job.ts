import { randomBytes, randomUUID } from "node:crypto";
import { type CacheMode, cacheKey, isCacheable } from "../cache/index.ts";
import { didYouMean, type Settings } from "../config/index.ts";
import {
	type Attempt,
	ConfigurationError,
	InputError,
	isVideoError,
	ModelRetiredError,
	NoModelAvailableError,
	QuotaError,
	UnsupportedOptionError,
	type VideoError,
} from "../errors/index.ts";
import { type FetchUrl, loadImage } from "../media/index.ts";
import { type Candidate, type JobPlan, passedOver } from "../operations/index.ts";
import type { InputImage, ModelCapabilities, ProviderRequest, VideoProvider, VideoTask } from "../provider/index.ts";
import {
	arrange,
	atRate,
	type ChainSource,
	chooseStrategy,
	fitRequest,
	limitDuration,
	type ModelReference,
	type ModelStats,
	type NamedReference,
	type RoutingStrategy,
	resolveChain,
	type StrategyName,
} from "../routing/index.ts";
import { checkKnown } from "./check-known.ts";
import { estimateCostUsd } from "./estimate-cost.ts";
import { inputHash } from "./input-hash.ts";
import type { ProviderRegistry } from "./provider-registry.ts";
import type { CheckedRequest } from "./validate-request.ts";
import type { GenerateOptions } from "./video-request.ts";

/** The one of the `providerOptions` that names fields and asks for nothing. */
const STEERS_REELAY = "inputNames";
const RETIREMENT_NOTICE_MS = 30 * 24 * 60 * 60_000;

/** What planning needs of the service. */
export interface PlanContext {
	readonly settings: Settings;
	readonly registry: ProviderRegistry;
	/** Where models may be named, in the order in which they count. */
	readonly sources: readonly ChainSource[];
	/** In which order models are tried. @default "ordered" */
	readonly routing?: StrategyName | RoutingStrategy | undefined;
	/** What recent jobs tell of a model. */
	readonly stats: () => Promise<(model: string) => ModelStats | undefined>;
	/** Wall clock, milliseconds since 1970-01-01 UTC. */
	readonly now: () => number;
	readonly fetchUrl: FetchUrl;
	/** Which results the service keeps, unless the call says otherwise. */
	readonly cacheMode: CacheMode;
}

/**
 * Decides, before anything is sent, which models can serve a request and what each will be asked.
 *
 * Throws `InputError`, `FileSizeError` or `ModelNotFoundError` for what no model could serve, the one
 * model's own reason when the chain has one, and `NoModelAvailableError` when it has more.
 */
export async function planJob(
	task: VideoTask,
	request: CheckedRequest,
	options: GenerateOptions,
	context: PlanContext,
): Promise<JobPlan> {
	const { registry, sources } = context;
	const automatic = registry.automaticModel(task);
	const chain = requestedChain(task, options, context);
	checkProviderOptions(request, registry.ids);
	const { images, warnings } = await loadImages(request, options.signal, context);
	const candidates: Candidate[] = [];
	const skipped: Attempt[] = [];
	const errors: VideoError[] = [];
	for (const reference of chain) {
		try {
			candidates.push(await planCandidate(task, request, images, reference, options, context));
		} catch (error) {
			if (!isVideoError(error)) throw error;
			errors.push(error.addContext({ provider: reference.provider, model: reference.text }));
			const { code: errorCode, message: reason } = error;
			skipped.push({ model: reference.text, outcome: "skipped", billed: "no", errorCode, reason });
		}
	}
	if (candidates.length === 0) throw noneLeft(errors, skipped);
	const [first, ...others] = await inOrder(candidates, context);
	if (first === undefined) throw new ConfigurationError("routing: no candidate is left; return at least one");
	warnings.push(...passedOver(skipped, first.reference.text));
	const isAutomatic =
		first.reference.text === automatic.text && sources.every(({ settings }) => settings.model === undefined);
	if (automatic.isEmbedded && isAutomatic && options.model === undefined) {
		const variable = `DEFAULT_${task === "text-to-video" ? "TEXT" : "IMAGE"}_TO_VIDEO_MODEL`;
		warnings.push(
			`model: none is configured and no provider has a key, so ${automatic.text} made this: an embedded renderer, ` +
				`not a model; name one in ${variable} or with the option model`,
		);
	}
	return {
		id: newJobId(),
		task,
		candidates: [first, ...others],
		skipped,
		idempotencyKey: options.idempotencyKey ?? randomUUID(),
		isResumed: false,
		fallbackOn: options.fallbackOn === undefined ? undefined : { refusal: options.fallbackOn.refusal ?? false },
		allowSecondSubmission: options.allowSecondSubmission ?? false,
		inputHash: inputHash(
			first.request,
			chain.map(({ text }) => text),
		),
		warnings,
	};
}

/** The models that a call asks for, before any is found unfit. Throws `ConfigurationError` for a name that is none. */
export function requestedChain(
	task: VideoTask,
	options: GenerateOptions,
	{ registry, sources }: Pick<PlanContext, "registry" | "sources">,
): readonly NamedReference[] {
	const named = { settings: options, modelName: "model", fallbacksName: "fallbacks" };
	return resolveChain([named, ...sources], registry.automaticModel(task), registry.ids);
}

/** The candidates in the order of the strategy. What recent jobs tell is read only where it is asked for. */
async function inOrder(candidates: readonly Candidate[], context: PlanContext): Promise<readonly Candidate[]> {
	if (context.routing === undefined || context.routing === "ordered") return candidates;
	const statsOf = await context.stats();
	return arrange(
		candidates,
		({ reference, estimatedCostUsd }) => ({
			reference: reference.text,
			estimatedCostUsd,
			stats: statsOf(reference.text),
		}),
		chooseStrategy(context.routing),
	);
}

/** 128 random bits in lower-case letters and digits, as some file systems do not tell cases apart. */
export function newJobId(): string {
	return `job_${BigInt(`0x${randomBytes(16).toString("hex")}`)
		.toString(36)
		.padStart(25, "0")}`;
}

async function planCandidate(
	task: VideoTask,
	request: CheckedRequest,
	images: LoadedImages,
	reference: NamedReference,
	options: GenerateOptions,
	context: PlanContext,
): Promise<Candidate> {
	const provider = await context.registry.get(reference.provider);
	const capabilities = atRate(provider.model(reference.model), request.fps);
	checkModel(task, reference, provider, capabilities, context.now());
	if (options.detach === true && provider.traits.runsIn === "process") {
		throw new InputError(
			"detach",
			`${reference.text} renders in this process and would end with it; leave out detach, or name a model of a service`,
		);
	}
	const { providerOptions, image: _image, lastFrame: _lastFrame, references: _references, ...given } = request;
	const onUnsupported = options.onUnsupported ?? "auto";
	const asked: ProviderRequest = {
		...(given as Omit<ProviderRequest, "task" | "model" | "providerOptions">),
		...images,
		task,
		model: reference.model,
		providerOptions: providerOptions?.[provider.id] ?? {},
		...(onUnsupported === "reject" ? { onUnsupported } : {}),
	};
	const { limits, quality } = context.settings;
	const limited = limitDuration(asked, capabilities, reference.text, limits.maxDurationSeconds);
	const fitted = fitRequest(limited.request, limited.model, reference.text, onUnsupported, quality);
	const retirement = retirementWarning(reference, capabilities, context.now());
	const isFree = provider.traits.billing === "free";
	const estimatedCostUsd = isFree ? 0 : estimateCostUsd(fitted.request, capabilities);
	if (!isFree) checkCost(reference, fitted.request, estimatedCostUsd, options.maxCostUsd);
	const isKept = isCacheable(options.cache ?? context.cacheMode, fitted.request, provider.traits);
	const endpoint = context.registry.endpointOf(provider.id);
	const asker = { model: reference.text, account: provider.account, endpoint };
	return {
		reference,
		provider,
		capabilities,
		request: fitted.request,
		warnings: [...fitted.warnings, ...limited.warnings, ...(retirement === undefined ? [] : [retirement])],
		...(estimatedCostUsd === undefined ? {} : { estimatedCostUsd }),
		...(isKept ? { cacheKey: cacheKey({ ...asker, request: fitted.request }) } : {}),
	};
}

function retirementWarning(
	{ text }: NamedReference,
	capabilities: ModelCapabilities | undefined,
	nowMs: number,
): string | undefined {
	const { retiresOn, replacement } = capabilities ?? {};
	if (retiresOn === undefined || Date.parse(retiresOn) - nowMs > RETIREMENT_NOTICE_MS) return undefined;
	const advice = replacement === undefined ? "choose another model" : `change to ${replacement}`;
	return `model: ${text} will be switched off on ${retiresOn}; ${advice} before that`;
}

function checkModel(
	task: VideoTask,
	reference: NamedReference,
	provider: VideoProvider,
	capabilities: ModelCapabilities | undefined,
	nowMs: number,
): void {
	checkKnown(reference, provider);
	if (capabilities === undefined) return;
	const { retiresOn, replacement } = capabilities;
	if (retiresOn !== undefined && Date.parse(retiresOn) <= nowMs) {
		const advice = replacement === undefined ? "choose another model" : `use ${replacement}`;
		throw new ModelRetiredError(
			`model: ${reference.text} was switched off on ${retiresOn}; ${advice}`,
			replacement === undefined ? { phase: "input" } : { phase: "input", replacement },
		);
	}
	if (!capabilities.tasks.includes(task)) {
		throw new UnsupportedOptionError(
			"model",
			`${reference.text} does ${capabilities.tasks.join(" and ")}, not ${task}; choose another model`,
		);
	}
}

function checkCost(
	reference: ModelReference,
	{ providerOptions }: ProviderRequest,
	estimatedCostUsd: number | undefined,
	maxCostUsd: number | undefined,
): void {
	if (maxCostUsd === undefined) return;
	if (estimatedCostUsd === undefined) {
		throw new QuotaError(
			`maxCostUsd: the price of ${reference.text} is not known, so it cannot be kept to ${maxCostUsd}`,
			{
				phase: "input",
			},
		);
	}
	// The user's own fields may ask for more than the request does: a longer clip, a dearer mode, several videos.
	const own = Object.keys(providerOptions).find((name) => name !== STEERS_REELAY);
	if (own !== undefined) {
		throw new QuotaError(
			`maxCostUsd: providerOptions.${reference.provider}.${own} may change the price of ${reference.text}, so it ` +
				`cannot be kept to ${maxCostUsd}; leave out one of the two`,
			{ phase: "input" },
		);
	}
	if (estimatedCostUsd > maxCostUsd) {
		const estimate = estimatedCostUsd.toFixed(2);
		throw new QuotaError(`maxCostUsd: ${reference.text} would cost about $${estimate}, more than $${maxCostUsd}`, {
			phase: "input",
		});
	}
}

function checkProviderOptions(request: CheckedRequest, providers: readonly string[]): void {
	for (const id of Object.keys(request.providerOptions ?? {})) {
		if (providers.includes(id)) continue;
		throw new InputError(`providerOptions.${id}`, `there is no such provider.${didYouMean(id, providers)}`);
	}
}

interface LoadedImages {
	readonly image?: InputImage;
	readonly lastFrame?: InputImage;
	readonly references?: readonly InputImage[];
}

async function loadImages(
	request: CheckedRequest,
	signal: AbortSignal | undefined,
	context: PlanContext,
): Promise<{ readonly images: LoadedImages; readonly warnings: string[] }> {
	const warnings: string[] = [];
	const { keepImageMetadata: keepMetadata } = context.settings;
	const limits = { maxBytes: context.settings.limits.maxImageBytes };
	const load = async (field: string, input: Parameters<typeof loadImage>[1]): Promise<InputImage> => {
		const loaded = await loadImage(field, input, limits, { signal, fetchUrl: context.fetchUrl, keepMetadata });
		warnings.push(...loaded.warnings);
		return loaded.image;
	};
	const { image, lastFrame, references } = request;
	const images: { -readonly [Name in keyof LoadedImages]: LoadedImages[Name] } = {};
	if (image !== undefined) images.image = await load("image", image);
	if (lastFrame !== undefined) images.lastFrame = await load("lastFrame", lastFrame);
	if (references !== undefined) {
		const loaded: InputImage[] = [];
		for (const [index, input] of references.entries()) loaded.push(await load(`references.${index}`, input));
		images.references = loaded;
	}
	return { images, warnings };
}

function noneLeft(errors: readonly VideoError[], attempts: readonly Attempt[]): VideoError {
	const [only] = errors;
	if (only === undefined) return new ConfigurationError("model: the chain is empty; name at least one model");
	if (errors.length === 1) return only.addContext({ attempts });
	const reasons = attempts.map(({ model, reason }) => `${model}: ${reason}`).join(" · ");
	return new NoModelAvailableError(`no model of the chain can serve the request. ${reasons}`, {
		phase: "input",
		attempts,
	});
}
