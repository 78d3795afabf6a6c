/** Fetching finished videos and image inputs, and writing videos so that a name always means a whole file. */
export { isTemplate } from "./file-name.ts";
export { createVideoNetwork, type VideoNetwork } from "./network.ts";
export { type OutputPlan, planOutput } from "./output-plan.ts";
export { saveAsset } from "./save-asset.ts";
export type { SavedVideo } from "./save-request.ts";
