import type { VideoMetadata } from "../media/index.ts";
import { parseExactSize } from "../provider-kit/index.ts";
import type { ExpectedVideo } from "./ledger.ts";

/** Services round lengths to whole frames and whole blocks of frames. */
const DURATION_TOLERANCE_SECONDS = 0.5;

/** Where the file is not what was asked for, in words. */
export function compareWithRequest(metadata: VideoMetadata, request: ExpectedVideo): readonly string[] {
	const differences: string[] = [];
	const { durationSeconds, width, height, hasAudio } = metadata;
	if (request.durationSeconds !== undefined && durationSeconds !== undefined) {
		if (Math.abs(durationSeconds - request.durationSeconds) > DURATION_TOLERANCE_SECONDS) {
			differences.push(
				`durationSeconds: ${request.durationSeconds} s were asked for, the video has ${durationSeconds}`,
			);
		}
	}
	const size = request.resolution === undefined ? undefined : parseExactSize(request.resolution);
	if (size !== undefined && width !== undefined && height !== undefined) {
		if (size.width !== width || size.height !== height) {
			differences.push(`resolution: ${size.width}x${size.height} was asked for, the video has ${width}x${height}`);
		}
	}
	if (request.generateAudio === true && hasAudio === false) {
		differences.push("generateAudio: sound was asked for, the video has none");
	}
	return differences;
}
