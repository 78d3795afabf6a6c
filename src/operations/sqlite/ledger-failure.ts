import { ConfigurationError, isVideoError, type VideoError } from "../../errors/index.ts";

/** SQLite's result codes, https://sqlite.org/rescode.html: the lowest byte is the kind, the rest a detail. */
const PERMISSION = 3;
const BUSY = 5;
const READ_ONLY = 8;
const CORRUPT = 11;
const FULL = 13;
const CANNOT_OPEN = 14;
const PROTOCOL = 15;
const NOT_A_DATABASE = 26;
/** What SQLite makes of a write that a quota or a limit refused, and of a full disk under its `-shm` file. */
const GROWTH_REFUSED: readonly number[] = [778, 4874];

const FULL_DISK: readonly unknown[] = ["ENOSPC", "EDQUOT", "EFBIG"];
const NO_ACCESS: readonly unknown[] = ["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST", "ENOENT", "ELOOP"];
const ANOTHER_PLACE = "choose another folder (REELAY_STATE_DIRECTORY), or keep no record (REELAY_LEDGER=memory)";

/** Whether another connection held a lock, so that nothing was done and the same may be tried again. */
export function isLocked(error: unknown): boolean {
	const kind = resultOf(error) & 0xff;
	return kind === BUSY || kind === PROTOCOL;
}

/** The error for a ledger that stayed locked. */
export function lockedError(path: string, waitedMs: number, cause: unknown): ConfigurationError {
	return new ConfigurationError(
		`ledger: ${path} was locked by another process for ${waitedMs / 1000} s; end that process, or try again`,
		{ retryable: true, cause },
	);
}

/** The error for a row whose record is not what a ledger writes. */
export function unreadableError(path: string, problem: string): ConfigurationError {
	return new ConfigurationError(`ledger: ${path} holds a record that cannot be read (${problem}); ${moveAway()}`);
}

/** What a failure of SQLite or of the file system means, with its remedy. reelay's own errors stay as they are. */
export function explainFailure(path: string, error: unknown): VideoError {
	if (isVideoError(error)) return error;
	return new ConfigurationError(`ledger: ${path} ${problemOf(error)}`, { cause: error });
}

function problemOf(error: unknown): string {
	const result = resultOf(error);
	const kind = result & 0xff;
	const code = error instanceof Error && "code" in error ? error.code : undefined;
	if (kind === FULL || GROWTH_REFUSED.includes(result) || FULL_DISK.includes(code)) {
		return "cannot grow: the disk is full or a quota is reached; free some space and try again";
	}
	if (kind === CORRUPT || kind === NOT_A_DATABASE) return `is damaged or no ledger at all; ${moveAway()}`;
	if ([PERMISSION, READ_ONLY, CANNOT_OPEN].includes(kind) || NO_ACCESS.includes(code)) {
		return `cannot be opened for writing; allow it, ${ANOTHER_PLACE}`;
	}
	const detail = error instanceof Error && "errstr" in error ? error.errstr : code;
	return `cannot be used (${detail ?? "unexpected failure"}); check its disk, ${ANOTHER_PLACE}`;
}

function moveAway(): string {
	return "move it away together with its -wal and -shm files, then resume what was paid for from the tokens";
}

/** SQLite's extended result code; 0 for an error that is not SQLite's. */
function resultOf(error: unknown): number {
	return error instanceof Error && "errcode" in error && typeof error.errcode === "number" ? error.errcode : 0;
}
