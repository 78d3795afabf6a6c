import { CancelledError, FileSizeError, InputError } from "../errors/index.ts";
import { withDeadline } from "./deadline.ts";
import { formatBytes } from "./format-bytes.ts";
import { plainUrl } from "./plain-url.ts";
import { contentEncoding, contentLength } from "./response-headers.ts";
import { askedWaitMs, waitBefore } from "./retry-wait.ts";
import { TransferFailure, toTransferFailure } from "./transfer-failure.ts";
import { discardBody, type Transport } from "./transport.ts";

interface UrlInput {
	readonly field: string;
	readonly url: string;
	readonly maxBytes: number;
	readonly signal: AbortSignal;
}

const MAXIMUM_ATTEMPTS = 3;

/** See `VideoNetwork.fetchUrl`. */
export async function fetchUrl(transport: Transport, input: UrlInput): Promise<Uint8Array> {
	try {
		const { inputTimeoutMs } = transport.limits;
		return await withDeadline(inputTimeoutMs, input.signal, (signal) =>
			fetchWithRetries(transport, { ...input, signal }),
		);
	} catch (error) {
		if (input.signal.aborted) {
			const cause: unknown = input.signal.reason;
			throw new CancelledError(`${input.field}: the fetch was stopped`, { phase: "input", cause });
		}
		throw error instanceof FileSizeError ? error : toInputError(toTransferFailure(error), input);
	}
}

async function fetchWithRetries(transport: Transport, input: UrlInput): Promise<Uint8Array> {
	const { limits, timing } = transport;
	for (let attempt = 1; ; attempt += 1) {
		try {
			return await fetchOnce(transport, input);
		} catch (error) {
			if (error instanceof FileSizeError || input.signal.aborted || attempt === MAXIMUM_ATTEMPTS) throw error;
			const failure = toTransferFailure(error);
			const waitMs = waitBefore(attempt + 1, failure.retryAfterMs, limits, timing.random);
			if (failure.remedy !== "retry" || waitMs > limits.maxBackoffMs) throw failure;
			await timing.sleep(waitMs, input.signal);
		}
	}
}

async function fetchOnce(transport: Transport, input: UrlInput): Promise<Uint8Array> {
	const { url, signal } = input;
	const response = await transport.request({ url, signal, headers: { "accept-encoding": "identity" } });
	try {
		const { status, headers } = response;
		if (status !== 200) {
			const transient = status === 408 || status === 425 || status === 429 || status >= 500;
			const askedMs = askedWaitMs(headers, transport.timing.wallClock());
			const details = askedMs === undefined ? {} : { retryAfterMs: askedMs };
			throw new TransferFailure(`answered with HTTP ${status}`, transient ? "retry" : "none", details);
		}
		const encoding = contentEncoding(headers);
		if (encoding !== undefined) throw new TransferFailure(`sent the file packed (${encoding})`, "none");
		refuseTooLarge(contentLength(headers) ?? 0, input);
		const chunks: Uint8Array[] = [];
		let sizeBytes = 0;
		for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
			sizeBytes += chunk.byteLength;
			refuseTooLarge(sizeBytes, input);
			chunks.push(chunk);
		}
		return Buffer.concat(chunks);
	} finally {
		discardBody(response.body);
	}
}

function refuseTooLarge(sizeBytes: number, { field, maxBytes }: UrlInput): void {
	if (sizeBytes <= maxBytes) return;
	const sizes = `${formatBytes(sizeBytes)} is more than the limit of ${formatBytes(maxBytes)}`;
	throw new FileSizeError(field, `${sizes}; use a smaller file, or raise the limit`, { maxBytes, sizeBytes });
}

function toInputError(failure: TransferFailure, { field, url }: UrlInput): InputError {
	const advice = failure.advice ?? "check the URL, or pass the image as a file or as bytes";
	return new InputError(field, `${plainUrl(url)} ${failure.reason}; ${advice}`, {
		retryable: failure.remedy === "retry",
		cause: failure.cause,
		...(failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs }),
	});
}
