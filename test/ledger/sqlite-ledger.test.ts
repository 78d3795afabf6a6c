import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdir, readdir, readlink, rm, stat, truncate, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { ConfigurationError } from "../../src/errors/index.ts";
import { explainFailure } from "../../src/operations/sqlite/ledger-failure.ts";
import { openDatabase } from "../../src/operations/sqlite/open-database.ts";
import { JOB_STATES } from "../../src/operations/sqlite/record-codec.ts";
import { FIND, INSERT, listSql, lookupSql, migrate, PRUNE, REPLACE } from "../../src/operations/sqlite/schema.ts";
import { SqliteLedger } from "../../src/operations/sqlite-ledger.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { temporaryFolder } from "../support/service.ts";
import { makeAttempt, makeRecord } from "./records.ts";

const run = promisify(execFile);
const isWindows = process.platform === "win32";
const isRoot = process.getuid?.() === 0;

async function newPath(): Promise<string> {
	return join(await temporaryFolder(), "ledger.sqlite");
}

function open(path: string, ...options: readonly ConstructorParameters<typeof SqliteLedger>[1][]): SqliteLedger {
	const ledger = new SqliteLedger(path, ...options);
	onTestFinished(() => ledger.close());
	return ledger;
}

function edit(path: string, sql: string): void {
	const database = new DatabaseSync(path);
	database.exec(sql);
	database.close();
}

