import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { type FoundEntry, isExpired, readEntry } from "./cache-entry.ts";
import type { Cacache } from "./load-cacache.ts";
import { fileIdentity, sweepReaders } from "./reader-link.ts";

/** What a cache may hold. */
export interface CacheLimits {
	/** All files together, in bytes. */
	readonly maxBytes: number;
	/** In milliseconds from when it was stored. */
	readonly maxAgeMs: number;
	/** The wall clock, milliseconds since 1970-01-01 UTC. */
	readonly nowMs: number;
}

interface Content {
	readonly path: string;
	readonly sizeBytes: number;
	/** Milliseconds since 1970-01-01 UTC. */
	readonly lastUsedMs: number;
	/** The keys that it can be found under. */
	readonly keys: string[];
	/** Whether there was any, also one that has reached its end. */
	hadKey: boolean;
	readonly isBeingRead: boolean;
}

/** A file without a row was stored a moment ago, or its row was lost with a process or to a race. */
const ORPHANED_AFTER_MS = 60_000;
/** What is being written was changed a moment ago; what was not was left by a process that died. */
const ABANDONED_AFTER_MS = 60 * 60_000;

/**
 * Removes what has reached its end, what crashed processes left, and then the longest unused, until the
 * limit is kept. Never touches a file that is being read. Returns how many bytes are left.
 *
 * Throws what the disk throws.
 */
export async function sweep(cacache: Cacache, directory: string, limits: CacheLimits): Promise<number> {
	const { maxBytes, maxAgeMs, nowMs } = limits;
	const reading = await sweepReaders(directory, nowMs);
	await removeAbandoned(join(directory, "tmp"), nowMs);
	// In this order: what others store meanwhile has a file without a row here, never a row without a file.
	const rows = Object.entries(await cacache.ls(directory));
	const contents = await listContents(directory, reading);
	for (const [key, row] of rows) {
		const entry = readEntry(row);
		const content = entry === undefined ? undefined : contents.get(entry.contentPath);
		if (content !== undefined) content.hadKey = true;
		const isUsable =
			entry !== undefined && content?.sizeBytes === entry.sizeBytes && !isExpired(entry, nowMs, maxAgeMs);
		if (isUsable) content?.keys.push(key);
		else await removeKey(cacache, directory, key);
	}
	let usedBytes = 0;
	const removable: Content[] = [];
	for (const content of contents.values()) {
		const isOld = Math.abs(nowMs - content.lastUsedMs) > ORPHANED_AFTER_MS;
		if (content.keys.length === 0 && (content.hadKey || isOld)) {
			await rm(content.path, { force: true });
			continue;
		}
		usedBytes += content.sizeBytes;
		if (content.keys.length > 0 && !content.isBeingRead) removable.push(content);
	}
	removable.sort((a, b) => a.lastUsedMs - b.lastUsedMs);
	for (const content of removable) {
		if (usedBytes <= maxBytes) break;
		for (const key of content.keys) await removeKey(cacache, directory, key);
		await rm(content.path, { force: true });
		usedBytes -= content.sizeBytes;
	}
	return usedBytes;
}

/** Removes one entry with its file. */
export async function removeEntry(
	cacache: Cacache,
	directory: string,
	key: string,
	entry: FoundEntry | undefined,
): Promise<void> {
	await removeKey(cacache, directory, key);
	if (entry !== undefined) await rm(entry.contentPath, { force: true, recursive: true });
}

/** Without `removeFully`, which its types do not know, cacache only adds a line and the file grows for ever. */
async function removeKey({ rm: remove }: Cacache, directory: string, key: string): Promise<void> {
	const removeFully: (directory: string, key: string, options: { removeFully: true }) => Promise<unknown> =
		remove.entry;
	await removeFully(directory, key, { removeFully: true });
}

async function listContents(directory: string, reading: ReadonlySet<string>): Promise<Map<string, Content>> {
	const contents = new Map<string, Content>();
	const folders = (await readdir(directory)).filter((name) => name.startsWith("content-"));
	for (const folder of folders) {
		const files = await readdir(join(directory, folder), { recursive: true, withFileTypes: true });
		for (const file of files.filter((found) => found.isFile())) {
			const path = join(file.parentPath, file.name);
			const found = await stat(path, { bigint: true }).catch(() => undefined);
			if (found === undefined) continue;
			contents.set(path, {
				path,
				sizeBytes: Number(found.size),
				lastUsedMs: Number(found.mtimeMs),
				keys: [],
				hadKey: false,
				isBeingRead: reading.has(fileIdentity(found)),
			});
		}
	}
	return contents;
}

async function removeAbandoned(folder: string, nowMs: number): Promise<void> {
	for (const name of await readdir(folder).catch(() => [])) {
		const path = join(folder, name);
		const found = await stat(path).catch(() => undefined);
		if (found !== undefined && Math.abs(nowMs - found.mtimeMs) > ABANDONED_AFTER_MS) {
			await rm(path, { force: true, recursive: true }).catch(() => undefined);
		}
	}
}
