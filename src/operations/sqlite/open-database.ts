import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { loadSqlite } from "./load-sqlite.ts";
import { migrate } from "./schema.ts";

/** SQLite waits for a lock by blocking the event loop: long enough for one commit of a neighbour, no longer. */
const BUSY_TIMEOUT_MS = 5;

/**
 * Opens the ledger's database, making it and its folder where they are missing, both for the user alone.
 * Throws what SQLite and the file system throw, and `ConfigurationError` for a file that is not ours to write.
 */
export function openDatabase(path: string): DatabaseSync {
	const { DatabaseSync } = loadSqlite();
	createFile(path);
	const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
	try {
		// FULL flushes the log at every commit; without fullfsync, macOS leaves it in the disk's own cache.
		database.exec("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON");
		migrate(database, path);
		database.exec("PRAGMA journal_mode = WAL");
		return database;
	} catch (error) {
		database.close();
		throw error;
	}
}

/**
 * SQLite gives its files the mode of the database, and a database the mode of any other file. Only a file
 * that did not exist is opened here: closing one that this process has open in SQLite would drop its locks.
 */
function createFile(path: string): void {
	mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
	try {
		closeSync(openSync(path, "wx", 0o600));
	} catch (error) {
		if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
	}
}
