import { constants } from "node:fs";
import { lstat, open } from "node:fs/promises";
import { basename, isAbsolute } from "node:path";
import { DownloadError } from "../errors/index.ts";
import { type VideoContainer, verifyVideoFile } from "../media/index.ts";
import type { Billed, VideoAsset } from "../provider/index.ts";
import { containerOfName, type NamingValues, renderName } from "./file-name.ts";
import type { VideoNetwork } from "./network.ts";
import type { OutputPlan } from "./output-plan.ts";
import { PartialFile, refuseTooLarge } from "./partial-file.ts";
import { type DownloadProgress, ProgressMeter } from "./progress.ts";
import { publishFile } from "./publish-file.ts";
import { throwIfCancelled, toSaveError } from "./save-error.ts";
import { saveUrl } from "./save-url.ts";

/** A finished video, and where it is to be kept. */
export interface SaveRequest {
	/** The video where the service left it. */
	readonly asset: VideoAsset;
	/** Where to write it, from `planOutput`. */
	readonly plan: OutputPlan;
	/** What a name is made of when the plan does not fix one. */
	readonly names: NamingValues;
	/** The largest video that is kept, in bytes. */
	readonly maxBytes: number;
	/** Whether the video was paid for; every error says so. */
	readonly billed: Billed;
	/** Ends the work. What has arrived of a resumable download is kept. */
	readonly signal: AbortSignal;
	/** Fetches assets that are URLs. */
	readonly network: VideoNetwork;
	/** Asks the service for the asset again when its URL has expired. Absent: an expired URL is an error. */
	readonly refresh?: (() => Promise<VideoAsset>) | undefined;
	/** Told at most ten times a second, and at the end. An error that it throws is ignored. */
	readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/** A video on this machine, complete and verified. */
export interface SavedVideo {
	/** The absolute path. */
	readonly path: string;
	readonly sizeBytes: number;
	/** SHA-256 of the file, in hexadecimal. */
	readonly sha256: string;
	/** What the file is, from its own bytes. */
	readonly container: VideoContainer;
	/** Things the user should know: another name than asked for, another container than the name says. */
	readonly warnings: readonly string[];
}

/** Bytes that are written, or copied, between two looks at the signal. */
const SLICE_BYTES = 1_048_576;

/**
 * Brings a finished video to its place: written to a private file beside it, verified to the last byte,
 * flushed, then named in one step. The name is never seen before the file is whole, is never written
 * through a symbolic link, and never replaces a file unless the plan says so: when it was taken meanwhile
 * the video is saved as `name-2`, with a warning.
 *
 * Throws `DownloadError` (network, disk), `FileSizeError` (over `maxBytes`), `MediaError` (not a whole
 * video) or `CancelledError`. After each of them the video can be fetched again at no cost.
 */
export async function saveAsset(request: SaveRequest): Promise<SavedVideo> {
	throwIfCancelled(request);
	if (request.asset.kind === "url") return saveUrl(request, request.asset, finish);
	const { asset, plan } = request;
	let part: PartialFile | undefined;
	try {
		part = await PartialFile.create(plan.directory, request);
		if (asset.kind === "bytes") await writeBytes(asset.data, part, request);
		else await copyFile(asset.path, part, request);
		return await finish(part, request);
	} catch (error) {
		throw toSaveError(error, request, part?.sizeBytes ?? 0);
	} finally {
		await part?.discard();
	}
}

async function writeBytes(data: Uint8Array, part: PartialFile, request: SaveRequest): Promise<void> {
	refuseTooLarge(data.byteLength, request);
	const meter = new ProgressMeter(request, data.byteLength);
	for (let offset = 0; offset < data.byteLength; offset += SLICE_BYTES) {
		throwIfCancelled(request);
		await part.write(data.subarray(offset, offset + SLICE_BYTES));
		meter.update(part.sizeBytes);
	}
	meter.finish(part.sizeBytes);
}

async function copyFile(path: string, part: PartialFile, request: SaveRequest): Promise<void> {
	const { billed } = request;
	const source = isAbsolute(path) ? await lstat(path) : undefined;
	if (source?.isFile() !== true) {
		throw new DownloadError(`the provider's file "${path}" is not an ordinary file with an absolute path`, { billed });
	}
	refuseTooLarge(source.size, request);
	const meter = new ProgressMeter(request, source.size);
	const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
	try {
		const buffer = new Uint8Array(SLICE_BYTES);
		for (;;) {
			throwIfCancelled(request);
			const { bytesRead } = await handle.read(buffer, 0, SLICE_BYTES, part.sizeBytes);
			if (bytesRead === 0) break;
			await part.write(buffer.subarray(0, bytesRead));
			meter.update(part.sizeBytes);
		}
	} finally {
		await handle.close();
	}
	meter.finish(part.sizeBytes);
}

/** Verifies, flushes and names a file that has all its bytes. */
async function finish(part: PartialFile, request: SaveRequest): Promise<SavedVideo> {
	const { plan, names, signal } = request;
	await part.flush(plan.fileMode);
	const { container } = await verifyVideoFile(part.path, { signal });
	const { sizeBytes } = part;
	const sha256 = part.sha256();
	const name = plan.nameIsTemplate ? renderName(plan.name, names, container) : plan.name;
	const path = await publishFile({ ...plan, partPath: part.path, name, sizeBytes, sha256 });
	return { path, sizeBytes, sha256, container, warnings: warningsFor(path, name, container) };
}

function warningsFor(path: string, name: string, container: VideoContainer): readonly string[] {
	const warnings: string[] = [];
	const actual = basename(path);
	if (actual !== name) warnings.push(`"${name}" was taken meanwhile, so the video was saved as "${actual}"`);
	const promised = containerOfName(name);
	if (promised !== undefined && promised !== container) {
		warnings.push(
			`"${actual}" holds a ${container} video although its name says ${promised}; rename it if a player objects`,
		);
	}
	return warnings;
}
