import type { JobInfo, JobState, VideoJob } from "../index.ts";
import { widthOf } from "./clip.ts";
import { EXIT, exitCodeForState } from "./exit-code.ts";
import { listenForInterruption } from "./interruption.ts";
import { openService } from "./open-service.ts";
import { printVideo } from "./print-video.ts";
import { createProgress, followJob } from "./progress.ts";
import { table } from "./table.ts";
import type { CommonOptions, Terminal } from "./terminal.ts";

const LONGEST_PROMPT = 40;

/** The flags of `jobs`, parsed. */
export interface JobsFlags extends CommonOptions {
	readonly state?: JobState[];
	readonly model?: string;
	readonly limit?: number;
}

/** The flags of `resume` and `download`, parsed. */
export interface CollectFlags extends CommonOptions {
	readonly output?: string;
	readonly overwrite?: boolean;
	readonly timeout?: number;
}

/** Lists the jobs of the ledger, the newest first. */
export async function jobs(flags: JobsFlags, terminal: Terminal): Promise<number> {
	await using videos = await openService();
	const found = await videos.jobs({ states: flags.state, model: flags.model, limit: flags.limit });
	if (terminal.json) {
		terminal.result(JSON.stringify(found));
	} else if (found.length === 0) {
		terminal.note("no jobs");
	} else {
		const whole = table([["job", "state", "billed", "model", "created", "video or prompt"], ...found.map(jobRow)]);
		const { columns = Number.POSITIVE_INFINITY } = terminal;
		const fits = whole.split("\n").every((line) => widthOf(line) < columns);
		terminal.result(fits ? whole : found.map(narrowRow).join("\n"));
	}
	return EXIT.done;
}

/** Takes one look at a job, and says where it stands; the exit code says it too. */
export async function status(jobId: string, terminal: Terminal): Promise<number> {
	await using videos = await openService();
	const job = await videos.resume(jobId);
	const status = await job.look();
	const { state, progress, queuePosition, reason, path } = status;
	const { id, token, model, attempts } = job;
	if (terminal.json) {
		terminal.result(JSON.stringify({ id, token, model, attempts, ...status }));
	} else {
		const rows: readonly (readonly [name: string, value: string | undefined])[] = [
			["job", id],
			["state", state],
			["model", model],
			["progress", progress === undefined ? undefined : `${Math.round(progress * 100)} %`],
			["queue", queuePosition === undefined ? undefined : `${queuePosition} ahead`],
			["billed", attempts.at(-1)?.billed],
			["reason", reason],
			["video", path],
			["token", token],
		];
		terminal.result(table(rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))));
	}
	if (state === "generated") terminal.note(`the video is ready; fetch it with: reelay resume ${id}`);
	return exitCodeForState(state);
}

/** Waits for a job's video and prints where it is. */
export function resume(jobId: string, flags: CollectFlags, terminal: Terminal): Promise<number> {
	return collect(jobId, terminal, (job, signal) => {
		const options = { signal, timeoutMs: flags.timeout === undefined ? undefined : flags.timeout * 1000 };
		const { output, overwrite } = flags;
		return output === undefined ? job.wait(options) : job.download({ ...options, output, overwrite });
	});
}

/** Fetches a job's video, also one that was fetched before, and prints where it is. */
export function download(jobId: string, flags: CollectFlags, terminal: Terminal): Promise<number> {
	return collect(jobId, terminal, (job, signal) =>
		job.download({
			signal,
			output: flags.output ?? "./",
			overwrite: flags.overwrite,
			timeoutMs: flags.timeout === undefined ? undefined : flags.timeout * 1000,
		}),
	);
}

/** Asks the service to stop a job, and says what came of it. */
export async function cancel(jobId: string, terminal: Terminal): Promise<number> {
	await using videos = await openService();
	const job = await videos.resume(jobId);
	const outcome = await job.cancel();
	const meaning = {
		cancelled: "it was cancelled",
		requested: "the service was asked to stop; it may still finish and be billed",
		finished: "it had ended before",
		unsupported: "the service has no way to cancel; it goes on, and may be billed",
	}[outcome];
	terminal.result(terminal.json ? JSON.stringify({ id: job.id, outcome }) : `${job.id}: ${meaning}`);
	return outcome === "unsupported" ? EXIT.failed : EXIT.done;
}

async function collect(
	jobId: string,
	terminal: Terminal,
	fetchVideo: (job: VideoJob, signal: AbortSignal) => ReturnType<VideoJob["wait"]>,
): Promise<number> {
	const progress = createProgress(terminal);
	using interruption = listenForInterruption({ ...terminal, note: progress.note });
	await using videos = await openService();
	const job = await videos.resume(jobId);
	const stopFollowing = followJob(videos, job, progress);
	try {
		const video = await fetchVideo(job, interruption.signal);
		progress.stop();
		printVideo(video, terminal);
		return EXIT.done;
	} finally {
		stopFollowing();
		progress.stop();
	}
}

/** What a line would not fit. */
function narrowRow(job: JobInfo): string {
	const [id, state, billed, model, created, subject] = jobRow(job);
	return [`${id}  ${state}  ${created}`, `  ${model}  billed: ${billed}`, `  ${subject}`].join("\n");
}

function jobRow({ id, state, billed, model = "", createdAt, path, prompt }: JobInfo): readonly string[] {
	// A prompt may hold what commands a terminal.
	const line = prompt.replaceAll(/[\s\p{C}]+/gu, " ").trim();
	const characters = [...line];
	const short = characters.length > LONGEST_PROMPT ? `${characters.slice(0, LONGEST_PROMPT - 1).join("")}…` : line;
	return [id, state, billed, model, createdAt.slice(0, 16).replace("T", " "), path ?? short];
}
