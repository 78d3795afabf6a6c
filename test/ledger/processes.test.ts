import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { SqliteLedger } from "../../src/operations/sqlite-ledger.ts";
import { temporaryFolder } from "../support/service.ts";
import { makeRecord } from "./records.ts";

const WRITER = fileURLToPath(new URL("./writer-process.ts", import.meta.url));
const CONTENDER = fileURLToPath(new URL("./contender-process.ts", import.meta.url));
const LIMITED = fileURLToPath(new URL("./limited-process.ts", import.meta.url));

describe("a process that is killed while it writes", () => {
	it("loses no write that it was told of, at any moment", async () => {
		const folder = await temporaryFolder();
		let reported = 0;
		for (let round = 0; round < 25; round++) {
			// Every fifth round begins a new file, so that its creation is hit too.
			const path = join(folder, `ledger-${Math.floor(round / 5)}.sqlite`);
			const writer = start(process.execPath, WRITER, path, String(round * 1_000_000));
			const output = text(writer.stdout);
			if (round % 5 !== 0) await once(writer.stdout, "data");
			else while (!existsSync(path)) await sleep(1);
			await sleep(Math.random() * (round % 5 === 0 ? 10 : 40));
			writer.kill("SIGKILL");
			const lines = (await output).split("\n").slice(0, -1);
			reported += lines.length;
			await expectSound(path, lines);
		}
		expect(reported).toBeGreaterThan(100);
	});
});

describe("several processes at one job", () => {
	it("win each revision once, and none of them fails", async () => {
		const path = join(await temporaryFolder(), "ledger.sqlite");
		const ledger = new SqliteLedger(path);
		onTestFinished(() => ledger.close());
		const { id } = makeRecord(1);
		const contenders = ["a", "b", "c"].map((name) => start(process.execPath, CONTENDER, path, id, name, "500"));
		const answers = contenders.map(({ stdout }) => createInterface(stdout)[Symbol.asyncIterator]());
		for (const lines of answers) expect((await lines.next()).value).toBe("ready");
		await ledger.insert(makeRecord(1));
		const outputs = await Promise.all(
			contenders.map(async ({ stderr }, index): Promise<readonly number[]> => {
				expect(await text(stderr)).toBe("");
				return JSON.parse((await answers[index]?.next())?.value ?? "");
			}),
		);
		const revisions = outputs.flat().sort((a, b) => a - b);
		expect(revisions).toEqual(Array.from({ length: 499 }, (_, index) => index + 2));
		for (const won of outputs) expect(won.length).toBeGreaterThan(0);
		const winner = ["a", "b", "c"].find((_name, index) => outputs[index]?.includes(500));
		expect(await ledger.find(id)).toMatchObject({ revision: 500, prompt: winner });
	});

	it("open a new file at the same time", async () => {
		const path = join(await temporaryFolder(), "new", "ledger.sqlite");
		const writers = [1, 2, 3, 4].map((number) => start(process.execPath, WRITER, path, String(number * 1000)));
		const lines = await Promise.all(
			writers.map(async ({ stdout }) => String(await once(stdout, "data")).split("\n")[0]),
		);
		for (const writer of writers) writer.kill("SIGKILL");
		await Promise.all(writers.map((writer) => once(writer, "close")));
		expect(lines).toEqual(["1000 1", "2000 1", "3000 1", "4000 1"]);
		await expectSound(path, lines);
	});
});

describe.skipIf(process.platform === "win32")("a file that may not grow", () => {
	it("refuses the write, keeps what it has, and takes writes again once there is room", async () => {
		const path = join(await temporaryFolder(), "ledger.sqlite");
		const child = start("sh", "-c", 'ulimit -f 500; exec "$0" "$@"', process.execPath, LIMITED, path);
		const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
		const { recorded, code, billed, message } = JSON.parse((await lines.next()).value ?? "");
		expect({ code, billed }).toEqual({ code: "configuration", billed: "no" });
		expect(message).toBe(
			`ledger: ${path} cannot grow: the disk is full or a quota is reached; free some space and try again`,
		);
		expect(recorded).toBeGreaterThan(5);
		const ledger = new SqliteLedger(path);
		expect(await ledger.list({ limit: 20_000 })).toHaveLength(recorded);
		await ledger.close();

		// Emptying the log is what frees the room here: the child's limit is on the size of each file.
		const database = new DatabaseSync(path);
		expect(database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get()).toEqual({ busy: 0, log: 0, checkpointed: 0 });
		database.close();
		child.stdin.write("go on\n");
		expect((await lines.next()).value).toBe("recorded");
		await once(child, "close");
		const reopened = new SqliteLedger(path);
		expect(await reopened.list({ limit: 20_000 })).toHaveLength(recorded + 1);
		await reopened.close();
	});
});

function start(command: string, ...args: readonly string[]) {
	const child = spawn(command, args, { stdio: "pipe" });
	onTestFinished(() => {
		child.kill("SIGKILL");
	});
	return child;
}

/** The file is intact, and holds every write that was reported as `<number> <revision>`. */
async function expectSound(path: string, lines: readonly (string | undefined)[]): Promise<void> {
	const ledger = new SqliteLedger(path);
	for (const line of lines) {
		const [number, revision] = (line ?? "").split(" ").map(Number);
		const record = await ledger.find(makeRecord(number ?? -1).id);
		expect(record?.revision, `job ${number}`).toBeGreaterThanOrEqual(revision ?? -1);
		expect(record?.state).toBe(record?.revision === 1 ? "submitting" : "accepted");
	}
	await ledger.close();
	const database = new DatabaseSync(path);
	expect(database.prepare("PRAGMA integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
	database.close();
}
