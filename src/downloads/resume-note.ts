import { createHash, randomUUID } from "node:crypto";
import { lstat, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname, uptime } from "node:os";
import { systemCode } from "./disk-error.ts";
import { temporaryPath } from "./output-plan.ts";

/**
 * What lies beside a partial download so that a later process can go on with it. It holds no URL and no
 * key: the job is known by a hash, the version of the file by its entity tag.
 */
export interface ResumeNote {
	/** The name of the partial file, in the same folder. */
	readonly partName: string;
	/** SHA-256 of the job's id. */
	readonly jobHash: string;
	/** The strong entity tag of the file that is being fetched. */
	readonly etag: string;
	/** The size of the whole file, in bytes. */
	readonly lengthBytes: number;
	/** How much was flushed when the note was written. All that can be trusted after a power failure. */
	readonly flushedBytes: number;
	/** When this machine was started, in milliseconds since 1970-01-01 UTC. */
	readonly bootedAtMs: number;
	/** The process that works on it; absent when none does. */
	readonly owner?: NoteOwner;
}

interface NoteOwner {
	readonly host: string;
	readonly processId: number;
	/** Tells apart two processes that got the same number, as every first process of a container does. */
	readonly processKey: string;
}

const PROCESS_KEY = randomUUID();
const MAXIMUM_NOTE_BYTES = 4_096;
/** Clocks are set by less than this while a machine runs, and machines take longer to start. */
const BOOT_TOLERANCE_MS = 5_000;
/** No download goes on for so long without a byte written. */
const ABANDONED_AFTER_MS = 6 * 3_600_000;
const USELESS: ReadonlySet<string | undefined> = new Set(["ENOENT", "ENOTDIR", "EISDIR", "ELOOP", "EACCES", "EPERM"]);
const activePaths = new Set<string>();

/** How notes know a job. */
export function hashJobId(jobId: string): string {
	return createHash("sha256").update(jobId).digest("hex");
}

/** When this machine was started. */
export function bootTime(): number {
	return Math.round(Date.now() - uptime() * 1_000);
}

/** Whether everything that was written, flushed or not, is still what was written. */
export function isSameBoot(note: ResumeNote): boolean {
	return Math.abs(note.bootedAtMs - bootTime()) < BOOT_TOLERANCE_MS;
}

/** This process, for the notes that it writes. */
export function thisProcess(): NoteOwner {
	return { host: hostname(), processId: process.pid, processKey: PROCESS_KEY };
}

/** Marks a partial file as in use by this process. `false` when it is already. */
export function claimPath(partPath: string): boolean {
	if (activePaths.has(partPath)) return false;
	activePaths.add(partPath);
	return true;
}

/** Ends the use of a partial file by this process. */
export function releasePath(partPath: string): void {
	activePaths.delete(partPath);
}

/** Whether another process works on the partial file. */
export async function isInUseElsewhere(note: ResumeNote, partPath: string): Promise<boolean> {
	const { owner } = note;
	if (owner === undefined || owner.processKey === PROCESS_KEY) return false;
	if (owner.host !== hostname()) return (await ageMs(partPath)) < ABANDONED_AFTER_MS;
	return owner.processId !== process.pid && isAlive(owner.processId);
}

/** Writes a note in one step, under a new name or over an old one. Returns its path. */
export async function writeNote(directory: string, note: ResumeNote, path?: string): Promise<string> {
	const temporary = notePath(directory);
	try {
		await writeFile(temporary, JSON.stringify(note), { flag: "wx", mode: 0o600, flush: true });
		if (path === undefined) return temporary;
		await rename(temporary, path);
		return path;
	} catch (error) {
		await rm(temporary, { force: true }).catch(() => {});
		throw error;
	}
}

/** Removes a note. `false` when another process was faster. Throws the system's error when it cannot. */
export async function removeNote(path: string): Promise<boolean> {
	try {
		await rm(path);
		return true;
	} catch (error) {
		if (systemCode(error) === "ENOENT") return false;
		throw error;
	}
}

/**
 * The note at a path, checked field by field; `undefined` when it is torn, foreign or gone. Throws the
 * system's error when it cannot tell, as with too many files open: the note may be the one that is needed.
 */
export async function readNote(path: string): Promise<ResumeNote | undefined> {
	try {
		const found = await lstat(path);
		if (!found.isFile() || found.size > MAXIMUM_NOTE_BYTES) return undefined;
		return parseNote(parseJson(await readFile(path, "utf8")));
	} catch (error) {
		if (isUseless(error)) return undefined;
		throw error;
	}
}

/** Whether an error means that there is nothing to go on with at a path, now or later. */
export function isUseless(error: unknown): boolean {
	return USELESS.has(systemCode(error));
}

/** How long ago a file was changed, in milliseconds; 0 when it is gone. */
export async function ageMs(path: string): Promise<number> {
	return lstat(path).then(
		(found) => Math.max(Date.now() - found.mtimeMs, 0),
		() => 0,
	);
}

function notePath(directory: string): string {
	return temporaryPath(directory).replace(/\.part$/, ".json");
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function parseNote(value: unknown): ResumeNote | undefined {
	if (typeof value !== "object" || value === null) return undefined;
	const note = value as { readonly [Name in keyof ResumeNote]?: unknown };
	const { partName, jobHash, etag, lengthBytes, flushedBytes, bootedAtMs } = note;
	if (typeof partName !== "string" || !/^\.reelay-[0-9a-f]{24}\.part$/.test(partName)) return undefined;
	if (typeof jobHash !== "string" || typeof etag !== "string") return undefined;
	if (!isSize(lengthBytes) || !isSize(flushedBytes) || typeof bootedAtMs !== "number") return undefined;
	const owner = parseOwner(note.owner);
	const parsed = { partName, jobHash, etag, lengthBytes, flushedBytes, bootedAtMs };
	return owner === undefined ? parsed : { ...parsed, owner };
}

function parseOwner(value: unknown): NoteOwner | undefined {
	if (typeof value !== "object" || value === null) return undefined;
	const { host, processId, processKey } = value as { readonly [Name in keyof NoteOwner]?: unknown };
	if (typeof host !== "string" || !isSize(processId) || typeof processKey !== "string") return undefined;
	return { host, processId, processKey };
}

function isSize(value: unknown): value is number {
	return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isAlive(processId: number): boolean {
	try {
		return process.kill(processId, 0);
	} catch (error) {
		return systemCode(error) === "EPERM";
	}
}
