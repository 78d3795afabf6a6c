import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { DownloadError } from "../errors/index.ts";
import { acceptedAttempt, publicAttempt } from "./job-journal.ts";
import type { JobRecord, ResultRecord } from "./ledger.ts";
import type { VideoResult } from "./video-job.ts";

/** The result of a job that has succeeded, from its record alone: the same now and in a month. */
export function videoResult(record: JobRecord, result: ResultRecord, token: string): VideoResult {
	const { path, sizeBytes, sha256, metadata, warnings, cost, downloadMs, totalMs } = result;
	const operation = acceptedAttempt(record);
	return {
		id: record.id,
		token,
		path,
		sizeBytes,
		sha256,
		metadata,
		model: operation?.model ?? result.fromCache?.model ?? "",
		attempts: record.attempts.map(publicAttempt),
		warnings,
		timings: {
			submittedAt: operation?.submittedAt ?? new Date(record.createdAtMs).toISOString(),
			generationMs: record.generationMs ?? 0,
			downloadMs,
			totalMs,
		},
		cost,
		fromCache: result.fromCache !== undefined,
		bytes: () => readFile(path),
		stream: () => Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>,
	};
}

/** Throws `DownloadError` when a finished video is no longer where it was put. */
export async function requireFile(record: JobRecord, { path, sizeBytes }: ResultRecord): Promise<void> {
	const found = await stat(path).catch(() => undefined);
	if (found?.isFile() === true && found.size === sizeBytes) return;
	const problem = found === undefined ? "is not there any more" : "was changed";
	throw new DownloadError(
		`${record.id} is done, but its file ${path} ${problem}; while the service keeps the video, ` +
			`reelay download ${record.id} fetches it again at no cost`,
		{ billed: acceptedAttempt(record)?.billed ?? "unknown", jobId: record.id },
	);
}
