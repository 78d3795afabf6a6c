/**
 * Runs in a worker thread of its own: the media library believes what a file says of itself, and a forged
 * table makes it eat gigabytes. Here the thread's limits end that, not the process.
 */
import { createRequire } from "node:module";
import { parentPort } from "node:worker_threads";
import type { InputVideoTrack } from "mediabunny";
import type { TrackMetadata } from "./video-metadata.ts";

/** What the thread answers to a path. A failure is in the media library's own words, which are not for users. */
export type ProbeAnswer =
	| { readonly metadata: TrackMetadata }
	| { readonly problem: string }
	| { readonly failure: string };

// The bundle loads in two thirds of the time of the separate modules.
const { FilePathSource, Input, MATROSKA, MP4, QTFF, WEBM }: typeof import("mediabunny") = createRequire(
	import.meta.url,
)("mediabunny");

parentPort?.on("message", (path: string) => {
	void answer(path).then((message) => parentPort?.postMessage(message));
});

async function answer(path: string): Promise<ProbeAnswer> {
	const input = new Input({ source: new FilePathSource(path), formats: [MP4, QTFF, WEBM, MATROSKA] });
	try {
		const track = await input.getPrimaryVideoTrack();
		if (track === null) return { problem: "it has no picture track" };
		return { metadata: await readTrack(track, (await input.getPrimaryAudioTrack()) !== null) };
	} catch (error) {
		return { failure: String(error) };
	} finally {
		input.dispose();
	}
}

async function readTrack(track: InputVideoTrack, hasAudio: boolean): Promise<TrackMetadata> {
	const codec = await track.getCodec();
	// A track's duration is the time at which it ends, and fragmented files may start late.
	const durationSeconds = round((await track.computeDuration()) - (await track.getFirstTimestamp()));
	const { packetCount } = await track.computePacketStats();
	const metadata: { -readonly [Name in keyof TrackMetadata]: TrackMetadata[Name] } = { hasAudio };
	if (codec !== null) metadata.codec = codec;
	const width = await track.getDisplayWidth();
	const height = await track.getDisplayHeight();
	if (width > 0 && height > 0) Object.assign(metadata, { width, height });
	if (durationSeconds > 0 && Number.isFinite(durationSeconds)) {
		metadata.durationSeconds = durationSeconds;
		metadata.fps = round(packetCount / durationSeconds);
	}
	return metadata;
}

/** To microseconds: sums of binary fractions print as 2.0000000000000004. */
function round(value: number): number {
	return Math.round(value * 1e6) / 1e6;
}
