/**
 * One interface to every video generation model. Start with {@link createVideoService}.
 */
export type { ChainSettings, Environment, LimitSettings } from "./config/index.ts";
export {
	type Attempt,
	type AttemptOutcome,
	AuthenticationError,
	CancelledError,
	ConfigurationError,
	ContentRefusedError,
	DownloadError,
	type ErrorPhase,
	FileSizeError,
	InputError,
	isVideoError,
	MediaError,
	ModelNotFoundError,
	ModelRetiredError,
	NoModelAvailableError,
	OperationNotFoundError,
	ProviderError,
	QuotaError,
	RateLimitError,
	StillRunningError,
	type SubmissionEvidence,
	SubmitUnknownError,
	UnsupportedOptionError,
	VideoError,
	type VideoErrorContext,
	type VideoErrorDetails,
} from "./errors/index.ts";
export type { EncodedMediaInput, MediaInput, VideoContainer, VideoMetadata } from "./media/index.ts";
export {
	type AttemptRecord,
	type DownloadOptions,
	type ExpectedVideo,
	type JobFilter,
	type JobRecord,
	type JobState,
	type JobStatus,
	type LeaseRecord,
	type Ledger,
	MemoryLedger,
	type OutputRecord,
	type ResultRecord,
	SqliteLedger,
	type SqliteLedgerOptions,
	type VideoCost,
	type VideoJob,
	type VideoResult,
	type WaitOptions,
} from "./operations/index.ts";
export type { Clock, PolicySettings } from "./policies/index.ts";
export type {
	Billed,
	CancelOutcome,
	Fetch,
	JsonObject,
	JsonValue,
	ModelCapabilities,
	NumberLimits,
	OptionSupport,
	SizeLimits,
	VideoProvider,
	VideoQuality,
	VideoTask,
} from "./provider/index.ts";
export {
	defineProvider,
	type GenerateContext,
	type GeneratedVideo,
	type GenerateVideo,
	type ProviderDefinition,
} from "./provider-kit/index.ts";
export type { OnUnsupported } from "./routing/index.ts";
export {
	createVideoService,
	type GenerateOptions,
	type ImageToVideoRequest,
	type JobDecision,
	type JobInfo,
	type ModelFilter,
	type ModelInfo,
	type TextToVideoRequest,
	type VideoProgress,
	type VideoService,
	type VideoServiceOptions,
} from "./service/index.ts";
export type { JobEventRecord, Logger, VideoEventListener, VideoEventName, VideoEvents } from "./telemetry/index.ts";
