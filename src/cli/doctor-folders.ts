import { constants } from "node:fs";
import { access, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { defaultOutputDirectory, finishedVideosDirectory, ledgerPath, type Settings } from "../config/index.ts";
import { isVideoError } from "../errors/index.ts";
import { SqliteLedger } from "../index.ts";
import { bytesText } from "./amounts.ts";

/** A folder or a file that reelay writes to. */
export interface FolderState {
	readonly what: string;
	/** Whether it can be written, or why it is not used. */
	readonly state: string;
	/** Where it is; absent for what is in memory. */
	readonly path?: string;
	/** Why no job that costs can be recorded, and so none is submitted; only of the ledger. */
	readonly problem?: string;
	/** What the kept videos take, in bytes; only of the cache. */
	readonly usedBytes?: number;
	/** What they may take together, in bytes; only of the cache. */
	readonly maxBytes?: number;
}

/** A folder as `doctor` shows it. */
export function folderRows({ what, state, path, usedBytes, maxBytes }: FolderState): readonly (readonly string[])[] {
	const rows = [[what, state, path ?? "jobs are forgotten when the process ends"]];
	if (usedBytes === undefined || maxBytes === undefined) return rows;
	return [...rows, ["", bytesText(usedBytes), `of at most ${bytesText(maxBytes)}`]];
}

/** Looks at everything that is written to. */
export async function folderStates(settings: Settings): Promise<readonly FolderState[]> {
	const results = defaultOutputDirectory(settings);
	return [
		{ what: "videos of the library", state: await writability(results), path: results },
		await ledgerState(settings),
		await cacheState(settings),
	];
}

/** A ledger may be read although it cannot be written, and its folder be writable although it cannot be read. */
async function ledgerState(settings: Settings): Promise<FolderState> {
	const what = "ledger";
	if (settings.ledger === "memory") return { what, state: "in memory" };
	const path = ledgerPath(settings);
	const ledger = new SqliteLedger(path);
	try {
		await ledger.list({ limit: 1 });
	} catch (error) {
		if (!isVideoError(error)) throw error;
		const state = await writability(path);
		return { what, state: state === "writable" ? "not usable" : state, path, problem: error.message };
	} finally {
		await ledger.close();
	}
	const state = await writability(path);
	if (state === "writable") return { what, state, path };
	const problem = `ledger: ${path} cannot be written; allow it, or choose another folder (REELAY_STATE_DIRECTORY)`;
	return { what, state, path, problem };
}

async function cacheState(settings: Settings): Promise<FolderState> {
	const path = finishedVideosDirectory(settings);
	const { mode, maxBytes } = settings.cache;
	const state = mode === false ? "off" : await writability(path);
	return { what: "cache", state, path, usedBytes: await sizeOf(path), maxBytes };
}

/** What the files below a folder take; what vanishes meanwhile takes nothing. */
async function sizeOf(folder: string): Promise<number> {
	const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
	const files = found.filter((entry) => entry.isFile());
	const sizes = await Promise.all(
		files.map((file) =>
			stat(join(file.parentPath, file.name)).then(
				({ size }) => size,
				() => 0,
			),
		),
	);
	return sizes.reduce((sum, size) => sum + size, 0);
}

/** Whether a file or a folder, or the nearest one above it that exists, can be written. */
async function writability(folder: string): Promise<string> {
	try {
		await access(folder, constants.W_OK);
		return "writable";
	} catch (error) {
		const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
		return isMissing && dirname(folder) !== folder ? writability(dirname(folder)) : "not writable";
	}
}
