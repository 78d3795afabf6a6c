import { utimes } from "node:fs/promises";
import { resolve } from "node:path";
import { CancelledError, ConfigurationError } from "../errors/index.ts";
import { type Clock, systemClock } from "../policies/index.ts";
import { entryOf, type FoundEntry, isExpired, readEntry } from "./cache-entry.ts";
import type { CachedVideo, FinishedVideo } from "./cached-video.ts";
import { type Cacache, loadCacache } from "./load-cacache.ts";
import { inspectFolder, makeFolder } from "./own-folder.ts";
import { linkForReader } from "./reader-link.ts";
import { removeEntry, sweep } from "./sweep.ts";
import { isExactFile } from "./verify-file.ts";
import { writeContent } from "./write-content.ts";

const DEFAULTS = {
	/** 2 GiB, in bytes: some hundred clips, and no more than a browser takes. */
	maxBytes: 2 * 2 ** 30,
	/** 30 days, in milliseconds: as long as the ledger remembers a job. Models change behind their names. */
	maxAgeMs: 30 * 86_400_000,
} as const;

/** How a cache is set up. */
export interface VideoCacheOptions {
	/** A folder of its own; made for this user alone when the first video is stored. */
	readonly directory: string;
	/** The largest size of all videos together, in bytes. @default 2147483648 */
	readonly maxBytes?: number | undefined;
	/** How long a video is kept, from when it was stored, in milliseconds. @default 2592000000 */
	readonly maxAgeMs?: number | undefined;
	/** Where time comes from. @default the system's clock */
	readonly clock?: Pick<Clock, "now" | "monotonic"> | undefined;
}

/** How to look, or to store. */
export interface CacheCallOptions {
	/** Ends the work early. */
	readonly signal?: AbortSignal | undefined;
}

/** What other processes have stored is counted again after this time. */
const RECOUNT_AFTER_MS = 60_000;

/**
 * Finished videos on disk, by a key that stands for everything that was asked for. Any number of processes
 * may use one folder. Memory use does not depend on the size of a video.
 *
 * It is a convenience and never in the way: trouble with its disk is a miss, or a warning.
 */
export class VideoCache {
	/** Where it is, absolute. */
	readonly directory: string;
	readonly #maxBytes: number;
	readonly #maxAgeMs: number;
	readonly #clock: Pick<Clock, "now" | "monotonic">;
	/** Settles when every write so far has: together they must keep the limit. */
	#written: Promise<unknown> = Promise.resolve();
	/** What is in it as far as this process knows, and when that was counted. */
	#count: { usedBytes: number; readonly atMs: number } | undefined;

