import { constants } from "node:fs";
import { lstat, open } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { DownloadError } from "../errors/index.ts";
import type { Billed, VideoAsset } from "../provider/index.ts";
import { systemCode } from "./disk-error.ts";
import { finishFile } from "./finish-file.ts";
import { PartialFile, refuseTooLarge } from "./partial-file.ts";
import { ProgressMeter } from "./progress.ts";
import { COSTS_NOTHING, throwIfCancelled, toSaveError } from "./save-error.ts";
import type { SavedVideo, SaveRequest } from "./save-request.ts";

/** Bytes that are written, or copied, between two looks at the signal. */
const SLICE_BYTES = 1_048_576;

/** Saves a video that is on this machine already, in memory or as a file. See `saveAsset`. */
export async function saveLocal(
	request: SaveRequest,
	asset: Exclude<VideoAsset, { kind: "url" }>,
): Promise<SavedVideo> {
	let part: PartialFile | undefined;
	try {
		part = await PartialFile.create(request.plan.directory, request);
		if (asset.kind === "bytes") await writeBytes(asset.data, part, request);
		else await copyFile(asset.path, part, request);
		return await finishFile(part, request);
	} catch (error) {
		const totalBytes = asset.kind === "bytes" ? asset.data.byteLength : undefined;
		throw toSaveError(error, request, { receivedBytes: part?.sizeBytes ?? 0, totalBytes });
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
	const source = isAbsolute(path) ? await lstat(path).catch(() => undefined) : undefined;
	if (source?.isFile() !== true) {
		throw new DownloadError(`the provider's file "${path}" is not an ordinary file with an absolute path`, { billed });
	}
	refuseTooLarge(source.size, request);
	const meter = new ProgressMeter(request, source.size);
	const handle = await readable(path, billed, () => open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)));
	try {
		const buffer = new Uint8Array(SLICE_BYTES);
		for (;;) {
			throwIfCancelled(request);
			const { bytesRead } = await readable(path, billed, () => handle.read(buffer, 0, SLICE_BYTES, part.sizeBytes));
			if (bytesRead === 0) break;
			await part.write(buffer.subarray(0, bytesRead));
			meter.update(part.sizeBytes);
		}
	} finally {
		await handle.close();
	}
	meter.finish(part.sizeBytes);
}

/** Tells trouble with the provider's file from trouble with the folder that the video goes to. */
async function readable<Result>(path: string, billed: Billed, read: () => Promise<Result>): Promise<Result> {
	try {
		return await read();
	} catch (cause) {
		const code = systemCode(cause) ?? "unknown error";
		throw new DownloadError(`the provider's file "${path}" could not be read (${code}); ${COSTS_NOTHING}`, {
			billed,
			retryable: true,
			cause,
		});
	}
}
