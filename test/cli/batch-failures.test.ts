import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runHere } from "../batch/run-here.ts";
import { temporaryFolder } from "../support/service.ts";
import { all, manifestOf, paths, sceneWith } from "./batch-scene.ts";

describe("reelay batch with items that fail", () => {
	it("makes them again when they cost nothing", async () => {
		const { cwd, service, batch } = await sceneWith(3);
		service.fate = (prompt) => (prompt === "2" ? "refuse" : "accept");
		const first = await batch();
		expect(first.exitCode).toBe(1);
		expect(first.stdout).toBe(`${join(cwd, "out/1.mp4")}\n${join(cwd, "out/3.mp4")}\n`);
		expect(first.stderr).toContain("reelay: line 2: prompt: 422: not like this\n");
		service.fate = () => "accept";
		expect(await batch()).toMatchObject({ exitCode: 0, stdout: paths(cwd, 3) });
		expect(service.billed.toSorted()).toEqual(all(3));
		expect((await manifestOf(cwd)).filter(({ line }) => line === 2).map(({ state }) => state)).toEqual([
			"failed",
			"accepted",
			"succeeded",
		]);
	});

	it("leaves unknown submissions alone, and goes on once they are resolved", async () => {
		const { cwd, service, batch } = await sceneWith(3);
		service.fate = (prompt) => (prompt === "2" ? "lost" : "accept");
		expect((await batch()).exitCode).toBe(5);
		service.fate = () => "accept";
		const second = await batch();
		expect(second.exitCode).toBe(5);
		expect(second.stderr).toContain("3 items: 2 done before, 1 to go on with\n");
		expect(service.posts).toHaveLength(3);
		const [, job = ""] = /reelay resolve (job_\w+)/.exec(second.stderr) ?? [];
		const operation = JSON.stringify({ id: service.billed.indexOf("2") });
		expect((await runHere(["resolve", job, "--adopt", operation], service.env(cwd))).exitCode).toBe(0);
		expect(await batch()).toMatchObject({ exitCode: 0, stdout: paths(cwd, 3) });
		expect(service.posts).toHaveLength(3);
	});

	it("says which are still running, and collects them later", async () => {
		const { cwd, service, batch } = await sceneWith(3);
		service.isDone = (prompt) => prompt !== "1";
		const first = await batch("--timeout", "2");
		expect(first.exitCode).toBe(4);
		expect(first.stderr).toContain("2 of 3 done, 1 still running");
		expect((await batch("--timeout", "0.1")).exitCode).toBe(4);
		service.isDone = () => true;
		expect(await batch()).toMatchObject({ exitCode: 0, stdout: paths(cwd, 3) });
		expect(service.posts).toHaveLength(3);
	});

	it("says of what was rendered here, when the time was up, that it has failed", async () => {
		const cwd = await temporaryFolder();
		await writeFile(join(cwd, "list.jsonl"), '{"prompt":"Waves","durationSeconds":30,"resolution":"1080p"}');
		const env = { REELAY_LEDGER: "memory", REELAY_CACHE_DIRECTORY: cwd };
		const args = ["batch", join(cwd, "list.jsonl"), "-m", "local:animatic", "-o", cwd, "--timeout", "0.2"];
		const run = await runHere(args, env);
		expect(run).toMatchObject({ exitCode: 1, stdout: "" });
		expect(run.stderr).toContain(
			"reelay: line 1: local:animatic was stopped when the time was up; run it again with a longer --timeout, it is free",
		);
		expect(run.stderr).toContain("0 of 1 done, 1 failed");
	});

	it("asks a service that refuses the key no more, and tells that once", async () => {
		const { service, batch } = await sceneWith(40);
		service.fate = () => "unauthorized";
		const run = await batch("--concurrency", "2");
		expect(run.exitCode).toBe(1);
		expect(service.posts.length).toBeLessThanOrEqual(2);
		expect(run.stderr.match(/401: the key is wrong/g)?.length).toBeLessThanOrEqual(3);
		expect(run.stderr).toMatch(/reelay: 3\d more failed like line \d/);
		expect(run.stderr).toContain("0 of 40 done, 40 failed");
	});
});
