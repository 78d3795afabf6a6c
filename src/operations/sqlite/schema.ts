import type { DatabaseSync } from "node:sqlite";
import { ConfigurationError } from "../../errors/index.ts";

/** "rlay": tells a ledger from any other program's database. */
const APPLICATION_ID = 0x72_6c_61_79;

/**
 * One step from each schema to the next; a step that was released never changes. Everything that is
 * searched for is computed from the record, so that the two cannot disagree. A new field in the record
 * needs a step too, an empty one if need be: an older reelay must refuse the file, not lose the field.
 */
const MIGRATIONS: readonly string[] = [
	`CREATE TABLE jobs (
		id TEXT PRIMARY KEY CHECK (id = record ->> '$.id'),
		record TEXT NOT NULL,
		revision INTEGER NOT NULL AS (record ->> '$.revision'),
		state TEXT NOT NULL AS (record ->> '$.state'),
		ended INTEGER NOT NULL AS (record ->> '$.state' IN ('succeeded', 'failed', 'cancelled')),
		model TEXT AS (record ->> '$.attempts[#-1].model'),
		idempotency_key TEXT NOT NULL AS (record ->> '$.idempotencyKey'),
		input_hash TEXT NOT NULL AS (record ->> '$.inputHash'),
		created_at_ms REAL NOT NULL AS (record ->> '$.createdAtMs'),
		updated_at_ms REAL NOT NULL AS (record ->> '$.updatedAtMs')
	) STRICT;
	CREATE INDEX jobs_by_state ON jobs (state, created_at_ms, id);
	CREATE INDEX jobs_by_model ON jobs (model, state, created_at_ms, id);
	CREATE INDEX jobs_by_key ON jobs (idempotency_key);
	CREATE INDEX jobs_by_input ON jobs (input_hash, created_at_ms, id);
	CREATE INDEX jobs_by_end ON jobs (updated_at_ms) WHERE ended;`,
	// The cache: attempts have a cacheKey, results a fromCache.
	"",
];

/**
 * Records a job: id, record, idempotency key. Changes no row when a job with that key stands in the way:
 * any but one that ended without having cost anything; nor when the id is taken.
 */
export const INSERT = `INSERT INTO jobs (id, record) SELECT ?, ? WHERE NOT EXISTS (
	SELECT 1 FROM jobs WHERE idempotency_key = ? AND (
		state NOT IN ('failed', 'cancelled')
		OR EXISTS (SELECT 1 FROM json_each(record, '$.attempts') WHERE value ->> 'billed' <> 'no')
	)
) ON CONFLICT (id) DO NOTHING`;

/** The record of a job: id. */
export const FIND = "SELECT record FROM jobs WHERE id = ?";

/** Replaces a record: record, id, expected revision. Changes no row when the stored revision is another. */
export const REPLACE = "UPDATE jobs SET record = ? WHERE id = ? AND revision = ?";

/** Forgets ended jobs: updated before (milliseconds), at most so many. */
export const PRUNE = "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE ended AND updated_at_ms < ? LIMIT ?)";

/** What few jobs have in common, each with an index. */
export type Lookup = "idempotency_key" | "input_hash";

/**
 * The records with one key or one hash, in so many states, the newest first: the value, the states, the
 * model (if asked for), the limit.
 */
export function lookupSql(column: Lookup, stateCount: number, isByModel: boolean): string {
	const states = Array(stateCount).fill("?").join(", ");
	const where = `${column} = ? AND state IN (${states})${isByModel ? " AND model = ?" : ""}`;
	return `SELECT record FROM jobs WHERE ${where} ORDER BY created_at_ms DESC, id DESC LIMIT ?`;
}

/**
 * The records in so many states, the newest first: model (if asked for) and state for each of them, then
 * the limit. Each state is a walk along an index and the walks are merged, so no more rows are read than
 * are returned, however many there are.
 */
export function listSql(stateCount: number, isByModel: boolean): string {
	const one = `SELECT created_at_ms, id, record FROM jobs WHERE ${isByModel ? "model = ? AND " : ""}state = ?`;
	return `${Array(stateCount).fill(one).join(" UNION ALL ")} ORDER BY created_at_ms DESC, id DESC LIMIT ?`;
}

/**
 * Brings a database to the newest schema, in one transaction. Throws `ConfigurationError`, and changes
 * nothing, when it belongs to a newer reelay or to another program. After a throw the caller closes it.
 */
export function migrate(database: DatabaseSync, path: string): void {
	// Takes no lock to write unless there is something to do: a file that is being written can be opened.
	database.exec("BEGIN");
	const isEmpty = readNumber(database, "SELECT count(*) AS value FROM sqlite_schema") === 0;
	const version = isEmpty ? 0 : readNumber(database, "SELECT user_version AS value FROM pragma_user_version");
	const owner = readNumber(database, "SELECT application_id AS value FROM pragma_application_id");
	if (!isEmpty && owner !== APPLICATION_ID) {
		throw new ConfigurationError(
			`ledger: ${path} is another program's database; choose another file (REELAY_STATE_DIRECTORY)`,
		);
	}
	if (version > MIGRATIONS.length) {
		throw new ConfigurationError(
			`ledger: ${path} was written by a newer reelay (schema ${version}, this one knows ${MIGRATIONS.length}); ` +
				"update reelay, or choose another file (REELAY_STATE_DIRECTORY)",
		);
	}
	if (version < MIGRATIONS.length) {
		for (const step of MIGRATIONS.slice(version)) database.exec(step);
		database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${MIGRATIONS.length}`);
	}
	database.exec("COMMIT");
}

function readNumber(database: DatabaseSync, sql: string): number {
	return Number(database.prepare(sql).get()?.["value"]);
}
