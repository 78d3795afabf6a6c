/** The service that applications use, and what the command line checks before it asks for one. */
export { isTemplate } from "../downloads/index.ts";
export { createVideoService } from "./create-video-service.ts";
export { type Diagnosis, diagnose } from "./diagnose.ts";
export type { JobInfo } from "./list-jobs.ts";
export type { PlannedModel, PlannedRequest } from "./planned-request.ts";
export type {
	GenerateOptions,
	ImageToVideoRequest,
	TextToVideoRequest,
	VideoProgress,
	VideoRequest,
} from "./video-request.ts";
export type {
	CacheOptions,
	JobDecision,
	ModelFilter,
	ModelInfo,
	ServiceHealth,
	VideoService,
	VideoServiceOptions,
} from "./video-service.ts";
