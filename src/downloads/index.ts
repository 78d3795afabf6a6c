/** Fetching finished videos and image inputs, and writing videos so that a name always means a whole file. */
export { createEgressGuard, type EgressGuard, EgressRefusal, type EgressSettings } from "./egress-guard.ts";
export type { NamingValues } from "./file-name.ts";
export { createVideoNetwork, type VideoNetwork, type VideoNetworkSettings } from "./network.ts";
export { DEFAULT_NETWORK_LIMITS, type NetworkLimits } from "./network-limits.ts";
export { type OutputPlan, type OutputRequest, planOutput } from "./output-plan.ts";
export { plainUrl } from "./plain-url.ts";
export type { DownloadProgress } from "./progress.ts";
export { retryAfterMs } from "./retry-after.ts";
export { saveAsset } from "./save-asset.ts";
export type { SavedVideo, SaveRequest } from "./save-request.ts";
export { SYSTEM_TIMING, type Timing } from "./timing.ts";
