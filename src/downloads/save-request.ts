import type { VideoContainer } from "../media/index.ts";
import type { Billed, VideoAsset } from "../provider/index.ts";
import type { NamingValues } from "./file-name.ts";
import type { VideoNetwork } from "./network.ts";
import type { OutputPlan } from "./output-plan.ts";
import type { DownloadProgress } from "./progress.ts";

/** A finished video, and where it is to be kept. */
export interface SaveRequest {
	/** The video where the service left it. */
	readonly asset: VideoAsset;
	/** Where to write it, from `planOutput`. */
	readonly plan: OutputPlan;
	/** What a name is made of when the plan does not fix one. */
	readonly names: NamingValues;
	/** The largest video that is kept, in bytes. */
	readonly maxBytes: number;
	/** Whether the video was paid for; every error says so. */
	readonly billed: Billed;
	/** Ends the work. What has arrived of a resumable download is kept. */
	readonly signal: AbortSignal;
	/** Fetches assets that are URLs. */
	readonly network: VideoNetwork;
	/** Asks the service for the asset again when its URL has expired. Absent: an expired URL is an error. */
	readonly refresh?: (() => Promise<VideoAsset>) | undefined;
	/** Told at most ten times a second, and at the end. An error that it throws is ignored. */
	readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/** A video on this machine, complete and verified. */
export interface SavedVideo {
	/** The absolute path. */
	readonly path: string;
	readonly sizeBytes: number;
	/** SHA-256 of the file, in hexadecimal. */
	readonly sha256: string;
	/** What the file is, from its own bytes. */
	readonly container: VideoContainer;
	/** Things the user should know: another name than asked for, another container than the name says. */
	readonly warnings: readonly string[];
}
