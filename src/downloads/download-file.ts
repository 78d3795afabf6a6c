import { readdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { PartialFile, type SizeLimit } from "./partial-file.ts";
import {
	ageMs,
	bootTime,
	claimPath,
	hashJobId,
	isInUseElsewhere,
	isSameBoot,
	type ResumeNote,
	readNote,
	releasePath,
	removeNote,
	thisProcess,
	writeNote,
} from "./resume-note.ts";

/** Which bytes are being fetched: a strong entity tag stands for the same bytes for ever. */
export interface FileVersion {
	readonly etag: string;
	/** The size of the whole file, in bytes. */
	readonly lengthBytes: number;
}

interface Place {
	readonly directory: string;
	readonly jobId: string;
	readonly limit: SizeLimit;
}

const TEMPORARY_NAME = /^\.reelay-[0-9a-f]{24}\.(?:part|json)$/;
/** Longer than most results can still be fetched. */
const RESUMABLE_FOR_MS = 3 * 86_400_000;
/** A partial file without a note is of no use to anybody but the process that writes it, which never rests so long. */
const ABANDONED_AFTER_MS = 6 * 3_600_000;

/** A download on disk that outlives the process: the partial file, and the note that explains it. */
export class DownloadFile {
	readonly #place: Place;
	#part: PartialFile;
	#version: FileVersion | undefined;
	#notePath: string | undefined;

	private constructor(place: Place, part: PartialFile) {
		this.#place = place;
		this.#part = part;
	}

	/** Goes on with what an earlier try for this job left, when there is something; else starts empty. */
	static async open(place: Place, signal: AbortSignal): Promise<DownloadFile> {
		const jobHash = hashJobId(place.jobId);
		for (const name of await temporaryNames(place.directory)) {
			const path = join(place.directory, name);
			const note = await readNote(path);
			if (note?.jobHash !== jobHash) continue;
			const file = await DownloadFile.#takeOver(place, path, note, signal);
			if (file !== undefined) return file;
		}
		return new DownloadFile(place, await PartialFile.create(place.directory, place.limit));
	}

	static async #takeOver(
		place: Place,
		oldPath: string,
		note: ResumeNote,
		signal: AbortSignal,
	): Promise<DownloadFile | undefined> {
		const partPath = join(place.directory, note.partName);
		if (!claimPath(partPath)) return undefined;
		try {
			const file = await DownloadFile.#reopen(place, oldPath, partPath, note, signal);
			if (file === undefined) releasePath(partPath);
			return file;
		} catch (error) {
			releasePath(partPath);
			throw error;
		}
	}

	static async #reopen(
		place: Place,
		oldPath: string,
		partPath: string,
		note: ResumeNote,
		signal: AbortSignal,
	): Promise<DownloadFile | undefined> {
		if (await isInUseElsewhere(note, partPath)) return undefined;
		// Our note is written before the old one goes: whoever removes the old one owns the file, and a crash
		// in between leaves at least one.
		const newPath = await writeNote(place.directory, { ...note, owner: thisProcess() });
		if (!(await removeNote(oldPath))) {
			await removeNote(newPath);
			return undefined;
		}
		const trustedBytes = isSameBoot(note) ? undefined : note.flushedBytes;
		const expected = { trustedBytes, wholeBytes: note.lengthBytes, limit: place.limit, signal };
		const part = await PartialFile.reopen(partPath, expected);
		if (part === undefined) {
			await rm(partPath, { force: true }).catch(() => {});
			await removeNote(newPath);
			return undefined;
		}
		const file = new DownloadFile(place, part);
		file.#version = { etag: note.etag, lengthBytes: note.lengthBytes };
		file.#notePath = newPath;
		return file;
	}

	/** The bytes that are here. */
	get part(): PartialFile {
		return this.#part;
	}

	/** What they are part of, when they can be completed. */
	get version(): FileVersion | undefined {
		return this.#version;
	}

	/** Whether nothing is missing. */
	get isComplete(): boolean {
		return this.#version?.lengthBytes === this.#part.sizeBytes;
	}

	/** Takes note of what is being fetched, before the first byte of it is written. */
	async describe(version: FileVersion): Promise<void> {
		claimPath(this.#part.path);
		this.#notePath = await writeNote(this.#place.directory, this.#note(version, 0, true));
		this.#version = version;
	}

	/** Throws away what is here and starts empty. A new file, as the old one may have got a final name too. */
	async restart(): Promise<void> {
		await this.discard();
		this.#part = await PartialFile.create(this.#place.directory, this.#place.limit);
	}

	/** Leaves it for a later try when one could go on with it, else removes it. */
	async keep(): Promise<void> {
		if (this.#version === undefined || this.#notePath === undefined || this.#part.isDamaged) return this.discard();
		try {
			await this.#part.flush();
		} catch {
			return this.discard();
		}
		// Without the new note the old one leads to the same bytes, if the machine does not fail meanwhile.
		const note = this.#note(this.#version, this.#part.sizeBytes, false);
		await writeNote(this.#place.directory, note, this.#notePath).catch(() => {});
		await this.#part.close().catch(() => {});
		releasePath(this.#part.path);
	}

	/** Removes the partial file and its note. What was published stays. */
	async discard(): Promise<void> {
		await this.#part.discard();
		if (this.#notePath !== undefined) await removeNote(this.#notePath).catch(() => {});
		releasePath(this.#part.path);
		this.#notePath = undefined;
		this.#version = undefined;
	}

	#note(version: FileVersion, flushedBytes: number, inUse: boolean): ResumeNote {
		const note = {
			...version,
			partName: basename(this.#part.path),
			jobHash: hashJobId(this.#place.jobId),
			flushedBytes,
			bootedAtMs: bootTime(),
		};
		return inUse ? { ...note, owner: thisProcess() } : note;
	}
}

/** Removes what crashed processes left behind long ago. Never fails. */
export async function removeStaleFiles(directory: string): Promise<void> {
	const names = await temporaryNames(directory).catch(() => []);
	const notes = await Promise.all(names.map((name) => readNote(join(directory, name)).catch(() => undefined)));
	const resumable = new Set(notes.map((note) => note?.partName));
	for (const [index, name] of names.entries()) {
		const path = join(directory, name);
		const isResumable = notes[index] !== undefined || resumable.has(name);
		const staleAfterMs = isResumable ? RESUMABLE_FOR_MS : ABANDONED_AFTER_MS;
		if ((await ageMs(path)) > staleAfterMs) await rm(path, { force: true }).catch(() => {});
	}
}

async function temporaryNames(directory: string): Promise<readonly string[]> {
	return (await readdir(directory)).filter((name) => TEMPORARY_NAME.test(name));
}
