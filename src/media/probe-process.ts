/**
 * Runs as a process of its own: the media library believes what a file says of itself, and a forged table makes it
 * eat gigabytes. At its limit of memory this process ends. A thread at its limit can take all threads with it.
 */
import { createRequire } from "node:module";
import type { InputVideoTrack, Source } from "mediabunny";
import { MediaError } from "../errors/index.ts";
import { type ByteReader, type FileReader, openFileReader } from "./byte-reader.ts";
import type { TrackMetadata } from "./video-metadata.ts";

/** What it answers to a path. A failure is in the media library's own words, which are not for users. */
export type ProbeAnswer =
	| { readonly metadata: TrackMetadata }
	| { readonly problem: string }
	| { readonly failure: string };

// The bundle loads in two thirds of the time of the separate modules.
const { CustomSource, Input, MATROSKA, MP4, QTFF, WEBM }: typeof import("mediabunny") = createRequire(import.meta.url)(
	"mediabunny",
);

/** What it was started with, in MiB. */
const memoryLimitMb = Number(process.argv[2]);
/**
 * That limit counts what a file is parsed into, but not the bytes that are read. Of those there are three
 * copies for a moment: ours, the media library's, and its cache's.
 */
const largestReadBytes = (memoryLimitMb * 2 ** 20) / 4;

process.on("message", (path: string) => {
	void answer(path).then((message) => process.send?.(message));
});

async function answer(path: string): Promise<ProbeAnswer> {
	let file: FileReader | undefined;
	let input: InstanceType<typeof Input> | undefined;
	try {
		file = await openFileReader(path);
		input = new Input({ source: boundedSource(file), formats: [MP4, QTFF, WEBM, MATROSKA] });
		const track = await input.getPrimaryVideoTrack();
		if (track === null) return { problem: "it has no picture track" };
		return { metadata: await readTrack(track, (await input.getPrimaryAudioTrack()) !== null) };
	} catch (error) {
		return error instanceof MediaError ? { problem: error.message } : { failure: String(error) };
	} finally {
		input?.dispose();
		await file?.close();
	}
}

/** The file, unless a piece of it is larger than there may be memory for: an index is read whole. */
function boundedSource(file: ByteReader): Source {
	return new CustomSource({
		getSize: () => file.size,
		read(start, end) {
			if (end - start <= largestReadBytes) return file.read(start, end - start);
			throw new MediaError(`reading it takes more than ${memoryLimitMb} MB of memory`);
		},
		prefetchProfile: "fileSystem",
	});
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
		const fps = round(packetCount / durationSeconds);
		if (fps > 0) metadata.fps = fps;
	}
	return metadata;
}

/** To microseconds: sums of binary fractions print as 2.0000000000000004. */
function round(value: number): number {
	return Math.round(value * 1e6) / 1e6;
}
