import type { EncoderName } from "../render-spec.ts";

/** What every encoder needs to know before the first frame. */
export interface EncoderSettings {
	/** Pixels, both even. */
	readonly width: number;
	readonly height: number;
	/** Whole frames per second. */
	readonly fps: number;
	/** Target in bits per second. */
	readonly bitrate: number;
}

/** One encoded frame: H.264 in Annex B. */
export interface EncodedFrame {
	readonly data: Uint8Array;
	readonly isKey: boolean;
}

/** Turns I420 frames into H.264, in order, one frame out for each frame in. */
export interface FrameEncoder {
	readonly name: EncoderName;
	/** Takes one frame; resolves when it has room for the next. `planes` may be reused after that. */
	add(planes: Uint8Array): Promise<void>;
	/** Resolves with all frames. The encoder is freed. */
	finish(): Promise<readonly EncodedFrame[]>;
}

/** A key frame this often, so that players can seek. The native encoder knows no other distance. */
export const KEY_FRAME_SECONDS = 1;
