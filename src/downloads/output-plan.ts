import { randomBytes } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { lstat, mkdir, open, realpath, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { InputError } from "../errors/index.ts";
import { describeDiskError, systemCode } from "./disk-error.ts";
import { containerOfName, isReservedName, isTemplate } from "./file-name.ts";

/** Where the user wants a video. */
export interface OutputRequest {
	/** A file or a folder; absent: `defaultDirectory`. The file name may hold placeholders. */
	readonly output?: string | undefined;
	/** Whether a file of that name may be replaced. */
	readonly overwrite: boolean;
	/** The folder for videos without an `output`. */
	readonly defaultDirectory: string;
	/** Whether `defaultDirectory` is created when it is missing. A folder that the user names never is. */
	readonly createDefaultDirectory: boolean;
	/**
	 * What a taken name means when `overwrite` is off. `"refuse"` is for new jobs. `"number"` is for a job
	 * whose money is spent already: its video is saved as `name-2` then, unless the file there is the same.
	 * @default "refuse"
	 */
	readonly existing?: "refuse" | "number";
}

/** Where a video will be written, checked. Made by `planOutput`, used by `saveAsset`. */
export interface OutputPlan {
	/** The folder, absolute and without symbolic links. It exists and can be written. */
	readonly directory: string;
	/** The file name, or what it is made of. */
	readonly name: string;
	/** Whether `name` holds placeholders, and gets the extension of the video. */
	readonly nameIsTemplate: boolean;
	/** Whether a file of that name is replaced. */
	readonly overwrite: boolean;
	/** The permission bits that a new file gets in that folder. */
	readonly fileMode: number;
}

/** What files without a name of their own are called; the extension is added. */
const DEFAULT_NAME = "reelay-{id}";
const TRAILING_SEPARATOR = process.platform === "win32" ? /[/\\]$/ : /\/$/;
/** Enough to make a full disk say so. */
const PROBE_BYTES = 4096;

/**
 * Checks where a video is to be written, before any money is spent. Creates and removes a private file
 * there, as nothing else proves that the folder can be written. Leaves nothing behind but the default
 * folder, when that may be created.
 *
 * Throws `InputError` (field `output`) that says what is wrong and what to do.
 */
export async function planOutput(request: OutputRequest): Promise<OutputPlan> {
	const { output } = request;
	if (output === undefined) {
		if (request.createDefaultDirectory) await createFolder(request.defaultDirectory);
		return planFolder(request.defaultDirectory, request);
	}
	if (output.trim() === "") refuse("the path is empty; name a file or a folder, or leave it out");
	if (output.includes("\0")) refuse("the path holds a NUL character; remove it");

	const saysFolder = TRAILING_SEPARATOR.test(output);
	const found = await inspect(output, stat);
	if (found?.isDirectory()) {
		if (!saysFolder && containerOfName(output) !== undefined) {
			refuse(`"${output}" is a folder although it is named like a video; choose another name, or add a "/"`);
		}
		return planFolder(output, request);
	}
	if (saysFolder) return planFolder(output, request);
	return planFile(output, request);
}

async function planFolder(folder: string, request: OutputRequest): Promise<OutputPlan> {
	const directory = await existingFolder(folder);
	const fileMode = await proveWritable(directory);
	return { directory, name: DEFAULT_NAME, nameIsTemplate: true, overwrite: request.overwrite, fileMode };
}

async function planFile(output: string, request: OutputRequest): Promise<OutputPlan> {
	const path = resolve(output);
	const directory = await existingFolder(dirname(path));
	const name = basename(path);
	const nameIsTemplate = isTemplate(name);
	if (!nameIsTemplate) {
		if (process.platform === "win32" && isReservedName(name)) {
			refuse(`"${name}" is a device on Windows; choose another name`);
		}
		await refuseTaken(output, join(directory, name), request);
	}
	const fileMode = await proveWritable(directory);
	return { directory, name, nameIsTemplate, overwrite: request.overwrite, fileMode };
}

async function existingFolder(folder: string): Promise<string> {
	const found = await inspect(folder, stat);
	if (found === undefined) {
		const hint = /\{[a-z]+\}/.test(folder) ? " (placeholders work in the file name only)" : "";
		refuse(`the folder "${folder}" does not exist${hint}; create it first`);
	}
	if (!found.isDirectory()) refuse(`"${folder}" is not a folder; choose a folder`);
	return realpath(folder);
}

async function refuseTaken(output: string, path: string, request: OutputRequest): Promise<void> {
	const found = await inspect(path, lstat);
	if (found === undefined) return;
	if (found.isSymbolicLink()) {
		refuse(`"${output}" is a symbolic link, and reelay never writes through one; name the file it leads to`);
	}
	if (!found.isFile()) refuse(`"${output}" exists and is no ordinary file; choose another name`);
	if (!request.overwrite) {
		if (request.existing === "number") return;
		refuse(`"${output}" exists already; choose another name, or set overwrite (--overwrite) to replace it`);
	}
	if ((Number(found.mode) & 0o222) === 0) {
		refuse(`"${output}" is read-only; make it writable, or choose another name`);
	}
}

/** Writes a private file beside the target and removes it. Returns the permission bits that new files get. */
async function proveWritable(directory: string): Promise<number> {
	const path = temporaryPath(directory);
	try {
		const handle = await open(path, newFileFlags(), 0o666);
		try {
			await handle.write(Buffer.alloc(PROBE_BYTES));
			await handle.sync();
			return (await handle.stat()).mode & 0o777;
		} finally {
			await handle.close();
			await rm(path, { force: true });
		}
	} catch (error) {
		// The folder is there: it is one in which nothing can be created, such as /proc.
		if (systemCode(error) === "ENOENT") refuse(`no file can be created in "${directory}"; choose another folder`);
		refuseDisk(error, directory);
	}
}

/** A name in `directory` that nobody can guess, for a file that is not finished. */
export function temporaryPath(directory: string): string {
	return join(directory, `.reelay-${randomBytes(12).toString("hex")}.part`);
}

/** How a temporary file is opened: new, and never through a symbolic link. */
export function newFileFlags(): number {
	return constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
}

async function createFolder(directory: string): Promise<void> {
	try {
		await mkdir(directory, { recursive: true });
	} catch (error) {
		refuseDisk(error, directory);
	}
}

async function inspect(path: string, look: (path: string) => Promise<Stats>): Promise<Stats | undefined> {
	try {
		return await look(path);
	} catch (error) {
		const code = systemCode(error);
		if (code === "ENOENT" || code === "ENOTDIR") return undefined;
		refuseDisk(error, path);
	}
}

function refuseDisk(error: unknown, place: string): never {
	const problem = describeDiskError(error, `"${place}"`) ?? `"${place}" cannot be used; choose another folder`;
	throw new InputError("output", problem, { cause: error });
}

function refuse(message: string): never {
	throw new InputError("output", message);
}
