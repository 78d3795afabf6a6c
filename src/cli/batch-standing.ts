import { stat } from "node:fs/promises";
import { ProviderError, SubmitUnknownError, type VideoError } from "../errors/index.ts";
import type { JobInfo, VideoService } from "../index.ts";
import type { BatchManifest, ManifestEntry } from "./batch-manifest.ts";

/** Where an item stands before the batch begins. */
export type Standing =
	/** Its video is there. */
	| { readonly kind: "done"; readonly entry: ManifestEntry; readonly path: string }
	/** A job has it: `job` is its id or its token. */
	| { readonly kind: "earlier"; readonly job: string; readonly generation: number }
	/** It may have been billed, and nothing is left to resume: only a person can go on. */
	| { readonly kind: "left"; readonly error: VideoError }
	/** Nothing was sent, or all that was sent has cost nothing. */
	| { readonly kind: "fresh"; readonly generation: number };

/**
 * Finds out where an item stands. The ledger knows best: it had the job before anything was sent, whatever
 * became of the process that was to tell the manifest. Where it knows nothing, the manifest counts.
 */
export async function standingOf(
	key: string,
	manifest: BatchManifest,
	videos: Pick<VideoService, "jobs">,
): Promise<Standing> {
	const entry = manifest.find(key);
	const path = await intactVideo(entry, manifest);
	if (entry !== undefined && path !== undefined) return { kind: "done", entry, path };
	const first = entry?.generation ?? 1;
	for (let generation = first; ; generation++) {
		const job = await jobWith(manifest.jobKey(key, generation), videos);
		if (job === undefined) return generation === first ? fromManifest(entry) : { kind: "fresh", generation };
		// The manifest may know of an acceptance that the ledger could not record.
		const told = entry?.job === job.id ? entry.token : undefined;
		if (!hasCostNothing(job))
			return { kind: "earlier", job: job.token === undefined ? (told ?? job.id) : job.id, generation };
	}
}

async function intactVideo(entry: ManifestEntry | undefined, manifest: BatchManifest): Promise<string | undefined> {
	const path = entry?.state === "succeeded" ? manifest.pathOf(entry) : undefined;
	const found = path === undefined ? undefined : await stat(path).catch(() => undefined);
	return found?.isFile() === true && found.size === entry?.sizeBytes ? path : undefined;
}

async function jobWith(
	idempotencyKey: string | undefined,
	videos: Pick<VideoService, "jobs">,
): Promise<JobInfo | undefined> {
	if (idempotencyKey === undefined) return undefined;
	const [job] = await videos.jobs({ idempotencyKey, limit: 1 });
	return job;
}

function hasCostNothing({ state, billed }: JobInfo): boolean {
	return (state === "failed" || state === "cancelled") && billed === "no";
}

/** What the manifest alone tells: the ledger was in memory, was deleted, or is on another machine. */
function fromManifest(entry: ManifestEntry | undefined): Standing {
	if (entry === undefined) return { kind: "fresh", generation: 1 };
	const { state, generation, token, job, error } = entry;
	if (state === "pending") return { kind: "fresh", generation };
	if (state === "failed" && error?.billed === "no") {
		return { kind: "fresh", generation: job === undefined ? generation : generation + 1 };
	}
	const handle = token ?? job;
	if (handle !== undefined && state !== "submit_unknown") return { kind: "earlier", job: handle, generation };
	return { kind: "left", error: recordedError(entry) };
}

function recordedError({ state, error, job }: ManifestEntry): VideoError {
	const message = error?.message ?? "an earlier run did not record what became of it";
	const details = { billed: error?.billed ?? "unknown", ...(job === undefined ? {} : { jobId: job }) } as const;
	return state === "submit_unknown" ? new SubmitUnknownError(message, details) : new ProviderError(message, details);
}
