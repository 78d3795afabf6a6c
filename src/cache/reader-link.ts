import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, link, mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** A file that stays while it is read. */
export interface ReaderLink extends AsyncDisposable {
	/** Where to read it, absolute. */
	readonly path: string;
}

const FOLDER = "readers";
const NAME = /^(\d+)-[0-9a-f-]{36}$/;
/** Longer than it takes to copy the largest video; what is older was left by a process that died. */
const STALE_AFTER_MS = 60 * 60_000;

/**
 * Gives a file of the cache a second name for one reader. Whoever evicts the file removes only the first, so
 * no lock is needed, not even between processes.
 *
 * Throws the system's ENOENT when the file is gone.
 */
export async function linkForReader(directory: string, path: string, nowMs: number): Promise<ReaderLink> {
	const name = join(directory, FOLDER, `${Math.round(nowMs)}-${randomUUID()}`);
	const dispose = () => rm(name, { force: true }).catch(() => undefined);
	try {
		await mkdir(join(directory, FOLDER), { recursive: true, mode: 0o700 });
		// Some file systems have no second names: there a copy does.
		await link(path, name).catch(() => copyFile(path, name, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE));
		return { path: name, [Symbol.asyncDispose]: dispose };
	} catch {
		await dispose();
		await stat(path);
		// What this process may not write, it reads where it is: nobody like us can evict it.
		return { path, [Symbol.asyncDispose]: async () => {} };
	}
}

/** Removes the names that dead readers left, and tells which files (`device:inode`) are being read. */
export async function sweepReaders(directory: string, nowMs: number): Promise<ReadonlySet<string>> {
	const reading = new Set<string>();
	for (const name of await readdir(join(directory, FOLDER)).catch(() => [])) {
		const path = join(directory, FOLDER, name);
		const since = Number(NAME.exec(name)?.[1] ?? 0);
		if (Math.abs(nowMs - since) > STALE_AFTER_MS)
			await rm(path, { force: true, recursive: true }).catch(() => undefined);
		else
			await stat(path, { bigint: true }).then(
				(found) => reading.add(fileIdentity(found)),
				() => undefined,
			);
	}
	return reading;
}

/** What tells a file from all others, whatever its name. */
export function fileIdentity({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string {
	return `${dev}:${ino}`;
}
