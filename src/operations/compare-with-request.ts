import type { VideoMetadata } from "../media/index.ts";
import { parseAspectRatio, parseExactSize, parseResolutionClass } from "../provider-kit/index.ts";
import type { ExpectedVideo } from "./ledger.ts";

/** Services round lengths to whole frames and whole blocks of frames. */
const DURATION_TOLERANCE_SECONDS = 0.5;
/** Models round sides to blocks of 16 or 32 pixels: what they call 720p may be 1248x704. */
const SIDE_TOLERANCE = 0.1;
const FPS_TOLERANCE = 0.1;

/** Where the file is not what was asked for, in words. What the file does not tell is not held against it. */
export function compareWithRequest(metadata: VideoMetadata, expected: ExpectedVideo): readonly string[] {
	const { durationSeconds, fps, hasAudio } = metadata;
	const differences: (string | undefined)[] = [compareSize(metadata, expected)];
	if (expected.durationSeconds !== undefined && durationSeconds !== undefined) {
		const isOff = Math.abs(durationSeconds - expected.durationSeconds) > DURATION_TOLERANCE_SECONDS;
		const words = `durationSeconds: ${expected.durationSeconds} s were asked for, the video has ${durationSeconds}`;
		differences.push(isOff ? words : undefined);
	}
	if (expected.fps !== undefined && fps !== undefined && isApart(fps, expected.fps, FPS_TOLERANCE)) {
		differences.push(`fps: ${expected.fps} frames a second were asked for, the video has ${fps}`);
	}
	if (expected.generateAudio !== undefined && hasAudio !== undefined && hasAudio !== expected.generateAudio) {
		differences.push(
			`generateAudio: ${hasAudio ? "no sound" : "sound"} was asked for, the video has ${hasAudio ? "some" : "none"}`,
		);
	}
	return differences.filter((difference) => difference !== undefined);
}

function compareSize({ width, height }: VideoMetadata, { resolution, aspectRatio }: ExpectedVideo): string | undefined {
	if (width === undefined || height === undefined) return undefined;
	const exact = resolution === undefined ? undefined : parseExactSize(resolution);
	const shortSide = resolution === undefined ? undefined : parseResolutionClass(resolution);
	const isOther = exact !== undefined && (exact.width !== width || exact.height !== height);
	const isOtherClass = shortSide !== undefined && isApart(Math.min(width, height), shortSide, SIDE_TOLERANCE);
	if (isOther || isOtherClass) return `resolution: ${resolution} was asked for, the video has ${width}x${height}`;
	const ratio = aspectRatio === undefined ? undefined : parseAspectRatio(aspectRatio);
	if (ratio === undefined || !isApart(width / height, ratio.width / ratio.height, SIDE_TOLERANCE)) return undefined;
	return `aspectRatio: ${aspectRatio} was asked for, the video has ${width}x${height}`;
}

function isApart(actual: number, wanted: number, tolerance: number): boolean {
	return Math.abs(actual / wanted - 1) > tolerance;
}
