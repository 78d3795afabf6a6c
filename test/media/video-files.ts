import {
	BufferTarget,
	EncodedAudioPacketSource,
	EncodedPacket,
	EncodedVideoPacketSource,
	MkvOutputFormat,
	MovOutputFormat,
	Mp4OutputFormat,
	Output,
	WebMOutputFormat,
} from "mediabunny";
import type { VideoContainer } from "../../src/media/index.ts";

/** What a video of the tests is like. The coded pictures are empty: only the container matters here. */
export interface VideoRecipe {
	readonly container: VideoContainer;
	readonly codec?: "vp8" | "vp9" | "av1";
	readonly frames?: number;
	readonly fps?: number;
	readonly width?: number;
	readonly height?: number;
	readonly rotation?: 0 | 90;
	/** When the first frame is shown, in seconds. */
	readonly startSeconds?: number;
	readonly hasAudio?: boolean;
	/** Where an MP4 keeps its index: before the pictures, after them, or in pieces. */
	readonly index?: "first" | "last" | "fragmented";
	/** Writes WebM as a live recorder does, without sizes. */
	readonly isLive?: boolean;
}

/** Writes a video with the media library's muxer. */
export async function makeVideo(recipe: VideoRecipe): Promise<Uint8Array> {
	const { codec = "vp9", frames = 12, fps = 24, width = 64, height = 48, startSeconds = 0 } = recipe;
	const target = new BufferTarget();
	const output = new Output({ format: outputFormat(recipe), target });
	const video = new EncodedVideoPacketSource(codec);
	output.addVideoTrack(video, { frameRate: fps, rotation: recipe.rotation ?? 0 });
	const audio = recipe.hasAudio === true ? new EncodedAudioPacketSource("opus") : undefined;
	if (audio !== undefined) output.addAudioTrack(audio);
	await output.start();
	const codecString = { vp8: "vp8", vp9: "vp09.00.10.08", av1: "av01.0.04M.08" }[codec];
	for (let index = 0; index < frames; index += 1) {
		const kind = index % 6 === 0 ? "key" : "delta";
		const packet = new EncodedPacket(new Uint8Array(50).fill(index), kind, startSeconds + index / fps, 1 / fps);
		await video.add(packet, { decoderConfig: { codec: codecString, codedWidth: width, codedHeight: height } });
	}
	for (let index = 0; audio !== undefined && index < 10; index += 1) {
		const packet = new EncodedPacket(new Uint8Array(20), "key", index * 0.02, 0.02);
		await audio.add(packet, { decoderConfig: { codec: "opus", numberOfChannels: 2, sampleRate: 48_000 } });
	}
	await output.finalize();
	return new Uint8Array(target.buffer ?? new ArrayBuffer(0));
}

function outputFormat(recipe: VideoRecipe) {
	const fastStart = { first: "in-memory", last: false, fragmented: "fragmented" } as const;
	const mp4 = { fastStart: fastStart[recipe.index ?? "last"] };
	switch (recipe.container) {
		case "mp4":
			return new Mp4OutputFormat(mp4);
		case "mov":
			return new MovOutputFormat(mp4);
		case "webm":
			return new WebMOutputFormat({ appendOnly: recipe.isLive === true });
		case "mkv":
			return new MkvOutputFormat({ appendOnly: recipe.isLive === true });
	}
}

/** One box of an MP4 file. */
export function box(type: string, ...contents: readonly Uint8Array[]): Buffer {
	const content = Buffer.concat(contents);
	return Buffer.concat([uint32(content.length + 8), Buffer.from(type, "latin1"), content]);
}

/** One box whose size is written in 64 bits. */
export function largeBox(type: string, content: Uint8Array): Buffer {
	return Buffer.concat([uint32(1), Buffer.from(type, "latin1"), uint32(0), uint32(content.length + 16), content]);
}

/** The first box of an MP4 file. */
export const FTYP = box("ftyp", Buffer.from("isom"), uint32(512), Buffer.from("isommp42"));

/** An index whose one track names these places in the file. */
export function indexOf(offsets: readonly number[], count = offsets.length, wide = false): Buffer {
	const entries = offsets.map((offset) => (wide ? Buffer.concat([uint32(0), uint32(offset)]) : uint32(offset)));
	const table = box(wide ? "co64" : "stco", uint32(0), uint32(count), ...entries);
	return box("moov", box("mvhd"), box("trak", box("mdia", box("minf", box("stbl", box("stts"), table)))));
}

/** One element of a WebM file; `id` as the specification prints it. */
export function element(id: number, content: Uint8Array): Buffer {
	const size = Buffer.alloc(8);
	size.writeUInt32BE(0x01_00_00_00, 0);
	size.writeUInt32BE(content.length, 4);
	return Buffer.concat([elementId(id), size, content]);
}

/** The start of an element whose size its writer did not know. */
export function endlessElement(id: number, content: Uint8Array): Buffer {
	return Buffer.concat([elementId(id), Buffer.from([0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), content]);
}

/** The first element of a WebM or Matroska file. */
export function ebmlHeader(docType: string): Buffer {
	return element(0x1a45dfa3, element(0x4282, Buffer.from(docType)));
}

/** A number in four bytes, the highest first. */
export function uint32(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32BE(value);
	return bytes;
}

function elementId(id: number): Buffer {
	return Buffer.from(id.toString(16), "hex");
}
