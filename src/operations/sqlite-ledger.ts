import { resolve } from "node:path";
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { ConfigurationError } from "../errors/index.ts";
import { type Clock, systemClock } from "../policies/index.ts";
import type { JobFilter, JobRecord, Ledger } from "./ledger.ts";
import { explainFailure, isLocked, lockedError } from "./sqlite/ledger-failure.ts";
import { openDatabase } from "./sqlite/open-database.ts";
import { decodeRow, JOB_STATES } from "./sqlite/record-codec.ts";
import { FIND, INSERT, type Lookup, listSql, lookupSql, PRUNE, REPLACE } from "./sqlite/schema.ts";

const DEFAULT_LIMIT = 100;
/** Long enough for any honest neighbour; a process that was stopped in the middle of a write holds on for ever. */
const LOCK_WAIT_MS = 10_000;
const LONGEST_PAUSE_MS = 50;
/** Few enough that nobody else waits long for the lock. */
const PRUNE_BATCH = 500;

/** What a test may replace. */
export interface SqliteLedgerOptions {
	/** Times the waits for other processes. @default the system's clock */
	readonly clock?: Pick<Clock, "monotonic" | "sleep">;
	/** From 0 up to 1; spreads those waits. @default Math.random */
	readonly random?: () => number;
}

interface Connection {
	readonly database: DatabaseSync;
	readonly statements: Map<string, StatementSync>;
}

/**
 * The ledger in one SQLite file, shared by all processes of a user. Nothing is opened before the first
 * call. A write is flushed to the disk when its promise resolves, and survives the end of the process at
 * any instruction; one that rejects has changed nothing. The file holds handles, but no secret.
 *
 * Every call rejects with `ConfigurationError` when the file cannot be used (a full disk, no permission,
 * damage, a newer reelay, no `node:sqlite`), and works again once the cause is gone. The file must be on
 * a disk of this machine: SQLite's log does not work over a network.
 */
export class SqliteLedger implements Ledger {
	/** The file, absolute. Beside it lie `-wal` and `-shm` while it is in use. */
	readonly path: string;
	readonly #clock: Pick<Clock, "monotonic" | "sleep">;
	readonly #random: () => number;
	#connection: Connection | undefined;
	/** Settles when every call so far has. One at a time: a process must not be its own neighbour. */
	#settled: Promise<unknown> = Promise.resolve();

	constructor(path: string, options: SqliteLedgerOptions = {}) {
		this.path = resolve(path);
		this.#clock = options.clock ?? systemClock;
		this.#random = options.random ?? Math.random;
	}

	async insert(record: JobRecord): Promise<boolean> {
		const { id, idempotencyKey } = record;
		if ((await this.#change(INSERT, id, JSON.stringify(record), idempotencyKey)) === 1) return true;
		if ((await this.find(id)) !== undefined) throw new ConfigurationError(`ledger: job ${id} is recorded already`);
		return false;
	}

	async find(id: string): Promise<JobRecord | undefined> {
		const [record] = await this.#read(FIND, id);
		return record;
	}

	async replace(record: JobRecord, expectedRevision: number): Promise<boolean> {
		return (await this.#change(REPLACE, JSON.stringify(record), record.id, expectedRevision)) === 1;
	}

	async list(filter: JobFilter = {}): Promise<readonly JobRecord[]> {
		const { states = JOB_STATES, model, idempotencyKey, inputHash, limit = DEFAULT_LIMIT } = filter;
		const wanted = [...new Set(states)];
		if (wanted.length === 0) return [];
		const lookup: Lookup | undefined =
			idempotencyKey !== undefined ? "idempotency_key" : inputHash !== undefined ? "input_hash" : undefined;
		if (lookup !== undefined) {
			const sql = lookupSql(lookup, wanted.length, model !== undefined);
			const ofModel = model === undefined ? [] : [model];
			const found = await this.#read(
				sql,
				idempotencyKey ?? inputHash ?? "",
				...wanted,
				...ofModel,
				Math.min(limit, Number.MAX_SAFE_INTEGER),
			);
			return found.filter((record) => inputHash === undefined || record.inputHash === inputHash);
		}
		const values = wanted.flatMap((state) => (model === undefined ? [state] : [model, state]));
		const limitValue = Math.min(limit, Number.MAX_SAFE_INTEGER);
		return this.#read(listSql(wanted.length, model !== undefined), ...values, limitValue);
	}

	async prune(updatedBeforeMs: number): Promise<number> {
		let count = 0;
		for (let removed = PRUNE_BATCH; removed === PRUNE_BATCH; count += removed) {
			removed = await this.#change(PRUNE, updatedBeforeMs, PRUNE_BATCH);
		}
		return count;
	}

	/**
	 * Releases the file once every call so far has settled. The last process to do so merges the log into the
	 * file. May be called again; any other call opens the file again.
	 */
	async close(): Promise<void> {
		await this.#inTurn(async () => {
			this.#connection?.database.close();
			this.#connection = undefined;
		});
	}

	#change(sql: string, ...values: readonly SQLInputValue[]): Promise<number> {
		return this.#inTurn(() => this.#execute(sql, (statement) => Number(statement.run(...values).changes)));
	}

	async #read(sql: string, ...values: readonly SQLInputValue[]): Promise<readonly JobRecord[]> {
		const rows = await this.#inTurn(() => this.#execute(sql, (statement) => statement.all(...values)));
		return rows.map((row) => decodeRow(this.path, row));
	}

	#inTurn<Result>(call: () => Promise<Result>): Promise<Result> {
		const result = this.#settled.then(call);
		this.#settled = result.then(ignore, ignore);
		return result;
	}

	/** Every statement is its own transaction: a lock that somebody else holds means that nothing was done. */
	async #execute<Result>(sql: string, use: (statement: StatementSync) => Result): Promise<Result> {
		const startedAt = this.#clock.monotonic();
		for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
			try {
				return use(this.#prepare(sql));
			} catch (error) {
				if (!isLocked(error)) throw explainFailure(this.path, error);
				if (this.#clock.monotonic() - startedAt >= LOCK_WAIT_MS) throw lockedError(this.path, LOCK_WAIT_MS, error);
			}
			await this.#clock.sleep(pauseMs * this.#random());
		}
	}

	#prepare(sql: string): StatementSync {
		this.#connection ??= { database: openDatabase(this.path), statements: new Map() };
		const { database, statements } = this.#connection;
		const statement = statements.get(sql) ?? database.prepare(sql);
		statements.set(sql, statement);
		return statement;
	}
}

function ignore(): void {}
