/** Finished videos on disk, and identical requests that share one job. The only importer of cacache. */
export { type CacheableRequest, type CacheMode, cacheKey, isCacheable } from "./cache-key.ts";
export type { CachedVideo, FinishedVideo, PaidCost } from "./cached-video.ts";
export { JobSharing, type SharedRequest } from "./job-sharing.ts";
export { VideoCache, type VideoCacheOptions } from "./video-cache.ts";
