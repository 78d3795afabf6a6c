import { isVideoError, type VideoError } from "../errors/index.ts";

/**
 * Whether an error left behind an operation that lived in this process, and ends with it. One that a service
 * has comes with the token that resumes it.
 */
export function wasStoppedHere(error: unknown): error is VideoError {
	if (!isVideoError(error) || error.token !== undefined || error.jobId === undefined) return false;
	const last = error.attempts?.at(-1);
	const isOver = last?.errorCode !== undefined && last.errorCode !== "cancelled";
	return last?.outcome === "accepted" && !isOver;
}

/** What an error says on the command line, where nothing goes on once the command has ended. */
export function messageHere(error: VideoError): string {
	const { billed, code, message, model, phase } = error;
	if (!wasStoppedHere(error)) return message;
	const again = billed === "no" ? "it is free" : "it may be billed again";
	if (code === "still_running") {
		return `${model} was stopped when the time was up; run it again with a longer --timeout, ${again}`;
	}
	const canEndWell = code === "cancelled" || phase === "download" || phase === "media";
	return canEndWell ? `${message}; run it again, ${again}` : message;
}
