import { ConfigurationError } from "../../errors/index.ts";

/**
 * Node's own SQLite, loaded when a ledger is first used. Throws `ConfigurationError` on a system without it.
 *
 * Node 22 announces that the module is experimental when it loads. It loads synchronously here, so that
 * exactly this notice is held back: users of a command line can do nothing about it.
 */
export function loadSqlite(): typeof import("node:sqlite") {
	const { emitWarning } = process;
	process.emitWarning = (...details: readonly unknown[]) => {
		if (details[1] !== "ExperimentalWarning") Reflect.apply(emitWarning, process, details);
	};
	try {
		const sqlite: typeof import("node:sqlite") | undefined = process.getBuiltinModule("node:sqlite");
		if (sqlite === undefined) {
			throw new ConfigurationError(
				"ledger: this Node has no node:sqlite; use Node 22.13 or later without --no-experimental-sqlite, " +
					"or keep jobs in memory only (REELAY_LEDGER=memory, ledger: new MemoryLedger())",
			);
		}
		return sqlite;
	} finally {
		process.emitWarning = emitWarning;
	}
}
