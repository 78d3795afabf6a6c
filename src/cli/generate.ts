import { misspelledVariables, processEnvironment } from "../config/index.ts";
import { createVideoService, type GenerateOptions, type ImageToVideoRequest, type VideoResult } from "../index.ts";
import { EXIT } from "./exit-code.ts";
import { createProgress } from "./progress.ts";
import { inFlags } from "./report-error.ts";
import type { CommonOptions, Terminal } from "./terminal.ts";

/** The flags of `generate`, parsed. */
export interface GenerateFlags extends CommonOptions {
	readonly image?: string;
	readonly lastFrame?: string;
	readonly reference?: string[];
	readonly model?: string;
	readonly fallback?: string[];
	readonly duration?: number;
	readonly fps?: number;
	readonly resolution?: string;
	readonly aspectRatio?: string;
	readonly quality?: string;
	readonly seed?: number;
	readonly steps?: number;
	readonly guidance?: number;
	readonly negativePrompt?: string;
	readonly audio?: boolean;
	readonly output?: string;
	readonly overwrite?: boolean;
	readonly timeout?: number;
	readonly maxCost?: number;
}

/** Makes one video, and prints where it is. Throws what the service throws. */
export async function generate(prompt: string, flags: GenerateFlags, terminal: Terminal): Promise<number> {
	const interruption = new AbortController();
	const stopListening = onInterrupt(() => {
		terminal.note("reelay: stopping; press Ctrl-C again to leave at once");
		interruption.abort();
	});
	for (const hint of misspelledVariables(processEnvironment())) terminal.note(`warning: ${hint}`);
	const progress = createProgress(terminal);
	const videos = createVideoService();
	try {
		const request = { ...requestFrom(prompt, flags) };
		const options: GenerateOptions = {
			model: flags.model,
			fallbacks: flags.fallback,
			output: flags.output ?? "./",
			overwrite: flags.overwrite,
			timeoutMs: flags.timeout === undefined ? undefined : flags.timeout * 1000,
			maxCostUsd: flags.maxCost,
			signal: interruption.signal,
			onProgress: (state) => progress.update(state),
		};
		// The service checks every field; a flag is passed on as it was typed.
		const video = await (flags.image === undefined && flags.lastFrame === undefined && flags.reference === undefined
			? videos.textToVideo(request, options)
			: videos.imageToVideo(request as ImageToVideoRequest, options));
		progress.stop();
		print(video, terminal);
		return EXIT.done;
	} finally {
		progress.stop();
		await videos.close();
		stopListening();
	}
}

function requestFrom(prompt: string, flags: GenerateFlags): ImageToVideoRequest {
	const fields = {
		prompt,
		negativePrompt: flags.negativePrompt,
		durationSeconds: flags.duration,
		fps: flags.fps,
		aspectRatio: flags.aspectRatio,
		resolution: flags.resolution,
		quality: flags.quality,
		seed: flags.seed,
		numInferenceSteps: flags.steps,
		guidanceScale: flags.guidance,
		generateAudio: flags.audio,
		image: flags.image,
		lastFrame: flags.lastFrame,
		references: flags.reference,
	};
	const given = Object.entries(fields).filter(([, value]) => value !== undefined);
	return Object.fromEntries(given) as unknown as ImageToVideoRequest;
}

function print(video: VideoResult, terminal: Terminal): void {
	for (const warning of video.warnings) terminal.note(`warning: ${inFlags(warning)}`);
	if (terminal.json) {
		terminal.result(JSON.stringify(video));
		return;
	}
	const { width, height, fps, durationSeconds } = video.metadata;
	const seconds = (video.timings.totalMs / 1000).toFixed(1);
	terminal.note(
		`${video.model}: ${width}x${height}, ${fps} fps, ${durationSeconds} s, ` +
			`${size(video.sizeBytes)}, made in ${seconds} s`,
	);
	terminal.result(video.path);
}

function size(sizeBytes: number): string {
	return sizeBytes < 100_000 ? `${(sizeBytes / 1000).toFixed(1)} kB` : `${(sizeBytes / 1_000_000).toFixed(1)} MB`;
}

/** Calls back on the first Ctrl-C or termination; the second one leaves at once. */
function onInterrupt(callback: () => void): () => void {
	let interrupted = false;
	const listener = () => {
		if (interrupted) process.exit(EXIT.interrupted);
		interrupted = true;
		callback();
	};
	process.on("SIGINT", listener);
	process.on("SIGTERM", listener);
	return () => {
		process.off("SIGINT", listener);
		process.off("SIGTERM", listener);
	};
}
