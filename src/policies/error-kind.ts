import { isVideoError, type VideoError } from "../errors/index.ts";
import type { CallStage } from "./call-stage.ts";
import { NotAdmittedError } from "./not-admitted-error.ts";

/** The kinds of errors that the policies tell apart. */
export type ErrorKind =
	| "transport"
	| "server_error"
	| "unknown_outcome"
	| "rate_limited"
	| "not_admitted"
	| "authentication"
	| "payment"
	| "refused"
	| "invalid"
	| "no_model"
	| "no_operation"
	| "configuration"
	| "local"
	| "cancelled";

const BY_CODE: Readonly<Record<string, ErrorKind>> = {
	authentication: "authentication",
	quota_exceeded: "payment",
	rate_limited: "rate_limited",
	model_not_found: "no_model",
	model_retired: "no_model",
	operation_not_found: "no_operation",
	content_refused: "refused",
	invalid_input: "invalid",
	unsupported_option: "invalid",
	configuration: "configuration",
	submit_unknown: "unknown_outcome",
	file_too_large: "local",
	bad_media: "local",
	still_running: "local",
	cancelled: "cancelled",
};

const BY_STATUS: Readonly<Record<number, ErrorKind>> = {
	401: "authentication",
	402: "payment",
	403: "authentication",
	404: "no_model",
	405: "no_model",
	408: "server_error",
	410: "no_model",
	429: "rate_limited",
};

/** Codes of the operating system that speak of this machine's disk, not of a network. */
const DISK = /^E(?:ACCES|PERM|ROFS|NOSPC|DQUOT|FBIG|IO|MFILE|NFILE|NAMETOOLONG|NOENT|NOTDIR|LOOP|EXIST|ISDIR)$/;

/** The kind of what a call threw. Anything that is not one of reelay's errors is an answer that never came. */
export function errorKind(error: unknown, stage: CallStage): ErrorKind {
	if (error instanceof NotAdmittedError) return "not_admitted";
	if (stage === "submit" && !(isVideoError(error) && error.billed === "no")) return "unknown_outcome";
	if (!isVideoError(error)) return "transport";
	if (error.code === "provider_error") return kindOfStatus("status" in error ? error.status : undefined);
	if (error.code === "download_failed") return isLocal(error) ? "local" : "transport";
	return BY_CODE[error.code] ?? "transport";
}

function kindOfStatus(status: unknown): ErrorKind {
	if (typeof status !== "number" || status < 400) return "transport";
	return BY_STATUS[status] ?? (status >= 500 ? "server_error" : "invalid");
}

/** Whether a download failed for a reason that says nothing about the service. */
function isLocal({ cause, retryable }: VideoError): boolean {
	return !retryable || (cause instanceof Error && "code" in cause && DISK.test(String(cause.code)));
}
