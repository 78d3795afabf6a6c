/**
 * Everything that a provider may import: the contract's types, the errors to throw, and the few helpers
 * that more than one provider needs.
 */
export {
	AuthenticationError,
	ConfigurationError,
	ContentRefusedError,
	InputError,
	isVideoError,
	ModelNotFoundError,
	ModelRetiredError,
	OperationNotFoundError,
	ProviderError,
	QuotaError,
	RateLimitError,
	redact,
	Secret,
	UnsupportedOptionError,
	VideoError,
	type VideoErrorDetails,
} from "../errors/index.ts";
export type {
	Billed,
	CallContext,
	CancelOutcome,
	FailureKind,
	Fetch,
	GenerationOptions,
	ImageMediaType,
	InputImage,
	JsonObject,
	JsonValue,
	ModelCapabilities,
	NumberLimits,
	OperationStatus,
	OptionSupport,
	ProviderCheck,
	ProviderFactory,
	ProviderRequest,
	ProviderSettings,
	ProviderTraits,
	SecretValue,
	SizeLimits,
	StartContext,
	StartResult,
	SubmissionIntent,
	VideoAsset,
	VideoProvider,
	VideoQuality,
	VideoTask,
} from "../provider/index.ts";
export { accountFingerprint } from "./account-fingerprint.ts";
export {
	defineProvider,
	type GenerateContext,
	type GeneratedVideo,
	type GenerateVideo,
	type ProviderDefinition,
} from "./define-provider.ts";
export { imageToBase64, imageToDataUrl, maxEchoBytes } from "./encode-image.ts";
export {
	aspectRatioOf,
	type FrameSize,
	frameSize,
	parseAspectRatio,
	parseExactSize,
	parseResolutionClass,
} from "./frame-size.ts";
export { noVerdict } from "./http-errors.ts";
export type { HttpAnswer, HttpRequest } from "./http-exchange.ts";
export {
	type LookRequest,
	lookRequest,
	prepareRequest,
	type SubmitAnswer,
	type SubmitRequest,
	submitRequest,
} from "./http-request.ts";
export { type KeyedService, keyedService, type ServiceKey } from "./keyed-service.ts";
export {
	type ModelFacts,
	modelOf,
	modelTable,
	oneOfSeconds,
	optionSupport,
	pricedBySize,
	wholeSeconds,
} from "./model-table.ts";
export { handleId, parseHandle, parseLook, parseSubmitted, submittedId, type WireSchema } from "./parse-answer.ts";
export { jsonAt, numberAt, textAt } from "./parse-json.ts";
export { joinUrl, sameOriginUrl } from "./request-url.ts";
export { createSentLog, type ListedOperation, type LostSubmission, type SentLog } from "./sent-log.ts";
export { type ChosenServer, type PoolServer, ServerPool, type ServerPoolSettings } from "./server-pool.ts";
export { PAID_SERVICE } from "./service-traits.ts";
export { type JsonPath, kindByWords, readable, reasonIn, running, urlsIn, videoAt } from "./service-words.ts";
export { given, inputWriter, takeInputNames, type WrittenInput, withOwnFields } from "./write-input.ts";
export {
	asListed,
	countedInFrames,
	type FrameLimits,
	type IsImplied,
	inFrames,
	type OptionDraft,
	type OptionName,
	type OptionNames,
	type OptionStyle,
	type StyleOverride,
	styleFor,
	USUAL_NAMES,
	type WriteOption,
	writeOptions,
} from "./write-options.ts";
export { asOneSize, type SizeSettings } from "./write-size.ts";
