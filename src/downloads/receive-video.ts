import { statfs } from "node:fs/promises";
import { DownloadError, isVideoError } from "../errors/index.ts";
import { SNIFF_BYTES } from "../media/index.ts";
import type { VideoAsset } from "../provider/index.ts";
import { HeadCheck, noVideo, RateCheck } from "./body-checks.ts";
import type { DownloadFile } from "./download-file.ts";
import { formatBytes } from "./format-bytes.ts";
import { refuseTooLarge } from "./partial-file.ts";
import { ProgressMeter } from "./progress.ts";
import { readBody } from "./read-body.ts";
import { contentEncoding, contentLength, contentRange, isTextAnswer, strongEtag } from "./response-headers.ts";
import { askedWaitMs } from "./retry-wait.ts";
import { COSTS_NOTHING } from "./save-error.ts";
import type { SaveRequest } from "./save-request.ts";
import { TransferFailure, toTransferFailure } from "./transfer-failure.ts";
import { discardBody, type GuardedResponse } from "./transport.ts";

/** An asset that has to be fetched. */
export type UrlAsset = Extract<VideoAsset, { kind: "url" }>;

/** The answers that mean "not here, or not any more". Services use all of them for a signature that has expired. */
const GONE: ReadonlySet<number> = new Set([400, 401, 403, 404, 410]);
const TRANSIENT: ReadonlySet<number> = new Set([202, 408, 425, 429, 500, 502, 503, 504]);

/**
 * Sends one request for what is missing of a video and writes what comes. Returns whether all of it came
 * by this one answer, which said how long it is: then what is wrong with it was wrong at the server. Throws `TransferFailure` when
 * the transfer failed, `MediaError` when what comes is no video, `FileSizeError` when it is too large,
 * `DownloadError` when the disk has no room for it, and the system's error when the disk failed.
 */
export async function receiveVideo(request: SaveRequest, asset: UrlAsset, file: DownloadFile): Promise<boolean> {
	const version = file.part.sizeBytes >= SNIFF_BYTES ? file.version : undefined;
	if (version === undefined && (file.part.sizeBytes > 0 || file.version !== undefined)) await file.restart();
	const range = { range: `bytes=${file.part.sizeBytes}-`, "if-range": version?.etag ?? "" };
	const response = await request.network.request({
		url: asset.url,
		headers: { "accept-encoding": "identity", accept: "*/*", ...(version === undefined ? {} : range) },
		credentials: asset.headers,
		credentialOrigins: asset.credentialOrigins,
		signal: request.signal,
	});
	try {
		if (isAllThereIs(response, file)) return false;
		const totalBytes = await judge(response, request, asset, file);
		await receiveBody(response, request, file, totalBytes);
		return totalBytes !== undefined && response.status === 200;
	} finally {
		discardBody(response.body);
	}
}

/** A server that said a wrong length first admits with 416 that the bytes which are here are all there are. */
function isAllThereIs({ status, headers }: GuardedResponse, { part, version }: DownloadFile): boolean {
	if (status !== 416 || version === undefined || contentRange(headers)?.size !== part.sizeBytes) return false;
	const etag = strongEtag(headers);
	return etag === undefined || etag === version.etag;
}

