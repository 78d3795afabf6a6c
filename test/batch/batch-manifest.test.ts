import { randomUUID } from "node:crypto";
import { readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BatchManifest, type ManifestEntry } from "../../src/cli/batch-manifest.ts";
import { standingOf } from "../../src/cli/batch-standing.ts";
import type { JobInfo } from "../../src/index.ts";
import { temporaryFolder } from "../support/service.ts";

const NAME = "reelay-batch.jsonl";
const ENTRY: ManifestEntry = { item: "abc-1", index: 1, line: 1, state: "accepted", generation: 1 };
const NO_LEDGER = { jobs: async () => [] };

async function opened(folder: string): Promise<BatchManifest> {
	const manifest = await BatchManifest.read(folder);
	await manifest.open();
	return manifest;
}

describe("a manifest", () => {
	it("is kept from run to run, the last line of an item counting", async () => {
		const folder = await temporaryFolder();
		const first = await opened(folder);
		await first.write({ ...ENTRY, token: "rl1.x" });
		await first.write({ ...ENTRY, state: "succeeded", path: join(folder, "a.mp4"), sizeBytes: 3 });
		await first.write({ ...ENTRY, item: "def-1", path: "/elsewhere/b.mp4" });
		await first.close();
		const second = await BatchManifest.read(folder);
		expect(second.isKnown).toBe(true);
		expect(second.size).toBe(2);
		expect(second.find("abc-1")).toEqual({ ...ENTRY, state: "succeeded", path: "a.mp4", sizeBytes: 3 });
		expect(second.find("def-1")?.path).toBe("/elsewhere/b.mp4");
		expect(second.jobKey("abc-1", 1)).toBe(first.jobKey("abc-1", 1));
	});

	it("gives every item, generation and folder a key of its own, which services take", async () => {
		const manifests = [await opened(await temporaryFolder()), await opened(await temporaryFolder())];
		const keys = manifests.flatMap((manifest) =>
			["a-1", "a-2"].flatMap((item) => [1, 2].map((generation) => manifest.jobKey(item, generation))),
		);
		expect(new Set(keys).size).toBe(8);
		for (const key of keys) expect(key).toMatch(/^[\x21-\x7e]{1,64}$/);
		for (const manifest of manifests) await manifest.close();
		expect((await BatchManifest.read(await temporaryFolder())).jobKey("a-1", 1)).toBeUndefined();
	});

	it("begins once, however many begin it at the same time", async () => {
		const folder = await temporaryFolder();
		const manifests = await Promise.all(Array.from({ length: 8 }, () => BatchManifest.read(folder)));
		await Promise.all(manifests.map((manifest) => manifest.open()));
		expect(new Set(manifests.map((manifest) => manifest.jobKey("a-1", 1))).size).toBe(1);
		for (const manifest of manifests) await manifest.close();
	});

	it("goes by its first line, should two processes have begun it", async () => {
		const folder = await temporaryFolder();
		await (await opened(folder)).close();
		const first = await BatchManifest.read(folder);
		const path = join(folder, NAME);
		const other = JSON.stringify({ batch: randomUUID(), version: 1 });
		await writeFile(path, `${await readFile(path, "utf8")}${other}\n`);
		expect((await BatchManifest.read(folder)).jobKey("a-1", 1)).toBe(first.jobKey("a-1", 1));
	});

	it("survives a line that was cut off, and writes on behind it", async () => {
		const folder = await temporaryFolder();
		const first = await opened(folder);
		await first.write(ENTRY);
		await first.close();
		const path = join(folder, NAME);
		await writeFile(path, `${await readFile(path, "utf8")}{"item":"de`);
		const second = await opened(folder);
		expect(second.unreadable).toEqual([3]);
		await second.write({ ...ENTRY, item: "ghi-1" });
		await second.close();
		const third = await BatchManifest.read(folder);
		expect([third.find("abc-1"), third.find("ghi-1")].map((entry) => entry?.state)).toEqual(["accepted", "accepted"]);
	});

	it("is refused where its jobs could not be found again, or it could not be written", async () => {
		const headless = await temporaryFolder();
		await writeFile(join(headless, NAME), `${JSON.stringify(ENTRY)}\n`);
		await expect(BatchManifest.read(headless)).rejects.toThrow(/^output: the manifest ".*" has lost its first line/);
		const linked = await temporaryFolder();
		await symlink(join(headless, "other.jsonl"), join(linked, NAME));
		await expect(opened(linked)).rejects.toThrow(/^output: the manifest ".*" cannot be written \(ELOOP\)/);
	});
});

