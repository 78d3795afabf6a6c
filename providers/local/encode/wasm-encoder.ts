import { BufferSource, EncodedPacketSink, Input, MP4 } from "mediabunny";
import type { EncodedFrame, EncoderSettings, FrameEncoder } from "./frame-encoder.ts";
import { KEY_FRAME_SECONDS } from "./frame-encoder.ts";

/** 0 is the best and 10 the fastest; 5 keeps up with drawing. */
const SPEED = 5;

/**
 * minih264 as WebAssembly through `h264-mp4-encoder`, for machines without a native binary. It writes
 * an MP4 with the index at its end, out of which the frames are taken again.
 */
export async function createWasmEncoder(settings: EncoderSettings): Promise<FrameEncoder> {
	const { createH264MP4Encoder } = (await import("h264-mp4-encoder")).default;
	const encoder = await createH264MP4Encoder();
	encoder.width = settings.width;
	encoder.height = settings.height;
	encoder.frameRate = settings.fps;
	encoder.kbps = Math.round(settings.bitrate / 1_000);
	encoder.speed = SPEED;
	encoder.groupOfPictures = settings.fps * KEY_FRAME_SECONDS;
	encoder.initialize();
	return {
		name: "wasm",
		async add(planes) {
			encoder.addFrameYuv(planes);
		},
		async finish() {
			encoder.finalize();
			const file = encoder.FS.readFile(encoder.outputFilename);
			encoder.delete();
			return readFrames(file);
		},
	};
}

async function readFrames(file: Uint8Array): Promise<readonly EncodedFrame[]> {
	const input = new Input({ source: new BufferSource(file), formats: [MP4] });
	const track = await input.getPrimaryVideoTrack();
	const frames: EncodedFrame[] = [];
	if (track === null) return frames;
	const parameterSets = annexBParameterSets((await track.getDecoderConfig())?.description);
	for await (const packet of new EncodedPacketSink(track).packets()) {
		const isKey = packet.type === "key";
		const parts = isKey ? [parameterSets, toAnnexB(packet.data)] : [toAnnexB(packet.data)];
		frames.push({ data: Buffer.concat(parts), isKey });
	}
	return frames;
}

/** NAL units behind 4-byte lengths, as MP4 stores them, become NAL units behind start codes of the same size. */
function toAnnexB(data: Uint8Array): Uint8Array {
	const units = data.slice();
	const view = new DataView(units.buffer);
	for (let offset = 0; offset + 4 <= units.length; ) {
		const length = view.getUint32(offset);
		view.setUint32(offset, 1);
		offset += 4 + length;
	}
	return units;
}

/** The sequence and picture parameter sets of an `avcC` record (ISO/IEC 14496-15, 5.3.3.1) behind start codes. */
function annexBParameterSets(description: VideoDecoderConfig["description"]): Uint8Array {
	if (description === undefined) return new Uint8Array();
	const record = ArrayBuffer.isView(description)
		? Buffer.from(description.buffer, description.byteOffset, description.byteLength)
		: Buffer.from(description);
	const parts: Buffer[] = [];
	let offset = 5;
	for (const countMask of [0x1f, 0xff]) {
		const count = record.readUInt8(offset) & countMask;
		offset += 1;
		for (let index = 0; index < count; index += 1) {
			const length = record.readUInt16BE(offset);
			parts.push(Buffer.from([0, 0, 0, 1]), record.subarray(offset + 2, offset + 2 + length));
			offset += 2 + length;
		}
	}
	return Buffer.concat(parts);
}
