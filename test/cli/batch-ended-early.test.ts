import { appendFile, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BatchManifest } from "../../src/cli/batch-manifest.ts";
import { SqliteLedger } from "../../src/index.ts";
import { all, MANIFEST, manifestOf, paths, sceneWith, unknownItems } from "./batch-scene.ts";

describe("reelay batch that ended early", () => {
	it.each([
		["at its first submissions", "onPost", 2],
		["in the middle of it", "onPost", 7],
		["while it waits", "onLook", 9],
	] as const)("by kill -9 %s bills nothing twice, and leaves nothing out", async (_when, event, count) => {
		const { cwd, service, batch, batchKilled } = await sceneWith(12);
		expect((await batchKilled(event, count, "SIGKILL")).exitCode).toBeNull();
		expect(service.billed.length).toBeGreaterThan(0);
		const run = await batch();
		// A submission may have been on its way when the process was killed: nobody knows what became of it.
		const open = await unknownItems(cwd);
		expect(run.exitCode).toBe(open.length === 0 ? 0 : 5);
		expect(new Set(service.posts).size).toBe(service.posts.length);
		const missing = all(12).filter((prompt) => !service.posts.includes(prompt));
		expect(open).toEqual(expect.arrayContaining([...missing]));
		expect(run.stdout.split("\n").length - 1).toBe(12 - open.length);
	});

	it("by kill -9 before an answer came says so, and never submits those again", async () => {
		const { service, batch, batchKilled } = await sceneWith(3);
		service.fate = () => "hang";
		expect((await batchKilled("onPost", 3, "SIGKILL")).exitCode).toBeNull();
		service.fate = () => "accept";
		for (const run of [await batch(), await batch("--resume")]) {
			expect(run).toMatchObject({ exitCode: 5, stdout: "" });
			expect(run.stderr).toMatch(/reelay: line 1: the submission .* reelay resolve job_/);
		}
		expect(service.posts.toSorted()).toEqual(all(3));
	});

	it("after it had recorded a job, and before it had sent it, makes that one again at once", async () => {
		const { cwd, service, batch } = await sceneWith(1);
		service.fate = () => "refuse";
		await batch();
		const manifest = await BatchManifest.read(join(cwd, "out"));
		const [{ item } = {}] = (await manifestOf(cwd)).filter((entry) => entry["item"] !== undefined);
		const ledger = new SqliteLedger(join(service.env(cwd)["REELAY_STATE_DIRECTORY"] ?? "", "ledger.sqlite"));
		const [refused] = await ledger.list();
		if (refused === undefined) throw new Error("nothing was recorded");
		const { errorCode, errorMessage, ...request } = refused;
		await ledger.insert({
			...request,
			id: `job_${"0".repeat(25)}`,
			idempotencyKey: manifest.jobKey(String(item), 2) ?? "",
			state: "created",
			attempts: [],
		});
		await ledger.close();
		service.fate = () => "accept";
		expect(await batch()).toMatchObject({ exitCode: 0, stdout: paths(cwd, 1) });
		expect(service.billed).toEqual(["1"]);
	});

	it("by Ctrl-C goes on with what was accepted, and with the rest", async () => {
		const { cwd, service, batch, batchKilled } = await sceneWith(8);
		service.isDone = (prompt) => Number(prompt) < 4;
		const stopped = await batchKilled("onLook", 12, "SIGINT");
		expect(stopped.exitCode).toBe(130);
		expect(stopped.stderr).toContain("go on with the same command");
		const billed = service.billed.length;
		expect(billed).toBeLessThan(9);
		service.isDone = () => true;
		const run = await batch();
		expect(run).toMatchObject({ exitCode: 0, stdout: paths(cwd, 8) });
		expect(service.posts.toSorted()).toEqual(all(8));
	});

	it("goes on from the manifest alone where no ledger is kept", async () => {
		const { cwd, service, batch, batchKilled } = await sceneWith(4, { REELAY_LEDGER: "memory" });
		service.isDone = () => false;
		expect((await batchKilled("onLook", 20, "SIGKILL")).exitCode).toBeNull();
		service.isDone = () => true;
		// What the process was writing when it was killed.
		await appendFile(join(cwd, "out", MANIFEST), '{"item":"abc","ind');
		const run = await batch();
		expect(run.stderr).toContain("is cut off; left out");
		expect(run.stderr).toContain("4 items: 4 to go on with");
		expect(run.exitCode).toBe(0);
		expect(service.posts.toSorted()).toEqual(all(4));
		expect((await batch()).stderr).toContain("4 items: 4 done before");
	});

	it("goes on from the ledger alone for what is not in the manifest yet", async () => {
		const { cwd, service, batch, batchKilled } = await sceneWith(4);
		service.isDone = () => false;
		await batchKilled("onLook", 20, "SIGKILL");
		service.isDone = () => true;
		const [header = ""] = (await readFile(join(cwd, "out", MANIFEST), "utf8")).split("\n");
		await writeFile(join(cwd, "out", MANIFEST), `${header}\n`);
		expect(await batch()).toMatchObject({ exitCode: 0, stdout: paths(cwd, 4) });
		expect(service.posts.toSorted()).toEqual(all(4));
	});

	it("finds its videos in a folder that was moved", async () => {
		const { cwd, service, batch } = await sceneWith(2);
		await batch();
		await rename(join(cwd, "out"), join(cwd, "moved"));
		const run = await batch("-o", join(cwd, "moved/{index}.mp4"));
		expect(run.stderr).toContain("2 items: 2 done before");
		expect(run.stdout).toBe(`${join(cwd, "moved/1.mp4")}\n${join(cwd, "moved/2.mp4")}\n`);
		expect(service.posts).toHaveLength(2);
	});
});
