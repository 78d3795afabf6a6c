import { DownloadError, FileSizeError, isVideoError, MediaError } from "../errors/index.ts";
import { withDeadline } from "./deadline.ts";
import { DownloadFile } from "./download-file.ts";
import { finishFile } from "./finish-file.ts";
import { plainUrl } from "./plain-url.ts";
import { receiveVideo, type UrlAsset } from "./receive-video.ts";
import { waitBefore } from "./retry-after.ts";
import { NOT_LOST, toSaveError } from "./save-error.ts";
import { saveLocal } from "./save-local.ts";
import type { SavedVideo, SaveRequest } from "./save-request.ts";
import { TransferFailure } from "./transfer-failure.ts";

/** Fetches a video and saves it. See `saveAsset`. */
export async function saveUrl(request: SaveRequest, asset: UrlAsset): Promise<SavedVideo> {
	const download: Download = { request, asset, file: undefined };
	try {
		const { network, signal } = request;
		return await withDeadline(network.limits.totalTimeoutMs, signal, (limitedSignal) =>
			fetchAndFinish(download, { ...request, signal: limitedSignal }),
		);
	} catch (error) {
		const { file } = download;
		const receivedBytes = file?.part.sizeBytes ?? 0;
		const totalBytes = file?.version?.lengthBytes;
		if (error instanceof MediaError || error instanceof FileSizeError) await file?.discard();
		else await file?.keep();
		const cause = error instanceof TransferFailure && !request.signal.aborted ? toDownloadError(error, download) : error;
		throw toSaveError(cause, request, { receivedBytes, totalBytes });
	}
}

interface Download {
	readonly request: SaveRequest;
	/** The latest one, as a fresh URL replaces one that has expired. */
	asset: UrlAsset;
	file: DownloadFile | undefined;
}

async function fetchAndFinish(download: Download, request: SaveRequest): Promise<SavedVideo> {
	const { names, plan, network, signal } = request;
	const place = { directory: plan.directory, jobId: names.jobId, limit: request };
	const file = await DownloadFile.open(place, signal);
	download.file = file;
	let askedMs: number | undefined;
	for (let attempt = 1; ; attempt += 1) {
		if (attempt > 1) await network.timing.sleep(waitBefore(attempt, askedMs, network.limits, network.timing.random), signal);
		...
	}
}