	/** Throws `ConfigurationError` when a limit is no number above 0. Touches no disk. */
	constructor(options: VideoCacheOptions) {
		this.directory = resolve(options.directory);
		this.#maxBytes = options.maxBytes ?? DEFAULTS.maxBytes;
		this.#maxAgeMs = options.maxAgeMs ?? DEFAULTS.maxAgeMs;
		this.#clock = options.clock ?? systemClock;
		requirePositive("cache.maxBytes", "bytes", this.#maxBytes);
		requirePositive("cache.maxAgeMs", "milliseconds", this.#maxAgeMs);
	}

	/**
	 * The video with that key, verified to the last byte. Dispose of it when it was copied (`await using`).
	 * What is torn, was changed or has reached its end is removed, and counts as not there.
	 *
	 * Throws `CancelledError`, nothing else.
	 */
	async find(key: string, { signal }: CacheCallOptions = {}): Promise<CachedVideo | undefined> {
		try {
			signal?.throwIfAborted();
			// A cache that nobody has written to costs one look at the disk.
			if ((await inspectFolder(this.directory)) !== "ours") return undefined;
			const cacache = await loadCacache();
			const row = await cacache.get.info(this.directory, key);
			if (row === null) return undefined;
			const entry = readEntry(row);
			const isLive = entry !== undefined && !isExpired(entry, this.#clock.now(), this.#maxAgeMs);
			const video = isLive ? await this.#open(entry, signal) : undefined;
			if (video === undefined) await removeEntry(cacache, this.directory, key, entry);
			return video;
		} catch (cause) {
			if (signal?.aborted !== true) return undefined;
			throw new CancelledError("cancelled while the cache was read", { cause });
		}
	}

	/**
	 * Keeps a copy of a finished video, if there is room when the longest unused are removed. When it cannot
	 * be kept for a reason that stays, that is returned as a warning in one line. Never rejects.
	 */
	store(key: string, video: FinishedVideo, { signal }: CacheCallOptions = {}): Promise<string | undefined> {
		return this.#inTurn(async () => {
			try {
				return signal?.aborted === true ? undefined : await this.#store(key, video, signal);
			} catch (error) {
				return signal?.aborted === true ? undefined : this.#notKept(problemOf(error));
			}
		});
	}

	/** Removes what has reached its end and what is beyond the limit; `store` does so by itself. Never rejects. */
	async prune(): Promise<void> {
		await this.#inTurn(async () => {
			if ((await inspectFolder(this.directory)) === "ours") await this.#sweep(await loadCacache(), this.#maxBytes);
		}).catch(() => undefined);
	}

	/** Waits for what is being written. */
	async close(): Promise<void> {
		await this.#written;
	}

	/** Gives a reader its own name of the file, and checks what is there. */
	async #open(entry: FoundEntry, signal: AbortSignal | undefined): Promise<CachedVideo | undefined> {
		const { contentPath, ...kept } = entry;
		const now = this.#clock.now();
		const reader = await linkForReader(this.directory, contentPath, now).catch(() => undefined);
		if (reader === undefined) return undefined;
		try {
			if (await isExactFile(reader.path, kept, signal)) {
				await utimes(contentPath, now / 1000, now / 1000).catch(() => undefined);
				return { ...kept, ...reader };
			}
		} catch (error) {
			await reader[Symbol.asyncDispose]();
			throw error;
		}
		await reader[Symbol.asyncDispose]();
		return undefined;
	}

	async #store(key: string, video: FinishedVideo, signal: AbortSignal | undefined): Promise<string | undefined> {
		if (video.sizeBytes > this.#maxBytes) {
			return this.#notKept(`it is larger than the cache may be, ${this.#maxBytes} bytes; raise REELAY_CACHE_SIZE`);
		}
		await makeFolder(this.directory);
		if ((await inspectFolder(this.directory)) !== "ours") {
			return this.#notKept("the folder belongs to somebody else; choose another one (REELAY_CACHE_DIRECTORY)");
		}
		const cacache = await loadCacache();
		const count = await this.#makeRoom(cacache, video.sizeBytes);
		// All of it is being read, or was stored this minute: the next video may find room again.
		if (count === undefined) return undefined;
		const now = this.#clock.now();
		const isWhole = await writeContent(cacache, this.directory, key, entryOf(video, now), video.path, signal);
		if (!isWhole) {
			return signal?.aborted === true
				? undefined
				: this.#notKept("its file was changed or moved meanwhile; do that later");
		}
		count.usedBytes += video.sizeBytes;
		const row = await cacache.get.info(this.directory, key);
		if (row !== null) await utimes(row.path, now / 1000, now / 1000).catch(() => undefined);
		return undefined;
	}

	/** `undefined` when there is no room for so many bytes. */
	async #makeRoom(cacache: Cacache, bytes: number): Promise<{ usedBytes: number } | undefined> {
		const limitBytes = this.#maxBytes - bytes;
		const isStale = this.#count === undefined || this.#clock.monotonic() - this.#count.atMs > RECOUNT_AFTER_MS;
		const isFull = (this.#count?.usedBytes ?? 0) > limitBytes;
		const count = isStale || isFull ? await this.#sweep(cacache, limitBytes) : this.#count;
		return count !== undefined && count.usedBytes <= limitBytes ? count : undefined;
	}

	async #sweep(cacache: Cacache, maxBytes: number): Promise<{ usedBytes: number }> {
		const limits = { maxBytes, maxAgeMs: this.#maxAgeMs, nowMs: this.#clock.now() };
		const usedBytes = await sweep(cacache, this.directory, limits);
		this.#count = { usedBytes, atMs: this.#clock.monotonic() };
		return this.#count;
	}

	#notKept(problem: string): string {
		return `cache: ${this.directory} did not take the video, which is safe where it is: ${problem}`;
	}

	#inTurn<Result>(call: () => Promise<Result>): Promise<Result> {
		const result = this.#written.then(call);
		this.#written = result.catch(() => undefined);
		return result;
	}
}

function requirePositive(field: string, unit: string, value: number): void {
	if (value > 0) return;
	throw new ConfigurationError(`${field}: must be a number of ${unit} above 0; cache: false turns the cache off`);
}

const FULL: readonly unknown[] = ["ENOSPC", "EDQUOT", "EFBIG"];

function problemOf(error: unknown): string {
	const code = error instanceof Error && "code" in error ? error.code : undefined;
	if (FULL.includes(code)) return `its disk is full (${code}); free some space, or set cache to false`;
	return `it cannot be written (${code ?? "unknown error"}); allow it, or set cache to false`;
}
