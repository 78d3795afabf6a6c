/** The containers that a result may have. */
export type VideoContainer = "mp4" | "mov" | "webm" | "mkv";

/**
 * What a video file says of itself, read from the file and never assumed. Every field but `container`
 * is absent when the file could not be read far enough to tell.
 */
export interface VideoMetadata {
	/** The container, from its first bytes. */
	readonly container: VideoContainer;
	/** The video codec's short name: `avc` (H.264), `hevc`, `vp8`, `vp9`, `av1`, `prores`. */
	readonly codec?: string;
	/** Pixels across, as displayed. */
	readonly width?: number;
	/** Pixels down, as displayed. */
	readonly height?: number;
	/** Length of the picture track in seconds. */
	readonly durationSeconds?: number;
	/** Average frames per second. */
	readonly fps?: number;
	/** Whether there is an audio track. */
	readonly hasAudio?: boolean;
}

/** What the tracks of a video say: everything but its container. */
export type TrackMetadata = Omit<VideoMetadata, "container">;
