import { BufferTarget, EncodedPacket, EncodedVideoPacketSource, Mp4OutputFormat, Output } from "mediabunny";
import type { EncodedFrame, EncoderSettings } from "./frame-encoder.ts";

const CONTAINERS_OF_TIMES = new Set(["moov", "trak", "mdia"]);
const BOXES_WITH_TIMES = new Set(["mvhd", "tkhd", "mdhd"]);

/** An MP4 of the frames at a constant rate, its index first, with nothing in it that depends on the day. */
export async function muxMp4(frames: readonly EncodedFrame[], settings: EncoderSettings): Promise<Uint8Array> {
	const { width, height, fps } = settings;
	const target = new BufferTarget();
	const output = new Output({ format: new Mp4OutputFormat({ fastStart: "in-memory" }), target });
	const source = new EncodedVideoPacketSource("avc");
	output.addVideoTrack(source, { frameRate: fps });
	await output.start();
	for (const [index, frame] of frames.entries()) {
		const packet = new EncodedPacket(frame.data, frame.isKey ? "key" : "delta", index / fps, 1 / fps);
		await source.add(packet, {
			decoderConfig: {
				codec: "avc1.42E01F",
				codedWidth: width,
				codedHeight: height,
				colorSpace: { primaries: "bt709", transfer: "bt709", matrix: "bt709", fullRange: false },
			},
		});
	}
	await output.finalize();
	const file = new Uint8Array(target.buffer ?? new ArrayBuffer(0));
	eraseTimes(new DataView(file.buffer), 0, file.length);
	return file;
}

/** Sets creation and modification times to zero, "not known": the muxer writes the time of day. */
function eraseTimes(view: DataView, start: number, end: number): void {
	let offset = start;
	while (offset + 8 <= end) {
		const size = view.getUint32(offset);
		const type = String.fromCharCode(...[4, 5, 6, 7].map((index) => view.getUint8(offset + index)));
		// 0 and 1 mark a box that reaches to the end or has a 64-bit size: the picture data, which is last.
		if (size < 8) return;
		if (CONTAINERS_OF_TIMES.has(type)) eraseTimes(view, offset + 8, offset + size);
		if (BOXES_WITH_TIMES.has(type)) {
			const bytes = view.getUint8(offset + 8) === 1 ? 16 : 8;
			for (let index = 0; index < bytes; index += 1) view.setUint8(offset + 12 + index, 0);
		}
		offset += size;
	}
}
