/** The service that applications use. */
export { createVideoService } from "./create-video-service.ts";
export { type Diagnosis, diagnose } from "./diagnose.ts";
export type { GenerateOptions, ImageToVideoRequest, TextToVideoRequest, VideoProgress } from "./video-request.ts";
export type { ModelFilter, ModelInfo, VideoService, VideoServiceOptions } from "./video-service.ts";
