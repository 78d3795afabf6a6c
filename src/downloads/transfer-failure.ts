import { systemCode } from "./disk-error.ts";
import { EgressRefusal } from "./egress-guard.ts";

/**
 * What may help. `"retry"`: the same again, later. `"restart"`: the same again without the bytes that are
 * here. `"refresh"`: another URL for the same video. `"none"`: nothing that this process could do.
 */
export type TransferRemedy = "retry" | "restart" | "refresh" | "none";

interface TransferFailureDetails {
	readonly retryAfterMs?: number;
	readonly advice?: string;
	readonly cause?: unknown;
}

/** Why a transfer ended. Never leaves this folder: callers turn it into the error of their phase. */
export class TransferFailure extends Error {
	/** What happened, in words that go behind "the server …". */
	readonly reason: string;
	readonly remedy: TransferRemedy;
	/** What the server asked us to wait, in milliseconds. */
	readonly retryAfterMs: number | undefined;
	/** What the user can do about it, when nothing was fetched because nothing may be. */
	readonly advice: string | undefined;

	constructor(reason: string, remedy: TransferRemedy, details: TransferFailureDetails = {}) {
		super(reason, { cause: details.cause });
		this.reason = reason;
		this.remedy = remedy;
		this.retryAfterMs = details.retryAfterMs;
		this.advice = details.advice;
	}
}

const REASONS: Readonly<Record<string, string>> = {
	ECONNREFUSED: "refused the connection",
	ECONNRESET: "cut the connection",
	EPIPE: "cut the connection",
	UND_ERR_SOCKET: "cut the connection",
	ERR_STREAM_PREMATURE_CLOSE: "cut the connection",
	ENOTFOUND: "has a host name that is not known",
	EAI_AGAIN: "has a host name that could not be looked up",
	EHOSTUNREACH: "cannot be reached from here",
	ENETUNREACH: "cannot be reached from here",
	ETIMEDOUT: "did not take the connection in time",
	UND_ERR_CONNECT_TIMEOUT: "did not take the connection in time",
	UND_ERR_HEADERS_TIMEOUT: "did not answer in time",
	UND_ERR_BODY_TIMEOUT: "stopped sending",
	UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "sent another number of bytes than it said",
	UND_ERR_HEADERS_OVERFLOW: "sent more header lines than any server needs",
};
const BAD_CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_/;
const NO_ENCRYPTION = /^(?:ERR_SSL|ERR_TLS|EPROTO)/;
/** A header that cannot be sent, or a service that was closed meanwhile. */
const OWN_DOING = /^UND_ERR_(?:INVALID|DESTROYED|CLOSED)|^ERR_INVALID/;

/**
 * What a failed request or body means. Throws anything that the network did not do: a mistake of ours must
 * not look like trouble on the line.
 */
export function toTransferFailure(error: unknown): TransferFailure {
	if (error instanceof TransferFailure) return error;
	if (error instanceof EgressRefusal) return new TransferFailure(error.reason, "none", { advice: error.advice });
	// undici names no code for what its parser cannot read at all.
	const code = error instanceof Error && error.name === "HTTPParserError" ? "HPE" : systemCode(error);
	if (code === undefined) throw error;
	if (OWN_DOING.test(code)) {
		return new TransferFailure("could not be asked", "none", { cause: error });
	}
	if (BAD_CERTIFICATE.test(code)) {
		return new TransferFailure(`shows a certificate that does not prove who it is (${code})`, "none", { cause: error });
	}
	if (NO_ENCRYPTION.test(code))
		return new TransferFailure(`does not speak proper TLS (${code})`, "none", { cause: error });
	const reason = REASONS[code] ?? (code.startsWith("HPE") ? "does not speak proper HTTP" : `failed with ${code}`);
	return new TransferFailure(reason, code === "UND_ERR_HEADERS_OVERFLOW" ? "none" : "retry", { cause: error });
}
