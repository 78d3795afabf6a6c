import type { VideoJob, VideoProgress, VideoService } from "../index.ts";
import { clockText } from "./amounts.ts";
import { type LiveRows, liveRows, type RowStream } from "./live-rows.ts";
import { barText, progressText } from "./progress-text.ts";
import type { Terminal } from "./terminal.ts";

/** Shows how far a job is. */
export interface ProgressDisplay {
	/** Shows the latest state. */
	update(progress: VideoProgress): void;
	/** Writes a line that stays; silent with `--quiet`. */
	note(line: string): void;
	/** Removes the bar, so that what follows starts on a clean line. */
	stop(): void;
}

/** A line is written when the share has grown by this much; JSON is for programs, which take more of them. */
const LINE_EVERY = 0.25;
const JSON_EVERY = 0.01;
const WIDE_TERMINAL = 110;
const STAGE_COLUMNS = "downloading".length;

/** A bar where a person watches, else a line now and then; JSON lines with `--json`. */
export function createProgress(terminal: Terminal): ProgressDisplay {
	if (terminal.json) return lineDisplay(terminal, JSON_EVERY, (progress) => JSON.stringify({ progress }));
	return terminal.isInteractive ? barDisplay(terminal) : lineDisplay(terminal, LINE_EVERY, progressLine);
}

/** Shows a job that was taken up again; the function it returns ends that. */
export function followJob(
	videos: VideoService,
	{ id, model }: VideoJob,
	display: Pick<ProgressDisplay, "update">,
): () => void {
	const stops = [
		videos.on("progress", ({ state, ...event }) => {
			if (event.jobId === id) display.update({ ...event, stage: state });
		}),
		videos.on("download-progress", (event) => {
			if (event.jobId === id) display.update({ ...event, model, stage: "downloading" });
		}),
	];
	return () => {
		for (const stop of stops) stop();
	};
}

/** The row of one job: `running      ██████░░░░░░  ~40 %   0:05  ~0:12 left  google:veo-3.1`. */
export function progressRow(progress: VideoProgress, seconds: number, columns: number): string {
	const { stage, share = 0, percent, detail } = progressText(progress);
	return [
		stage.padEnd(STAGE_COLUMNS),
		barText(share, columns >= WIDE_TERMINAL ? 40 : 12),
		percent.padStart(5),
		clockText(seconds).padStart(5),
		...(detail === "" ? [] : [detail]),
		progress.model,
	].join("  ");
}

function barDisplay(terminal: Terminal, stream: RowStream = process.stderr): ProgressDisplay {
	const startedAtMs = performance.now();
	let rows: LiveRows | undefined;
	let latest: VideoProgress;
	const draw = (columns: number) => progressRow(latest, (performance.now() - startedAtMs) / 1000, columns);
	return {
		update(progress) {
			latest = progress;
			rows ??= liveRows([draw], stream);
		},
		note: (line) => (rows ?? terminal).note(line),
		stop() {
			rows?.stop();
			rows = undefined;
		},
	};
}

function lineDisplay(terminal: Terminal, every: number, write: (progress: VideoProgress) => string): ProgressDisplay {
	let lastStage = "";
	let lastShare = 0;
	return {
		update(progress) {
			const { stage, share = 0, detail } = progressText(progress);
			const place = stage === "queued" ? `${stage} ${detail}` : stage;
			if (place === lastStage && share - lastShare < every) return;
			lastStage = place;
			lastShare = share;
			terminal.note(write(progress));
		},
		note: (line) => terminal.note(line),
		stop: () => undefined,
	};
}

function progressLine(progress: VideoProgress): string {
	const { stage, share = 0, percent, detail } = progressText(progress);
	const words = [stage, ...(share > 0 ? [percent] : []), ...(detail === "" ? [] : [`(${detail})`])];
	return `${progress.model}: ${words.join(" ")}`;
}
