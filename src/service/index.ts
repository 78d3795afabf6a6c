/** The service that applications use. */
export { BUILTIN_PROVIDERS, type BuiltinProvider } from "./builtin-providers.ts";
export { createVideoService } from "./create-video-service.ts";
export { type ChainDiagnosis, type Diagnosis, diagnose, type ProviderDiagnosis } from "./diagnose.ts";
export type { GenerateOptions, ImageToVideoRequest, TextToVideoRequest, VideoProgress } from "./video-request.ts";
export type { ModelFilter, ModelInfo, VideoService, VideoServiceOptions } from "./video-service.ts";
