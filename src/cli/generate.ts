import { stat } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { misspelledVariables, processEnvironment } from "../config/index.ts";
import type { GenerateOptions, ImageToVideoRequest, VideoService } from "../index.ts";
import { decodeText } from "./decode-text.ts";
import { EXIT } from "./exit-code.ts";
import { listenForInterruption } from "./interruption.ts";
import { openService } from "./open-service.ts";
import { printPlan } from "./print-plan.ts";
import { printVideo } from "./print-video.ts";
import { createProgress } from "./progress.ts";
import { inFlags } from "./report-error.ts";
import { wasStoppedHere } from "./stopped-here.ts";
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
	readonly detach?: boolean;
	readonly dryRun?: boolean;
	readonly timeout?: number;
	readonly maxCost?: number;
	readonly cache?: boolean;
}

/** What the names of video files end in. */
const VIDEO_NAME = /\.(mp4|m4v|mov|webm|mkv)$/i;

/** Makes one video, and prints where it is; with `--detach` only submits it. Throws what the service throws. */
export async function generate(prompt: string, flags: GenerateFlags, terminal: Terminal): Promise<number> {
	const progress = createProgress(terminal);
	using interruption = listenForInterruption({ ...terminal, note: progress.note });
	for (const hint of misspelledVariables(processEnvironment())) terminal.note(`warning: ${hint}`);
	await warnOfName(flags.output, terminal);
	const videos = await openService();
	try {
		const request = requestFrom(prompt === "-" ? await readPrompt() : prompt, flags);
		const options: GenerateOptions = {
			model: flags.model,
			fallbacks: flags.fallback,
			output: flags.output ?? "./",
			overwrite: flags.overwrite,
			timeoutMs: flags.timeout === undefined ? undefined : flags.timeout * 1000,
			maxCostUsd: flags.maxCost,
			...(flags.cache === false ? { cache: false } : {}),
			...(flags.detach === true ? { detach: true } : {}),
			signal: interruption.signal,
			onProgress: (state) => progress.update(state),
		};
		if (flags.dryRun === true) {
			return printPlan(await videos.plan(request, options), terminal);
		}
		if (flags.detach === true) {
			await submitOnly(request, options, videos, terminal);
			return EXIT.done;
		}
		// The service checks every field; a flag is passed on as it was typed.
		const video = await ("image" in request || "lastFrame" in request
			? videos.imageToVideo(request, options)
			: videos.textToVideo(request, options));
		progress.stop();
		printVideo(video, terminal);
		return EXIT.done;
	} catch (error) {
		// Nobody can wait for it again once this process has ended: the ledger is to say so, too.
		if (wasStoppedHere(error)) await stop(error.jobId ?? "", videos);
		throw error;
	} finally {
		progress.stop();
		await videos.close();
	}
}

/** Ends a job that nobody waits for; what stands in the way of that must not hide the error that matters more. */
async function stop(jobId: string, videos: VideoService): Promise<void> {
	const stopped = videos.resume(jobId).then((job) => job.cancel());
	await stopped.catch(() => undefined);
}

/** Tells, before anything is sent, of a name that players do not take for a video's. */
async function warnOfName(output: string | undefined, terminal: Terminal): Promise<void> {
	if (output === undefined || output.trim() === "" || /[/\\]$|\{/.test(output) || VIDEO_NAME.test(output)) return;
	const found = await stat(output).catch(() => undefined);
	if (found?.isDirectory() === true) return;
	terminal.note(`warning: --output: "${output}" is not named like a video; a name such as kite.mp4 opens in players`);
}

async function submitOnly(
	request: ImageToVideoRequest,
	options: GenerateOptions,
	videos: VideoService,
	terminal: Terminal,
): Promise<void> {
	videos.on("warning", ({ message }) => terminal.note(`warning: ${inFlags(message)}`));
	const { id, token, model, attempts } = await videos.submit(request, options);
	terminal.note(`${model} has it; collect it with: reelay resume ${id}`);
	terminal.result(terminal.json ? JSON.stringify({ id, token, model, attempts }) : token);
}

/** What standard input holds, without the blanks around it. */
async function readPrompt(): Promise<string> {
	return decodeText(await buffer(process.stdin), "prompt").trim();
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
