import type { VideoProgress } from "../index.ts";
import { bytesText, clockText } from "./amounts.ts";

/** How far a job is, in words; `~` marks what reelay estimates and no service said. */
export interface ProgressText {
	/** What is going on. */
	readonly stage: string;
	/** Share of the stage done, 0 to 1; absent when nobody knows. */
	readonly share?: number;
	/** `40 %`, `~40 %`, or nothing. */
	readonly percent: string;
	/** The place in the queue, the rate, the time that is left; may be empty. */
	readonly detail: string;
}

/** An estimate never says that something is done. */
const MOST_ESTIMATED_PERCENT = 99;

/** Says how far a job is. */
export function progressText(progress: VideoProgress): ProgressText {
	const { stage } = progress;
	switch (stage) {
		case "downloading":
			return { stage, ...shareOf(progress.receivedBytes, progress.totalBytes), detail: downloadDetail(progress) };
		case "running":
			return { stage, ...generationShare(progress), detail: remaining(progress.estimate?.remainingMs) };
		default:
			return { stage, percent: "", detail: queueDetail(progress.queuePosition) };
	}
}

/** A bar of so many columns; it is full when all is done, and not before. */
export function barText(share: number, columns: number): string {
	const full = share >= 1 ? columns : Math.min(columns - 1, Math.max(0, Math.round(share * columns)));
	return "█".repeat(full) + "░".repeat(columns - full);
}

function generationShare({ progress, estimate }: VideoProgress): Pick<ProgressText, "share" | "percent"> {
	if (progress !== undefined) return { share: progress, percent: `${Math.round(progress * 100)} %` };
	const share = estimate?.progress;
	if (share === undefined) return { percent: "" };
	return { share, percent: `~${Math.min(MOST_ESTIMATED_PERCENT, Math.round(share * 100))} %` };
}

function shareOf(received = 0, total?: number): Pick<ProgressText, "share" | "percent"> {
	if (total === undefined) return { percent: "" };
	const share = received / Math.max(1, total);
	return { share, percent: `${Math.round(share * 100)} %` };
}

function queueDetail(position: number | undefined): string {
	if (position === undefined) return "";
	return position === 0 ? "next in line" : `${position} ahead`;
}

function downloadDetail({ receivedBytes = 0, totalBytes, bytesPerSecond, remainingMs }: VideoProgress): string {
	const amount = `${bytesText(receivedBytes)}${totalBytes === undefined ? "" : ` of ${bytesText(totalBytes)}`}`;
	const rate = bytesPerSecond === undefined ? "" : `${bytesText(bytesPerSecond)}/s`;
	return [amount, rate, remaining(remainingMs)].filter((part) => part !== "").join(", ");
}

function remaining(ms: number | undefined): string {
	return ms === undefined || ms <= 0 ? "" : `~${clockText(Math.ceil(ms / 1000))} left`;
}
