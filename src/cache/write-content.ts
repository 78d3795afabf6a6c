import { once } from "node:events";
import { type CacheEntry, integrityOf } from "./cache-entry.ts";
import type { Cacache } from "./load-cacache.ts";
import { openExact } from "./verify-file.ts";

const READ_BYTES = 262_144;

/**
 * Copies a file into the cache under a key, a piece at a time, and checks on the way that it is what the
 * entry says. Nothing can be found under the key before all of it is there.
 *
 * Returns whether it was; `false` when the file is not what the entry says. Throws what the disk throws.
 * After an abort it throws as well, and has left nothing.
 */
export async function writeContent(
	{ put, get, rm }: Cacache,
	directory: string,
	key: string,
	entry: CacheEntry,
	path: string,
	signal?: AbortSignal,
): Promise<boolean> {
	const source = await openExact(path, entry.sizeBytes);
	if (source === undefined) return false;
	try {
		const integrity = integrityOf(entry.sha256);
		// cacache takes any file of the right name for the content, a torn one too.
		const present = await get.hasContent(directory, integrity);
		if (present !== false && present.size !== entry.sizeBytes) await rm.content(directory, integrity);

		const sink = put.stream(directory, key, {
			integrity,
			algorithms: ["sha256"],
			size: entry.sizeBytes,
			metadata: entry,
		});
		const written = sink.promise();
		written.catch(() => undefined);
		sink.resume();
		try {
			for await (const chunk of source.createReadStream({ highWaterMark: READ_BYTES, autoClose: false })) {
				// Ended early, the stream finds that bytes are missing and clears its traces, which an error would not make it do.
				if (signal?.aborted === true) break;
				if (!sink.write(chunk)) await Promise.race([once(sink, "drain"), written]);
			}
		} finally {
			sink.end();
		}
		await written;
		return true;
	} catch (error) {
		if (error instanceof Error && "code" in error && CHANGED.includes(error.code)) return false;
		throw error;
	} finally {
		await source.close();
	}
}

/** What cacache calls a stream of other bytes, of another length, or of none. */
const CHANGED: readonly unknown[] = ["EINTEGRITY", "EBADSIZE", "ENODATA"];
