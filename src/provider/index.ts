/**
 * The contract between the core and a provider: types only.
 *
 * A provider turns a {@link ProviderRequest} into one submission, and a handle into one look at the
 * operation. Everything that costs time or money twice (waiting, retrying, falling back, recording,
 * downloading) belongs to the core.
 */
export type { CallContext, Fetch, StartContext } from "./call-context.ts";
export type { ImageMediaType, InputImage } from "./input-image.ts";
export type { JsonObject, JsonValue } from "./json.ts";
export type { ModelCapabilities, NumberLimits, OptionSupport, SizeLimits } from "./model-capabilities.ts";
export type { Billed, FailureKind, OperationStatus } from "./operation-status.ts";
export type { GenerationOptions, ProviderRequest, VideoQuality } from "./provider-request.ts";
export type { ProviderFactory, ProviderSettings, SecretValue } from "./provider-settings.ts";
export type { ProviderTraits } from "./provider-traits.ts";
export type { VideoAsset } from "./video-asset.ts";
export type { CancelOutcome, ProviderCheck, StartResult, SubmissionIntent, VideoProvider } from "./video-provider.ts";
export type { VideoTask } from "./video-task.ts";
