import type { VideoResult } from "../index.ts";
import { bytesText } from "./amounts.ts";
import { inFlags } from "./report-error.ts";
import type { Terminal } from "./terminal.ts";

/** Prints where a finished video is, or all about it as JSON. */
export function printVideo(video: VideoResult, terminal: Terminal): void {
	for (const warning of video.warnings) terminal.note(`warning: ${inFlags(warning)}`);
	if (terminal.json) {
		terminal.result(JSON.stringify(video));
		return;
	}
	const { width, height, fps, durationSeconds } = video.metadata;
	const seconds = (video.timings.totalMs / 1000).toFixed(1);
	const origin = video.fromCache ? "made before, and not paid again" : `made in ${seconds} s`;
	terminal.note(
		`${video.model}: ${width}x${height}, ${fps} fps, ${durationSeconds} s, ` +
			`${bytesText(video.sizeBytes)}, ${origin}`,
	);
	terminal.result(video.path);
}
