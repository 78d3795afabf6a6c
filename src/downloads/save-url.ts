import { DownloadError, FileSizeError, isVideoError, MediaError, type VideoError } from "../errors/index.ts";
import type { VideoAsset } from "../provider/index.ts";
import { withDeadline } from "./deadline.ts";
import { DownloadFile } from "./download-file.ts";
import { finishFile } from "./finish-file.ts";
import { formatBytes } from "./format-bytes.ts";
import type { PartialFile } from "./partial-file.ts";
import { plainUrl } from "./plain-url.ts";
import { receiveVideo, type UrlAsset } from "./receive-video.ts";
import { waitBefore } from "./retry-wait.ts";
import { COSTS_NOTHING, toSaveError } from "./save-error.ts";
import { saveLocal } from "./save-local.ts";
import type { SavedVideo, SaveRequest } from "./save-request.ts";
import { TransferFailure } from "./transfer-failure.ts";

/** A download under way: what changes between two tries. */
interface Download {
	/** The latest one, as a fresh URL replaces one that has expired. */
	asset: VideoAsset;
	/** Absent until the first look at the folder. */
	file: DownloadFile | undefined;
}

/** Fetches a video and saves it. See `saveAsset`. */
export async function saveUrl(request: SaveRequest, asset: UrlAsset): Promise<SavedVideo> {
	const download: Download = { asset, file: undefined };
	try {
		return await withDeadline(request.network.limits.totalTimeoutMs, request.signal, (signal) =>
			fetchUntilSaved(download, { ...request, signal }),
		);
	} catch (error) {
		const { file } = download;
		const receivedBytes = file?.part.sizeBytes ?? 0;
		const totalBytes = file?.version?.lengthBytes;
		const known = error instanceof TransferFailure ? toVideoError(error, download, request) : error;
		if (known instanceof MediaError || known instanceof FileSizeError) await file?.discard();
		else await file?.keep();
		throw toSaveError(known, request, { receivedBytes, totalBytes });
	}
}

async function fetchUntilSaved(download: Download, request: SaveRequest): Promise<SavedVideo> {
	const { names, plan, signal } = request;
	const { limits } = request.network;
	const place = { directory: plan.directory, jobId: names.jobId, limit: request };
	const file = await DownloadFile.open(place, signal);
	download.file = file;
	let failure: TransferFailure | undefined;
	for (let attempt = 1; ; attempt += 1) {
		try {
			if (failure !== undefined) await recover(failure, attempt, download, file, request);
			const { asset } = download;
			const saved = asset.kind === "url" ? await fetchOnce(asset, file, request) : await saveLocal(request, asset);
			await file.discard();
			return saved;
		} catch (error) {
			if (!(error instanceof TransferFailure) || attempt === limits.maxAttempts) throw error;
			const isHopeless = error.remedy === "none" || (error.remedy === "refresh" && request.refresh === undefined);
			if (isHopeless || (error.retryAfterMs ?? 0) > limits.maxRetryAfterMs) throw error;
			failure = error;
		}
	}
}

async function fetchOnce(asset: UrlAsset, file: DownloadFile, request: SaveRequest): Promise<SavedVideo> {
	const isCertain = !file.isComplete && (await receiveVideo(request, asset, file));
	try {
		checkPromises(asset, file.part);
		return await finishFile(file.part, request);
	} catch (error) {
		if (isCertain || !(error instanceof MediaError)) throw error;
		// Bytes of an earlier try, or a length that nobody told, may be to blame: from the start, then.
		throw new TransferFailure("sent a video that is not whole", "restart", { cause: error });
	}
}

/** Does what may help before the next try, and waits. */
async function recover(
	failure: TransferFailure,
	attempt: number,
	download: Download,
	file: DownloadFile,
	request: SaveRequest,
): Promise<void> {
	const { limits, timing } = request.network;
	await timing.sleep(waitBefore(attempt, failure.retryAfterMs, limits, timing.random), request.signal);
	if (failure.remedy === "restart") await file.restart();
	if (failure.remedy === "refresh" && request.refresh !== undefined) {
		try {
			download.asset = await request.refresh();
		} catch (error) {
			if (isVideoError(error) && !error.retryable) throw noFreshUrl(failure, error, request);
			throw new TransferFailure(`${failure.reason}, and the service could not be asked for a fresh URL`, "refresh", {
				cause: error,
			});
		}
	}
}

/** Throws `MediaError` when the bytes are not those that the service announced. */
function checkPromises(asset: UrlAsset, part: PartialFile): void {
	if (asset.sizeBytes !== undefined && part.sizeBytes !== asset.sizeBytes) {
		throw new MediaError(
			`the video has ${part.sizeBytes} bytes, the service announced ${asset.sizeBytes}; ${COSTS_NOTHING}`,
		);
	}
	if (asset.sha256 !== undefined && part.sha256() !== asset.sha256.toLowerCase()) {
		throw new MediaError(`the video has another checksum than the service announced; ${COSTS_NOTHING}`);
	}
}

function noFreshUrl(failure: TransferFailure, cause: VideoError, { billed }: SaveRequest): DownloadError {
	const message = `the video's URL ${failure.reason}, and the service gives no fresh one: ${cause.message}`;
	return new DownloadError(message, { billed, cause });
}

function toVideoError(
	failure: TransferFailure,
	{ asset, file }: Download,
	{ billed }: SaveRequest,
): DownloadError | MediaError {
	if (failure.cause instanceof MediaError) return failure.cause;
	const place = asset.kind === "url" ? plainUrl(asset.url) : "the service";
	const receivedBytes = file?.part.sizeBytes ?? 0;
	const totalBytes = file?.version?.lengthBytes;
	const received = `${formatBytes(receivedBytes)}${totalBytes === undefined ? "" : ` of ${formatBytes(totalBytes)}`}`;
	const details = failure.advice ?? `${received} had arrived, and ${COSTS_NOTHING}`;
	return new DownloadError(`${place} ${failure.reason}; ${details}`, {
		receivedBytes,
		billed,
		retryable: failure.remedy !== "none",
		cause: failure.cause,
		...(failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs }),
	});
}