describe("the file", () => {
	it("is made at the first use, for the user alone", async () => {
		const folder = join(await temporaryFolder(), "state", "reelay");
		const ledger = open(join(folder, "ledger.sqlite"));
		expect(existsSync(folder)).toBe(false);
		await ledger.insert(makeRecord(1));
		const names = ["ledger.sqlite", "ledger.sqlite-shm", "ledger.sqlite-wal"];
		expect((await readdir(folder)).sort()).toEqual(names);
		if (isWindows) return;
		const modes = [".", "..", ...names].map(async (name) =>
			((await stat(join(folder, name))).mode & 0o777).toString(8),
		);
		expect(await Promise.all(modes)).toEqual(["700", "700", "600", "600", "600"]);
	});

	it("holds everything for whoever opens it next", async () => {
		const path = await newPath();
		const first = open(path);
		await first.insert(makeRecord(1));
		const second = open(path);
		expect(await second.find(makeRecord(1).id)).toEqual(makeRecord(1));
		expect(await second.replace(makeRecord(1, { revision: 2, state: "submitting" }), 1)).toBe(true);
		expect(await first.replace(makeRecord(1, { revision: 2, state: "failed" }), 1)).toBe(false);
		await first.close();
		await second.insert(makeRecord(2));
		await second.close();
		expect((await open(path).list()).map(({ state }) => state)).toEqual(["created", "submitting"]);
	});

	it("stands alone after the last close, and opens again when it is used after all", async () => {
		const path = await newPath();
		const ledger = open(path);
		const written = Array.from({ length: 50 }, (_, number) => ledger.insert(makeRecord(number)));
		await ledger.close();
		await Promise.all(written);
		expect(await readdir(join(path, ".."))).toEqual([basename(path)]);
		if (process.platform === "linux") expect(await openFiles()).not.toContain(path);
		expect(await ledger.list()).toHaveLength(50);
	});

	it("flushes every write, with readers and writers side by side", async () => {
		const database = openDatabase(await newPath());
		expect(database.prepare("PRAGMA synchronous").get()).toEqual({ synchronous: 2 });
		expect(database.prepare("PRAGMA fullfsync").get()).toEqual({ fullfsync: 1 });
		expect(database.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
		database.close();
	});

	it("is set up completely or not at all", async () => {
		const path = await newPath();
		const database = new DatabaseSync(path);
		database.exec("PRAGMA max_page_count = 3");
		expect(() => migrate(database, path)).toThrow("full");
		database.close();
		const reopened = new DatabaseSync(path);
		expect(reopened.prepare("SELECT name FROM sqlite_schema").all()).toEqual([]);
		reopened.close();
		await open(path).insert(makeRecord(1));
	});

	it("answers every question along an index, and sorts nothing", async () => {
		const database = openDatabase(await newPath());
		const searches = (sql: string) =>
			database
				.prepare(`EXPLAIN QUERY PLAN ${sql}`)
				.all()
				.map(({ detail }) => String(detail))
				.filter((detail) => /SEARCH|SCAN|TEMP B-TREE/.test(detail));
		const byId = "SEARCH jobs USING INDEX sqlite_autoindex_jobs_1 (id=?)";
		expect(searches(INSERT)).toEqual([
			"SCAN CONSTANT ROW",
			"SEARCH jobs USING INDEX jobs_by_key (idempotency_key=?)",
			"SCAN json_each VIRTUAL TABLE INDEX 3:",
		]);
		expect(searches(lookupSql("idempotency_key", 10, true))[0]).toBe(
			"SEARCH jobs USING INDEX jobs_by_key (idempotency_key=?)",
		);
		expect(searches(lookupSql("input_hash", 2, false))).toEqual([
			"SEARCH jobs USING INDEX jobs_by_input (input_hash=?)",
		]);
		expect([searches(FIND), searches(REPLACE)]).toEqual([[byId], [byId]]);
		expect(searches(PRUNE)).toEqual([
			"SEARCH jobs USING COVERING INDEX sqlite_autoindex_jobs_1 (id=?)",
			"SEARCH jobs USING INDEX jobs_by_end (updated_at_ms<?)",
		]);
		for (const count of [1, 2, JOB_STATES.length]) {
			expect(searches(listSql(count, false))).toEqual(
				Array(count).fill("SEARCH jobs USING INDEX jobs_by_state (state=?)"),
			);
			expect(searches(listSql(count, true))).toEqual(
				Array(count).fill("SEARCH jobs USING INDEX jobs_by_model (model=? AND state=?)"),
			);
		}
		database.close();
	});
});

describe("a file that others write to", () => {
	it("is waited for", async () => {
		const path = await newPath();
		const sleeps: number[] = [];
		const blocker = openDatabase(path);
		blocker.exec("BEGIN IMMEDIATE");
		const sleep = async (ms: number) => {
			if (sleeps.push(ms) === 3) blocker.exec("COMMIT");
		};
		const ledger = open(path, { clock: { monotonic: () => 0, sleep }, random: () => 1 });
		await ledger.insert(makeRecord(1));
		expect(sleeps).toEqual([2, 4, 8]);
		blocker.close();
	});

	it("can be read, and opened to be read, without a wait", async () => {
		const path = await newPath();
		const ledger = open(path);
		await ledger.insert(makeRecord(1));
		const blocker = openDatabase(path);
		blocker.exec("BEGIN IMMEDIATE; DELETE FROM jobs");
		const clock = new FakeClock();
		expect(await ledger.list()).toEqual([makeRecord(1)]);
		expect(await open(path, { clock }).list()).toEqual([makeRecord(1)]);
		expect(clock.sleeps).toEqual([]);
		blocker.close();
	});

	it("is given up after ten seconds, and used again when it is free", async () => {
		const path = await newPath();
		const blocker = openDatabase(path);
		blocker.exec("BEGIN IMMEDIATE");
		const clock = new FakeClock();
		const ledger = open(path, { clock, random: () => 1 });
		const refused = ledger.insert(makeRecord(1));
		await expect(refused).rejects.toThrow(ConfigurationError);
		await expect(refused).rejects.toMatchObject({
			message: `ledger: ${path} was locked by another process for 10 s; end that process, or try again`,
			retryable: true,
			billed: "no",
		});
		expect(Math.max(...clock.sleeps)).toBe(50);
		blocker.close();
		await ledger.insert(makeRecord(1));
		expect(await ledger.list()).toEqual([makeRecord(1)]);
	});
});

describe("a file that is not to be touched", () => {
	it("is one of a newer reelay", async () => {
		const path = await newPath();
		const ledger = open(path);
		await ledger.insert(makeRecord(1));
		await ledger.close();
		edit(path, "PRAGMA user_version = 99");
		await expectRefusal(path, "was written by a newer reelay (schema 99, this one knows 2); update reelay");
	});

	it("is another program's database", async () => {
		const path = await newPath();
		edit(path, "CREATE TABLE jobs (id, record); PRAGMA user_version = 1");
		await expectRefusal(path, "is another program's database; choose another file");
	});

	it.each([
		["five bytes", Buffer.from("hello")],
		["a long text", Buffer.from("no database\n".repeat(1000))],
	])("is no database: %s", async (_name, content) => {
		const path = await newPath();
		await writeFile(path, content);
		await expectRefusal(path, "is damaged or no ledger at all; move it away together with its -wal and -shm files");
	});

	it.each(["cut in the middle", "overwritten in the middle"])("is damaged: %s", async (damage) => {
		const path = await newPath();
		const ledger = open(path);
		for (let number = 0; number < 100; number++) await ledger.insert(makeRecord(number));
		await ledger.close();
		const content = readFileSync(path);
		if (damage.startsWith("cut")) await truncate(path, content.byteLength / 2);
		else await writeFile(path, content.fill(0xa5, 4096));
		await expectRefusal(path, "is damaged or no ledger at all; move it away together with its -wal and -shm files");
	});

	async function expectRefusal(path: string, problem: string): Promise<void> {
		const before = readFileSync(path);
		const ledger = open(path);
		for (const call of [() => ledger.insert(makeRecord(1000)), () => ledger.list(), () => ledger.find("job_x")]) {
			const error = await call().then(
				() => "no error",
				(reason: unknown) => reason,
			);
			expect(error).toBeInstanceOf(ConfigurationError);
			expect(error).toMatchObject({ message: expect.stringContaining(`ledger: ${path} ${problem}`), billed: "no" });
		}
		await ledger.close();
		expect(readFileSync(path).equals(before)).toBe(true);
	}
});

describe("a record that no ledger wrote", () => {
	it.each([
		["a value of another kind", `json_set(record, '$.attempts[0].billed', 'maybe')`, "record.attempts.0.billed: "],
		["a field that is not known", `json_set(record, '$.colour', 1)`, 'record: Unrecognized key: "colour"'],
		["a missing field", `json_remove(record, '$.task')`, "record.task: "],
	])("is refused by name: %s", async (_name, change, problem) => {
		const path = await newPath();
		const ledger = open(path);
		const attempts = [makeAttempt("fake:one")];
		await ledger.insert(makeRecord(1, { attempts }));
		await ledger.insert(makeRecord(2, { attempts }));
		edit(path, `UPDATE jobs SET record = ${change} WHERE id = '${makeRecord(1).id}'`);
		const refused = ledger.find(makeRecord(1).id);
		await expect(refused).rejects.toThrow(ConfigurationError);
		await expect(refused).rejects.toThrow(`ledger: ${path} holds a record that cannot be read (${problem}`);
		await expect(ledger.list()).rejects.toThrow(ConfigurationError);
		expect(await ledger.find(makeRecord(2).id)).toEqual(makeRecord(2, { attempts }));
	});
});

describe("a place that cannot be written", () => {
	it("is named, and works as soon as it can be", async () => {
		const folder = await temporaryFolder();
		const path = join(folder, "state", "deep", "ledger.sqlite");
		const ledger = open(path);
		const refusal = `ledger: ${path} cannot be opened for writing; allow it, choose another folder`;
		await writeFile(join(folder, "state"), "a file where a folder should be");
		await expect(ledger.insert(makeRecord(1))).rejects.toThrow(refusal);
		await rm(join(folder, "state"));
		await mkdir(join(folder, "state"));
		await writeFile(join(folder, "state", "deep"), "a file where the folder should be");
		await expect(ledger.insert(makeRecord(1))).rejects.toThrow(refusal);
		await rm(join(folder, "state", "deep"));
		await mkdir(path, { recursive: true });
		await expect(ledger.insert(makeRecord(1))).rejects.toThrow(refusal);
		await rm(path, { recursive: true });
		await ledger.insert(makeRecord(1));
		expect(await ledger.list()).toEqual([makeRecord(1)]);
	});

	it.skipIf(isRoot || isWindows)("is a file or a folder without permission", async () => {
		const path = await newPath();
		const refusal = `ledger: ${path} cannot be opened for writing`;
		const first = open(path);
		await first.insert(makeRecord(1));
		await first.close();
		await chmod(path, 0o400);
		await expect(open(path).insert(makeRecord(2))).rejects.toThrow(refusal);
		await chmod(path, 0o600);
		await chmod(join(path, ".."), 0o500);
		await expect(open(path).insert(makeRecord(2))).rejects.toThrow(refusal);
		await chmod(join(path, ".."), 0o700);
		await open(path).insert(makeRecord(2));
	});

	it("is a full disk", () => {
		const database = new DatabaseSync(":memory:");
		database.exec("CREATE TABLE full (content); PRAGMA max_page_count = 2");
		const fill = () => database.exec("INSERT INTO full VALUES (zeroblob(100000))");
		const full = expect.stringContaining("cannot grow: the disk is full or a quota is reached; free some space");
		expect(explainFailure("/ledger", caught(fill))).toMatchObject({ code: "configuration", message: full });
		const noSpace = Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
		expect(explainFailure("/ledger", noSpace)).toMatchObject({ code: "configuration", message: full });
	});
});

describe("node:sqlite", () => {
	const use = `
		const { SqliteLedger } = await import("./src/operations/sqlite-ledger.ts");
		const isLoaded = () => process.moduleLoadList.includes("NativeModule sqlite");
		const ledger = new SqliteLedger(process.argv[1]);
		const before = isLoaded();
		const result = await ledger.list().catch((error) => ({ code: error.code, message: error.message }));
		console.log(JSON.stringify({ before, after: isLoaded(), result }));`;

	it("is loaded when the ledger is first used, without a word on stderr", async () => {
		const { stdout, stderr } = await run(process.execPath, ["--input-type=module", "--eval", use, await newPath()]);
		expect(JSON.parse(stdout)).toEqual({ before: false, after: true, result: [] });
		expect(stderr).toBe("");
	});

	it("is missed with an error that names the way out", async () => {
		const options = ["--no-experimental-sqlite", "--input-type=module", "--eval", use, await newPath()];
		const { stdout } = await run(process.execPath, options);
		expect(JSON.parse(stdout)).toMatchObject({
			after: false,
			result: { code: "configuration", message: expect.stringContaining("ledger: new MemoryLedger()") },
		});
	});
});

function caught(call: () => void): unknown {
	try {
		call();
	} catch (error) {
		return error;
	}
	return undefined;
}

async function openFiles(): Promise<readonly string[]> {
	const links = (await readdir("/proc/self/fd")).map((name) => readlink(`/proc/self/fd/${name}`).catch(() => ""));
	return Promise.all(links);
}