describe("where an item stands", () => {
	const JOB = { id: "job_1", state: "running", billed: "yes", attempts: [{ outcome: "accepted" }] };
	const skipped = { outcome: "skipped" };

	async function standing(entry: Partial<ManifestEntry> | undefined, ...jobs: (object | undefined)[]) {
		const manifest = await opened(await temporaryFolder());
		if (entry !== undefined) await manifest.write({ ...ENTRY, ...entry });
		const known = jobs.flatMap((job, index) =>
			job === undefined ? [] : [[manifest.jobKey("abc-1", index + 1) ?? "", { ...JOB, ...job }] as const],
		);
		const byKey = new Map(known);
		const videos = {
			jobs: async ({ idempotencyKey = "" } = {}) => [byKey.get(idempotencyKey) ?? []].flat() as unknown as JobInfo[],
		};
		const found = await standingOf("abc-1", manifest, videos);
		await manifest.close();
		return found;
	}

	it.each([
		["running", {}, { kind: "earlier", job: "job_1", generation: 1 }],
		["running, and free", { billed: "no" }, { kind: "earlier", job: "job_1", generation: 1 }],
		["done", { state: "succeeded" }, { kind: "earlier", job: "job_1", generation: 1 }],
		["unknown", { state: "submit_unknown", billed: "unknown" }, { kind: "earlier", job: "job_1" }],
		["failed, and was billed", { state: "failed" }, { kind: "earlier", job: "job_1" }],
		["failed, and may have been billed", { state: "failed", billed: "unknown" }, { kind: "earlier", job: "job_1" }],
		["failed at no cost", { state: "failed", billed: "no" }, { kind: "fresh", generation: 2 }],
		["cancelled at no cost", { state: "cancelled", billed: "no" }, { kind: "fresh", generation: 2 }],
		["recorded and never sent", { state: "created", billed: "no", attempts: [] }, { kind: "earlier", job: "job_1" }],
		["skipped so far", { state: "submitting", billed: "no", attempts: [skipped] }, { kind: "earlier", job: "job_1" }],
		["being sent", { state: "submitting", attempts: [{ outcome: "unknown" }] }, { kind: "earlier", job: "job_1" }],
	])("is told by the ledger first: its job is %s", async (_what, job, expected) => {
		expect(await standing(undefined, job)).toMatchObject(expected);
		expect(await standing({ state: "failed", error: { code: "x", billed: "no", message: "x" } }, job)).toMatchObject(
			expected,
		);
	});

	it("is where the token leads that only the manifest has, when the ledger could not record an acceptance", async () => {
		const sent = { state: "submitting", billed: "unknown", attempts: [{ outcome: "unknown" }] };
		expect(await standing({ job: "job_1", token: "rl1.x" }, sent)).toMatchObject({ kind: "earlier", job: "rl1.x" });
		expect(await standing({ job: "job_0", token: "rl1.x" }, sent)).toMatchObject({ kind: "earlier", job: "job_1" });
		expect(await standing({ job: "job_1", token: "rl1.x" }, { token: "rl1.y" })).toMatchObject({ job: "job_1" });
	});

	it("is where its last generation is", async () => {
		const failed = { state: "failed", billed: "no" };
		expect(await standing(undefined, failed, failed, { id: "job_3" })).toMatchObject({ job: "job_3", generation: 3 });
		expect(await standing({ generation: 2, state: "pending" }, failed)).toEqual({ kind: "fresh", generation: 2 });
		const forgotten = undefined;
		expect(await standing({ generation: 2, state: "pending" }, forgotten, { id: "job_2" })).toMatchObject({
			job: "job_2",
			generation: 2,
		});
	});

	const no = { code: "x", billed: "no", message: "m" } as const;
	const maybe = { code: "x", billed: "unknown", message: "m" } as const;
	it.each([
		["nothing is known", undefined, { kind: "fresh", generation: 1 }],
		["a service has it", { token: "rl1.x", job: "job_1" }, { kind: "earlier", job: "rl1.x", generation: 1 }],
		["it stopped waiting", { token: "rl1.x", error: no }, { kind: "earlier", job: "rl1.x" }],
		["it is to be made anew", { state: "pending", generation: 3 }, { kind: "fresh", generation: 3 }],
		["it failed before there was a job", { state: "failed", error: no }, { kind: "fresh", generation: 1 }],
		["its job failed at no cost", { state: "failed", job: "job_1", error: no }, { kind: "fresh", generation: 2 }],
		["it may have been billed", { state: "failed", error: maybe }, { kind: "left", error: { billed: "unknown" } }],
		["it failed with a token", { state: "failed", token: "rl1.x", error: maybe }, { kind: "earlier", job: "rl1.x" }],
		[
			"its submission is unknown",
			{ state: "submit_unknown", job: "job_1", error: maybe },
			{ kind: "left", error: { code: "submit_unknown", jobId: "job_1", message: "m" } },
		],
	] as const)("is told by the manifest where there is no ledger: %s", async (_what, entry, expected) => {
		expect(await standing(entry)).toMatchObject(expected);
	});

	it("is done while its file is as it was", async () => {
		const folder = await temporaryFolder();
		const manifest = await opened(folder);
		const path = join(folder, "a.mp4");
		await manifest.write({ ...ENTRY, state: "succeeded", path, sizeBytes: 3, job: "job_1" });
		await writeFile(path, "abc");
		expect(await standingOf("abc-1", manifest, NO_LEDGER)).toMatchObject({ kind: "done", path });
		await writeFile(path, "abcd");
		expect(await standingOf("abc-1", manifest, NO_LEDGER)).toMatchObject({ kind: "earlier", job: "job_1" });
		await manifest.close();
	});
});
