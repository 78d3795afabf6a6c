import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, link, lstat, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { DownloadError } from "../errors/index.ts";
import type { Billed } from "../provider/index.ts";
import { systemCode } from "./disk-error.ts";
import { numberedName } from "./file-name.ts";

/** A complete, flushed file and the name that it should get. */
export interface Publication {
	/** The complete file, in `directory`. */
	readonly partPath: string;
	readonly directory: string;
	readonly name: string;
	readonly overwrite: boolean;
	readonly sizeBytes: number;
	/** SHA-256 of the file, in hexadecimal. */
	readonly sha256: string;
	/** Whether the video was paid for. */
	readonly billed: Billed;
}

const LAST_NUMBER = 9999;
const NO_HARD_LINKS: ReadonlySet<string | undefined> = new Set([
	"EPERM",
	"ENOTSUP",
	"EOPNOTSUPP",
	"ENOSYS",
	"EXDEV",
	"EMLINK",
	"EINVAL",
]);
/** What the flush of a folder answers where there is none, or the folder cannot be opened. */
const NO_FOLDER_FLUSH: ReadonlySet<string | undefined> = new Set([
	"EINVAL",
	"ENOTSUP",
	"EISDIR",
	"EPERM",
	"EACCES",
	"EBADF",
]);

/**
 * Gives a complete file its name in one step, and flushes the folder. A name that is taken is left alone
 * unless `overwrite` is set: the file then becomes `name-2`, `name-3` and so on, since a video that was
 * paid for must not be lost to a name. A file there with the same content counts as this one. Returns
 * the path that holds the video. The name `partPath` may or may not be gone afterwards.
 */
export async function publishFile(publication: Publication): Promise<string> {
	const { directory, name } = publication;
	for (let number = 1; number <= LAST_NUMBER; number += 1) {
		const path = join(directory, number === 1 ? name : numberedName(name, number));
		const replaces = number === 1 && publication.overwrite && (await isReplaceable(path));
		if (replaces) await rename(publication.partPath, path);
		if (replaces || (await claim(publication.partPath, path)) || (await isSameFile(path, publication))) {
			await flushFolder(directory);
			return path;
		}
	}
	const lastName = numberedName(name, LAST_NUMBER);
	throw new DownloadError(`every name from "${name}" to "${lastName}" is taken; choose another one`, {
		billed: publication.billed,
	});
}

async function isReplaceable(path: string): Promise<boolean> {
	const found = await lstat(path).catch(() => undefined);
	return found === undefined || found.isFile();
}

/** Gives the file its name unless that is taken. */
async function claim(partPath: string, path: string): Promise<boolean> {
	try {
		await link(partPath, path);
		return true;
	} catch (error) {
		const code = systemCode(error);
		if (code === "EEXIST") return false;
		if (NO_HARD_LINKS.has(code)) return claimByReservation(partPath, path);
		throw error;
	}
}

/**
 * For file systems without hard links: an empty file reserves the name, so that no other writer's video
 * is replaced. A crash between the two steps leaves the empty file behind, which is why links come first.
 */
async function claimByReservation(partPath: string, path: string): Promise<boolean> {
	try {
		await (await open(path, "wx")).close();
	} catch (error) {
		if (systemCode(error) === "EEXIST") return false;
		throw error;
	}
	try {
		await rename(partPath, path);
		return true;
	} catch (error) {
		await rm(path, { force: true });
		throw error;
	}
}

/** Whether the name is taken by the very same video, saved before the process could take note of it. */
async function isSameFile(path: string, { sizeBytes, sha256 }: Publication): Promise<boolean> {
	try {
		const found = await lstat(path);
		if (!found.isFile() || found.size !== sizeBytes) return false;
		const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
		const hash = createHash("sha256");
		for await (const chunk of handle.createReadStream()) hash.update(chunk);
		return hash.digest("hex") === sha256;
	} catch {
		return false;
	}
}

async function flushFolder(directory: string): Promise<void> {
	if (process.platform === "win32") return;
	let handle: FileHandle | undefined;
	try {
		handle = await open(directory, "r");
		await handle.sync();
	} catch (error) {
		if (!NO_FOLDER_FLUSH.has(systemCode(error))) throw error;
	} finally {
		await handle?.close();
	}
}
