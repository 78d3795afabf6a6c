import type { Logger, VideoEventName, VideoEvents } from "../../src/telemetry/index.ts";

/** An event with its name. */
export type Step = { [Name in VideoEventName]: readonly [Name, VideoEvents[Name]] }[VideoEventName];

/** A line that a logger was given. */
export interface LogLine {
	readonly level: keyof Logger;
	readonly fields: object;
	readonly message: string;
}

/** A logger that keeps what it is given. */
export function recordingLogger(): { readonly logger: Logger; readonly lines: LogLine[] } {
	const lines: LogLine[] = [];
	const keep = (level: keyof Logger) => (fields: object, message: string) =>
		void lines.push({ level, fields, message });
	return { logger: { debug: keep("debug"), info: keep("info"), warn: keep("warn"), error: keep("error") }, lines };
}

/** What is announced in the life of a job that goes well, or is refused by one model and made by the next. */
export function jobSteps(life: "succeeds" | "falls back", jobId = "job_1"): readonly Step[] {
	const model = life === "succeeds" ? "fake:one" : "other:two";
	const refused: readonly Step[] = [
		[
			"attempt-ended",
			{ jobId, attempt: { model: "fake:zero", outcome: "skipped", billed: "no", errorCode: "quota_exceeded" } },
		],
		["attempt-started", { jobId, model: "fake:one" }],
		["attempt-ended", { jobId, attempt: { model: "fake:one", outcome: "accepted", billed: "yes" } }],
		["generation-ended", { jobId, model: "fake:one", generationMs: 4_000, errorCode: "content_refused" }],
	];
	return [
		["job-created", { jobId, task: "text-to-video", models: ["fake:one", "other:two"] }],
		...(life === "succeeds" ? [] : refused),
		["attempt-started", { jobId, model }],
		["attempt-ended", { jobId, attempt: { model, outcome: "accepted", billed: "yes" } }],
		["progress", { jobId, model, state: "queued", queuePosition: 3 }],
		["generation-ended", { jobId, model, generationMs: 65_000 }],
		["download-started", { jobId, model }],
		["download-progress", { jobId, receivedBytes: 10, totalBytes: 10, bytesPerSecond: 10, remainingMs: 0 }],
		["download-ended", { jobId, model, downloadMs: 250, sizeBytes: 1_234 }],
		["job-ended", { jobId, state: "succeeded", model, cost: { usd: 0.4, source: "service" } }],
	];
}
