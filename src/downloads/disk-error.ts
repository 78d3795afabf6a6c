const PROBLEMS: Readonly<Record<string, (place: string) => string>> = {
	EACCES: (place) => `reelay has no permission to write in ${place}; change its permissions, or choose another folder`,
	EPERM: (place) => `the system does not let reelay write in ${place}; choose another folder`,
	EROFS: (place) => `${place} is on a read-only file system; choose another folder`,
	ENOSPC: (place) => `the disk that holds ${place} is full; free some space, or choose another disk`,
	EDQUOT: (place) => `your disk quota in ${place} is used up; free some space, or choose another disk`,
	EFBIG: (place) => `the file system of ${place} takes no file this large; choose another disk`,
	EIO: (place) => `the disk that holds ${place} reports an input/output error; choose another disk`,
	EMFILE: () => "this process has too many files open; raise its limit (ulimit -n), or run fewer jobs at once",
	ENFILE: () => "this machine has too many files open; close some programs",
	ENAMETOOLONG: (place) => `a name in ${place} is longer than its file system takes; choose a shorter one`,
	ENOENT: (place) => `${place} is not there; create it`,
	ENOTDIR: (place) => `${place} is not a folder; choose a folder`,
	ELOOP: (place) => `${place} is a symbolic link that leads nowhere; choose another folder`,
};

/** The system's code of an error (`ENOSPC`), when it has one. */
export function systemCode(error: unknown): string | undefined {
	return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** Whether the operating system reported the error, as it does when a disk fails, and not our own code. */
export function isSystemError(error: unknown): boolean {
	return /^E(?!RR_)[A-Z0-9]+$/.test(systemCode(error) ?? "");
}

/** What went wrong on the disk at `place` and what to do about it; `undefined` when it was not the disk. */
export function describeDiskError(error: unknown, place: string): string | undefined {
	return PROBLEMS[systemCode(error) ?? ""]?.(place);
}
