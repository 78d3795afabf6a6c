import type { InjectionToken } from "tsyringe";
import type { VideoService, VideoServiceOptions } from "../service/index.ts";

/** A part of the service that an application can register: the option of that name. */
export type Part = keyof VideoServiceOptions;
type Value<Name extends Part> = NonNullable<VideoServiceOptions[Name]>;

/** Resolves to the container's one `VideoService`. */
export const VIDEO_SERVICE: InjectionToken<VideoService> = Symbol.for("reelay.VideoService");

/** `VideoServiceOptions.env`: where settings are read from. */
export const ENV: InjectionToken<Value<"env">> = Symbol.for("reelay.env");
/** `VideoServiceOptions.providers`: lists of providers. Every registration counts. */
export const PROVIDERS: InjectionToken<Value<"providers">> = Symbol.for("reelay.providers");
/** `VideoServiceOptions.textToVideo`: the models for text to video. */
export const TEXT_TO_VIDEO: InjectionToken<Value<"textToVideo">> = Symbol.for("reelay.textToVideo");
/** `VideoServiceOptions.imageToVideo`: the models for image to video. */
export const IMAGE_TO_VIDEO: InjectionToken<Value<"imageToVideo">> = Symbol.for("reelay.imageToVideo");
/** `VideoServiceOptions.routing`: in which order models are tried. */
export const ROUTING: InjectionToken<Value<"routing">> = Symbol.for("reelay.routing");
/** `VideoServiceOptions.ledger`: where jobs are recorded. The service closes it. */
export const LEDGER: InjectionToken<Value<"ledger">> = Symbol.for("reelay.ledger");
/** `VideoServiceOptions.cache`: whether finished videos are kept, and where. */
export const CACHE: InjectionToken<Value<"cache">> = Symbol.for("reelay.cache");
/** `VideoServiceOptions.policies`: how often and how fast things are tried again. */
export const POLICIES: InjectionToken<Value<"policies">> = Symbol.for("reelay.policies");
/** `VideoServiceOptions.limits`: limits of requests and results. */
export const LIMITS: InjectionToken<Value<"limits">> = Symbol.for("reelay.limits");
/** `VideoServiceOptions.keepImageMetadata`: whether images keep what their files say beside the picture. */
export const KEEP_IMAGE_METADATA: InjectionToken<Value<"keepImageMetadata">> = Symbol.for("reelay.keepImageMetadata");
/** `VideoServiceOptions.egress`: whether URLs may lead to private addresses. */
export const EGRESS: InjectionToken<Value<"egress">> = Symbol.for("reelay.egress");
/** `VideoServiceOptions.outputDirectory`: the folder for results without an `output`. */
export const OUTPUT_DIRECTORY: InjectionToken<Value<"outputDirectory">> = Symbol.for("reelay.outputDirectory");
/** `VideoServiceOptions.fetch`: sends the requests of providers. */
export const FETCH: InjectionToken<Value<"fetch">> = Symbol.for("reelay.fetch");
/** `VideoServiceOptions.clock`: where time comes from. */
export const CLOCK: InjectionToken<Value<"clock">> = Symbol.for("reelay.clock");
/** `VideoServiceOptions.random`: random numbers from 0 up to 1. */
export const RANDOM: InjectionToken<Value<"random">> = Symbol.for("reelay.random");
/** `VideoServiceOptions.logger`: where log lines go. */
export const LOGGER: InjectionToken<Value<"logger">> = Symbol.for("reelay.logger");

/** Every part by its option. An option without a token does not compile. */
export const PARTS: { readonly [Name in Part]-?: InjectionToken<Value<Name>> } = {
	env: ENV,
	providers: PROVIDERS,
	textToVideo: TEXT_TO_VIDEO,
	imageToVideo: IMAGE_TO_VIDEO,
	routing: ROUTING,
	ledger: LEDGER,
	cache: CACHE,
	policies: POLICIES,
	limits: LIMITS,
	keepImageMetadata: KEEP_IMAGE_METADATA,
	egress: EGRESS,
	outputDirectory: OUTPUT_DIRECTORY,
	fetch: FETCH,
	clock: CLOCK,
	random: RANDOM,
	logger: LOGGER,
};
