import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { ConfigurationError } from "../../src/errors/index.ts";
import { type JobFilter, type JobRecord, type Ledger, MemoryLedger } from "../../src/operations/index.ts";
import type { JobState } from "../../src/operations/job-state.ts";
import { JOB_STATES } from "../../src/operations/sqlite/record-codec.ts";
import { SqliteLedger } from "../../src/operations/sqlite-ledger.ts";
import { temporaryFolder } from "../support/service.ts";
import { makeAttempt, makeRecord } from "./records.ts";

const LEDGERS: readonly (readonly [name: string, open: () => Promise<Ledger>])[] = [
	["MemoryLedger", async () => new MemoryLedger()],
	["SqliteLedger", async () => new SqliteLedger(join(await temporaryFolder(), "ledger.sqlite"))],
];

describe.each(LEDGERS)("%s", (_name, open) => {
	async function openWith(...records: readonly JobRecord[]): Promise<Ledger> {
		const ledger = await open();
		onTestFinished(() => ledger.close());
		for (const record of records) await ledger.insert(record);
		return ledger;
	}

	it("gives back every field of a record as it was", async () => {
		const full: Required<JobRecord> = {
			...makeRecord(1, { revision: 7, task: "image-to-video", state: "failed" }),
			attempts: [
				makeAttempt("fake:one", {
					account: "0123abcd",
					expected: { durationSeconds: 5, resolution: "720p", generateAudio: false },
					estimatedCostUsd: 0,
					errorCode: "provider",
					reason: "“no”\0\ud800 \u2028'; DROP TABLE jobs; --",
					submittedAt: "2026-11-21T00:00:00.000Z",
					handle: { id: "op", nested: [null, false, 0, "", 1.5, { deep: [] }] },
				}),
				makeAttempt("fake:two", { outcome: "skipped", billed: "no", handle: null, acceptedAtMs: 0 }),
			],
			createdAtMs: 1_795_219_200_000.25,
			errorCode: "",
			errorMessage: "no",
			prompt: "“é”",
			request: { prompt: "a kite", seed: 0, generateAudio: false },
			output: { path: "/videos/é.mp4", overwrite: false },
			lease: { holder: "me", host: "here", processId: 1, untilMs: 0 },
			result: {
				path: "/videos/é.mp4",
				sizeBytes: 0,
				sha256: "",
				metadata: {
					container: "mp4",
					codec: "avc",
					width: 1,
					height: 1,
					durationSeconds: 0.5,
					fps: 24,
					hasAudio: false,
				},
				warnings: [""],
				cost: { usd: 0, source: "free" },
				downloadMs: 0,
				totalMs: 0.5,
			},
			generationMs: 0,
		};
		const ledger = await openWith(full, makeRecord(2));
		expect(await ledger.find(full.id)).toStrictEqual(full);
		expect(await ledger.find(makeRecord(2).id)).toStrictEqual(makeRecord(2));
		expect(await ledger.find(makeRecord(3).id)).toBeUndefined();
	});

	it("keeps its own copy: neither side sees the other's changes", async () => {
		const handle = { id: "before" };
		const record = makeRecord(1, { attempts: [makeAttempt("fake:one", { handle })] });
		const ledger = await openWith(record);
		handle.id = "after";
		expect((await ledger.find(record.id))?.attempts[0]?.handle).toEqual({ id: "before" });
		Object.assign((await ledger.find(record.id)) ?? {}, { state: "failed" });
		expect((await ledger.find(record.id))?.state).toBe("created");
	});

	it("records what it was given, not what the caller made of it before the write was done", async () => {
		const ledger = await openWith();
		const record = { ...makeRecord(1) };
		const written = ledger.insert(record);
		record.idempotencyKey = "changed";
		await written;
		expect(await ledger.find(record.id)).toEqual(makeRecord(1));
	});

	it("rejects a second job with the same id, and keeps the first", async () => {
		const ledger = await openWith(makeRecord(1));
		const second = ledger.insert(makeRecord(1, { idempotencyKey: "other" }));
		await expect(second).rejects.toThrow(ConfigurationError);
		await expect(second).rejects.toThrow(`job ${makeRecord(1).id} is recorded already`);
		expect((await ledger.find(makeRecord(1).id))?.idempotencyKey).toBe("key-1");
	});

	it("holds one job for an idempotency key, unless the earlier one ended without having cost anything", async () => {
		const key = { idempotencyKey: "same" };
		const ledger = await openWith(makeRecord(1, { ...key, state: "submitting" }));
		expect(await ledger.insert(makeRecord(2, key))).toBe(false);
		expect(await ledger.find(makeRecord(2).id)).toBeUndefined();
		const refused = makeAttempt("fake:one", { outcome: "rejected", billed: "no" });
		const failed = makeRecord(1, { ...key, revision: 2, state: "failed", attempts: [refused] });
		const billed = [refused, makeAttempt("fake:two")];
		expect(await ledger.replace({ ...failed, attempts: billed }, 1)).toBe(true);
		expect(await ledger.insert(makeRecord(2, key))).toBe(false);
		expect(await ledger.replace({ ...failed, revision: 3 }, 2)).toBe(true);
		expect(await ledger.insert(makeRecord(2, key))).toBe(true);
		expect(await ledger.insert(makeRecord(3, key))).toBe(false);
		expect((await ledger.list({ idempotencyKey: "same" })).map(({ id }) => id)).toEqual([
			makeRecord(2).id,
			makeRecord(1).id,
		]);
	});

	it("lists the jobs that asked for the same", async () => {
		const inputHash = "1".repeat(64);
		const ledger = await openWith(
			makeRecord(1, { inputHash, state: "succeeded" }),
			makeRecord(2),
			makeRecord(3, { inputHash }),
		);
		const ids = async (filter: JobFilter) => (await ledger.list(filter)).map(({ id }) => id);
		expect(await ids({ inputHash })).toEqual([makeRecord(3).id, makeRecord(1).id]);
		expect(await ids({ inputHash, states: ["succeeded"] })).toEqual([makeRecord(1).id]);
		expect(await ids({ inputHash, limit: 1 })).toEqual([makeRecord(3).id]);
		expect(await ids({ inputHash, idempotencyKey: "key-1" })).toEqual([makeRecord(1).id]);
		expect(await ids({ inputHash, model: "fake:one" })).toEqual([]);
	});

	it("replaces a record only at the expected revision", async () => {
		const ledger = await openWith(makeRecord(1), makeRecord(2));
		const next = makeRecord(1, { revision: 2, state: "submitting" });
		expect(await ledger.replace(next, 2)).toBe(false);
		expect(await ledger.find(next.id)).toEqual(makeRecord(1));
		expect(await ledger.replace(next, 1)).toBe(true);
		expect(await ledger.replace(makeRecord(1, { revision: 2, state: "failed" }), 1)).toBe(false);
		expect(await ledger.find(next.id)).toEqual(next);
		expect(await ledger.find(makeRecord(2).id)).toEqual(makeRecord(2));
		expect(await ledger.replace(makeRecord(3), 1)).toBe(false);
		expect(await ledger.find(makeRecord(3).id)).toBeUndefined();
	});

	it("lets one of many writers at the same revision win", async () => {
		const ledger = await openWith(makeRecord(1));
		const writers = Array.from({ length: 20 }, (_, index) => `writer ${index}`);
		const won = await Promise.all(
			writers.map((prompt) => ledger.replace(makeRecord(1, { revision: 2, state: "submitting", prompt }), 1)),
		);
		expect(won.filter(Boolean)).toHaveLength(1);
		expect((await ledger.find(makeRecord(1).id))?.prompt).toBe(writers[won.indexOf(true)]);
	});

	it("lists the newest first, at most 100 unless asked otherwise", async () => {
		const records = Array.from({ length: 120 }, (_, index) => makeRecord(index, { state: stateNumber(index) }));
		const ledger = await openWith(...records);
		expect(await ledger.list()).toEqual(records.slice(20).reverse());
		expect(await ledger.list({ limit: 3 })).toEqual(records.slice(117).reverse());
		expect(await ledger.list({ limit: Number.POSITIVE_INFINITY })).toHaveLength(120);
		expect(await ledger.list({ limit: 0 })).toEqual([]);
	});

	it("orders jobs of the same moment by id", async () => {
		const [first, second, third] = [3, 1, 2].map((number) =>
			makeRecord(number, { createdAtMs: 5, state: stateNumber(number) }),
		);
		const ledger = await openWith(...[first, second, third].filter((record) => record !== undefined));
		expect((await ledger.list()).map(({ idempotencyKey }) => idempotencyKey)).toEqual(["key-3", "key-2", "key-1"]);
	});

	it("lists by state and by the model of the last attempt", async () => {
		const [one, two] = [makeAttempt("fake:one"), makeAttempt("fake:two")];
		const ledger = await openWith(
			makeRecord(1, { state: "running", attempts: [one] }),
			makeRecord(2, { state: "succeeded", attempts: [one, two] }),
			makeRecord(3, { state: "succeeded", attempts: [two, one] }),
			makeRecord(4, { state: "failed", attempts: [] }),
		);
		const keys = async (...filter: Parameters<Ledger["list"]>) =>
			(await ledger.list(...filter)).map(({ idempotencyKey }) => idempotencyKey);
		expect(await keys({ model: "fake:one" })).toEqual(["key-3", "key-1"]);
		expect(await keys({ model: "fake:two", limit: 5 })).toEqual(["key-2"]);
		expect(await keys({ model: "fake" })).toEqual([]);
		expect(await keys({ states: ["succeeded"] })).toEqual(["key-3", "key-2"]);
		expect(await keys({ states: ["running", "failed", "running"] })).toEqual(["key-4", "key-1"]);
		expect(await keys({ states: ["succeeded", "running"], model: "fake:one" })).toEqual(["key-3", "key-1"]);
		expect(await keys({ states: ["succeeded", "running"], model: "fake:one", limit: 1 })).toEqual(["key-3"]);
		expect(await keys({ states: [] })).toEqual([]);
		expect(await keys({ states: undefined, model: undefined, limit: undefined })).toHaveLength(4);
	});

	it("finds a job by its new state and model after a change", async () => {
		const ledger = await openWith(makeRecord(1, { state: "submitting", attempts: [makeAttempt("fake:one")] }));
		const attempts = [makeAttempt("fake:one"), makeAttempt("fake:two")];
		const changed = makeRecord(1, { revision: 2, state: "accepted", attempts });
		await ledger.replace(changed, 1);
		expect(await ledger.list({ states: ["submitting"] })).toEqual([]);
		expect(await ledger.list({ model: "fake:one" })).toEqual([]);
		expect(await ledger.list({ states: ["accepted"], model: "fake:two" })).toEqual([changed]);
	});

	it("forgets old jobs that nothing can come of any more, and no other: not an unknown submission", async () => {
		const records = JOB_STATES.flatMap((state, index) => [
			makeRecord(index, { state, updatedAtMs: 999.5 }),
			makeRecord(100 + index, { state, updatedAtMs: 1000 }),
		]);
		const ledger = await openWith(...records);
		const settled: readonly JobState[] = ["succeeded", "failed", "cancelled"];
		const forgotten = records.filter(({ state, updatedAtMs }) => settled.includes(state) && updatedAtMs < 1000);
		expect(await ledger.prune(1000)).toBe(forgotten.length);
		const left = records.filter((record) => !forgotten.includes(record));
		expect(new Set(await ledger.list())).toEqual(new Set(left));
		expect(await ledger.prune(1000)).toBe(0);
	});

	it("forgets any number of jobs", async () => {
		const records = Array.from({ length: 1201 }, (_, index) => makeRecord(index, { state: "failed" }));
		const ledger = await openWith(...records);
		expect(await ledger.prune(Number.MAX_SAFE_INTEGER)).toBe(1201);
		expect(await ledger.list()).toEqual([]);
	});

	it("can be closed twice, and before it was used", async () => {
		const unused = await open();
		await unused.close();
		await unused.close();
		const ledger = await openWith(makeRecord(1));
		await ledger.close();
		await ledger.close();
	});
});

function stateNumber(number: number): JobRecord["state"] {
	return JOB_STATES[number % JOB_STATES.length] ?? "created";
}