/** Decides from the header whether the body is what is missing. Returns the size of the whole video, if it is told. */
async function judge(
	response: GuardedResponse,
	request: SaveRequest,
	asset: UrlAsset,
	file: DownloadFile,
): Promise<number | undefined> {
	const { status, headers } = response;
	const { version } = file;
	const haveBytes = file.part.sizeBytes;
	if (status === 416 && version !== undefined && haveBytes > 0) {
		throw new TransferFailure("has no bytes beyond those that are here", "restart");
	}
	refuseStatus(response, haveBytes > 0, request);
	const encoding = contentEncoding(headers);
	if (encoding !== undefined)
		throw new TransferFailure(`sent the video packed (${encoding}), though asked not to`, "none");
	if (isTextAnswer(headers)) await refuseText(response, request);

	if (status === 206) {
		const range = contentRange(headers);
		const isTheRest = range?.start === haveBytes && range.end === range.size - 1 && range.size === version?.lengthBytes;
		if (!isTheRest || strongEtag(headers) !== version.etag) {
			throw new TransferFailure("sent another part than it was asked for", "restart");
		}
		await requireRoom(version.lengthBytes - haveBytes, request);
		return version.lengthBytes;
	}
	if (haveBytes > 0) await file.restart();
	const totalBytes = contentLength(headers);
	if (totalBytes === undefined) return undefined;
	if (asset.sizeBytes !== undefined && asset.sizeBytes !== totalBytes) {
		const told = `${formatBytes(totalBytes)} (${totalBytes})`;
		throw new TransferFailure(`has a file of ${told} where the service promised ${asset.sizeBytes}`, "refresh");
	}
	refuseTooLarge(totalBytes, request);
	await requireRoom(totalBytes, request);
	const etag = strongEtag(headers);
	if (etag !== undefined) await file.describe({ etag, lengthBytes: totalBytes });
	return totalBytes;
}

function refuseStatus({ status, headers }: GuardedResponse, askedForRange: boolean, request: SaveRequest): void {
	if (status === 200 || (status === 206 && askedForRange)) return;
	if (status === 206)
		throw new TransferFailure("sent a part of the video although it was asked for all of it", "restart");
	const reason = `answered with HTTP ${status}`;
	if (GONE.has(status)) throw new TransferFailure(reason, "refresh");
	if (!TRANSIENT.has(status) && status < 500) throw new TransferFailure(reason, "none");
	const askedMs = askedWaitMs(headers, request.network.timing.wallClock());
	throw new TransferFailure(reason, "retry", askedMs === undefined ? {} : { retryAfterMs: askedMs });
}

async function refuseText({ body }: GuardedResponse, request: SaveRequest): Promise<never> {
	let head = new Uint8Array();
	try {
		for await (const chunk of body as AsyncIterable<Uint8Array>) {
			head = Buffer.concat([head, chunk]);
			if (head.byteLength >= SNIFF_BYTES) break;
		}
	} catch (error) {
		throw toTransferFailure(error);
	}
	throw noVideo(head, request);
}

async function requireRoom(neededBytes: number, { plan, billed }: SaveRequest): Promise<void> {
	const disk = await statfs(plan.directory).catch(() => undefined);
	// Some network and virtual file systems know no sizes and say 0.
	if (disk === undefined || disk.blocks === 0 || disk.bavail * disk.bsize >= neededBytes) return;
	const sizes = `needs ${formatBytes(neededBytes)}, and ${formatBytes(disk.bavail * disk.bsize)} are left`;
	throw new DownloadError(`the disk that holds "${plan.directory}" is full: the video ${sizes}; ${COSTS_NOTHING}`, {
		billed,
		retryable: true,
	});
}

async function receiveBody(
	{ body }: GuardedResponse,
	request: SaveRequest,
	file: DownloadFile,
	totalBytes: number | undefined,
): Promise<void> {
	const { part } = file;
	const meter = new ProgressMeter(request, totalBytes, part.sizeBytes);
	const head = new HeadCheck(part.sizeBytes, request);
	const rate = new RateCheck(part.sizeBytes, request);
	try {
		await readBody(body, (chunk) => {
			head.add(chunk);
			const pause = part.push(chunk);
			rate.check(part.sizeBytes);
			meter.update(part.sizeBytes);
			return pause;
		});
		await part.settle();
	} catch (error) {
		if (part.isDamaged || isVideoError(error)) throw error;
		await part.settle();
		throw toTransferFailure(error);
	}
	head.finish();
	if (totalBytes !== undefined && part.sizeBytes !== totalBytes) {
		throw new TransferFailure(`ended after ${part.sizeBytes} of ${totalBytes} bytes`, "retry");
	}
	meter.finish(part.sizeBytes);
}
