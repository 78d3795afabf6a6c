import type { EncodedFrame, EncoderSettings, FrameEncoder } from "./frame-encoder.ts";
import { KEY_FRAME_SECONDS } from "./frame-encoder.ts";

/** Frames handed over and not yet encoded; more only costs memory. */
const MAXIMUM_IN_FLIGHT = 4;
/** Frames in macroblocks of 16×16 pixels up to which a level applies, smallest first (H.264 table A-1). */
const LEVELS = [
	{ macroblocks: 3_600, codec: "avc1.42E01F" },
	{ macroblocks: 8_192, codec: "avc1.42E028" },
	{ macroblocks: 22_080, codec: "avc1.42E032" },
];
const HIGHEST_LEVEL = "avc1.42E034";

/**
 * openh264 through `node-webcodecs`, on a thread of its own. It takes one thread and only software, so
 * that the same frames give the same bytes on every machine. Rejects where there is no binary.
 */
export async function createNativeEncoder(settings: EncoderSettings): Promise<FrameEncoder> {
	const { width, height, fps, bitrate } = settings;
	const { VideoEncoder, VideoFrame } = await import("node-webcodecs");
	const frames: EncodedFrame[] = [];
	let failure: Error | undefined;
	let wake: (() => void) | undefined;
	const encoder = new VideoEncoder({
		output: (chunk) => {
			const data = new Uint8Array(chunk.byteLength);
			chunk.copyTo(data);
			frames.push({ data, isKey: chunk.type === "key" });
			wake?.();
		},
		error: (error) => {
			failure ??= error;
			wake?.();
		},
	});
	const macroblocks = Math.ceil(width / 16) * Math.ceil(height / 16);
	encoder.configure({
		codec: LEVELS.find((level) => macroblocks <= level.macroblocks)?.codec ?? HIGHEST_LEVEL,
		width,
		height,
		bitrate,
		framerate: fps,
		latencyMode: "realtime",
		hardwareAcceleration: "prefer-software",
		avc: { format: "annexb" },
		colorSpace: { primaries: "bt709", transfer: "bt709", matrix: "bt709", fullRange: false },
	});
	let added = 0;

	async function waitForAtMost(inFlight: number): Promise<void> {
		while (failure === undefined && added - frames.length > inFlight) {
			await new Promise<void>((resolve) => {
				wake = resolve;
			});
		}
		wake = undefined;
		if (failure !== undefined) throw failure;
	}

	return {
		name: "native",
		async add(planes) {
			const frame = new VideoFrame(planes, {
				format: "I420",
				codedWidth: width,
				codedHeight: height,
				timestamp: Math.round((added * 1_000_000) / fps),
			});
			encoder.encode(frame, { keyFrame: added % (fps * KEY_FRAME_SECONDS) === 0 });
			frame.close();
			added += 1;
			await waitForAtMost(MAXIMUM_IN_FLIGHT);
		},
		async finish() {
			await encoder.flush();
			await waitForAtMost(0);
			encoder.close();
			return frames;
		},
	};
}
