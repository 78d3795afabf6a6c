import { SingleBar } from "cli-progress";
import type { VideoJob, VideoProgress, VideoService } from "../index.ts";
import type { Terminal } from "./terminal.ts";

/** Shows how far a job is. */
export interface ProgressDisplay {
	/** Shows the latest state. */
	update(progress: VideoProgress): void;
	/** Removes the bar, so that what follows starts on a clean line. */
	stop(): void;
}

const LINE_EVERY = 0.25;

/** A bar where a person watches, else a line now and then. */
export function createProgress(terminal: Terminal): ProgressDisplay {
	return terminal.isInteractive ? barDisplay() : lineDisplay(terminal);
}

/** Shows a job that was taken up again; the function it returns ends that. */
export function followJob(videos: VideoService, { id, model }: VideoJob, display: ProgressDisplay): () => void {
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

function barDisplay(): ProgressDisplay {
	const bar = new SingleBar({
		format: "{model} {stage} {bar} {percent} {seconds} s",
		barCompleteChar: "█",
		barIncompleteChar: "░",
		barsize: 28,
		hideCursor: true,
		clearOnComplete: true,
		stream: process.stderr,
		gracefulExit: false,
		autopadding: false,
	});
	const startedAt = performance.now();
	let started = false;
	return {
		update(progress) {
			const share = shareOf(progress);
			const seconds = Math.round((performance.now() - startedAt) / 1000);
			const percent = share === undefined ? "" : `${String(Math.round(share * 100)).padStart(3)} %`;
			const payload = { model: progress.model, stage: stageOf(progress), percent, seconds };
			if (!started) bar.start(1, 0, payload);
			started = true;
			bar.update(share ?? 0, payload);
		},
		stop() {
			if (started) bar.stop();
		},
	};
}

function lineDisplay(terminal: Terminal): ProgressDisplay {
	let lastStage = "";
	let lastShare = 0;
	return {
		update(progress) {
			const share = shareOf(progress) ?? 0;
			const stage = stageOf(progress);
			if (stage === lastStage && share - lastShare < LINE_EVERY) return;
			lastStage = stage;
			lastShare = share;
			terminal.note(`${progress.model}: ${stage}${share > 0 ? ` ${Math.round(share * 100)} %` : ""}`);
		},
		stop: () => undefined,
	};
}

function stageOf({ stage, queuePosition }: VideoProgress): string {
	return stage === "queued" && queuePosition !== undefined ? `queued (${queuePosition} ahead)` : stage;
}

function shareOf({ stage, progress, receivedBytes, totalBytes }: VideoProgress): number | undefined {
	if (stage !== "downloading") return progress;
	return receivedBytes === undefined || totalBytes === undefined ? undefined : receivedBytes / Math.max(1, totalBytes);
}
