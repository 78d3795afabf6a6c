import { spawn } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { runHere } from "../batch/run-here.ts";
import { runReelay } from "../support/command-line.ts";
import { filesIn, temporaryFolder } from "../support/service.ts";
import { all, MANIFEST, paths, sceneWith } from "./batch-scene.ts";

describe("reelay batch", () => {
	it("makes a video for every record of a CSV file, and prints the paths in their order", async () => {
		const cwd = await temporaryFolder();
		const table = [
			"prompt,durationSeconds,fps,resolution,output",
			'"Waves, and a ""boat""',
			'at dawn",1,5,160x90,',
			"Hills,2,5,160x90,hills.mp4",
			"",
		];
		await writeFile(join(cwd, "list.csv"), table.join("\r\n"));
		const run = await runReelay(["batch", "list.csv", "-o", "{index}-{prompt}.mp4"], { cwd });
		expect(run).toMatchObject({
			exitCode: 0,
			stdout: `${join(cwd, "1-waves-and-a-boat-at-dawn.mp4")}\n${join(cwd, "hills.mp4")}\n`,
		});
		expect(run.stderr).toMatch(/^2 items: 2 to make\n/);
		expect(run.stderr).toMatch(/\[2\/2\] line \d: /);
		expect(run.stderr).toMatch(/\n2 of 2 done, \d+\.\d s\n$/);
		expect(run.stderr.match(/an embedded renderer/g)).toHaveLength(1);
	});

	it("does nothing a second time, and says the same", async () => {
		const { cwd, service, batch } = await sceneWith(7);
		expect(await batch()).toMatchObject({ exitCode: 0, stdout: paths(cwd, 7) });
		const before = await readFile(join(cwd, "out", MANIFEST), "utf8");
		const again = await batch("--resume");
		expect(again).toMatchObject({ exitCode: 0, stdout: paths(cwd, 7) });
		expect(again.stderr).toContain("7 items: 7 done before\n");
		expect(service.billed.toSorted()).toEqual(all(7));
		expect(await readFile(join(cwd, "out", MANIFEST), "utf8")).toBe(before);
	});

	it("knows items by what they ask for: a list that was edited pays for what is new only", async () => {
		const { cwd, service, batch } = await sceneWith(3);
		await batch();
		await writeFile(join(cwd, "list.txt"), "# better ones first\n0\n\n2\n2\n3\n");
		const run = await batch("-o", join(cwd, "out/"));
		expect(run.exitCode).toBe(0);
		expect(run.stderr).toContain("4 items: 2 done before, 2 to make, the price of 2 is not known\n");
		expect(run.stderr).toContain("the manifest knows 1 more that are not in the input");
		expect(service.billed.toSorted()).toEqual(["0", "1", "2", "2", "3"]);
	});

	it("fetches a video again that is gone, at no cost", async () => {
		const { cwd, service, batch, videos } = await sceneWith(2);
		await batch();
		await rm(join(cwd, "out", "2.mp4"));
		await writeFile(join(cwd, "out", "1.mp4"), "cut");
		const run = await batch();
		expect(run.exitCode).toBe(0);
		// A file that was changed may be somebody's work.
		expect(await videos()).toEqual(["1-2.mp4", "1.mp4", "2.mp4"]);
		expect(service.billed.toSorted()).toEqual(all(2));
		expect((await batch()).stderr).toContain("2 items: 2 done before");
	});

	it("never pays for a video again that is gone here and there", async () => {
		const { cwd, service, batch, videos } = await sceneWith(2);
		await batch();
		await rm(join(cwd, "out", "2.mp4"));
		service.isExpired = () => true;
		for (const run of [await batch(), await batch()]) {
			expect(run).toMatchObject({ exitCode: 1, stdout: `${join(cwd, "out/1.mp4")}\n` });
			expect(run.stderr).toMatch(/reelay: line 2: .*its day is over/);
		}
		expect(await videos()).toEqual(["1.mp4"]);
		expect(service.posts).toHaveLength(2);
	});

	it("makes a free video again that is gone, as nobody keeps it", async () => {
		const cwd = await temporaryFolder();
		await writeFile(join(cwd, "a.csv"), "prompt,durationSeconds,fps,resolution,output\nWaves,1,5,160x90,a.mp4\n");
		const env = {
			REELAY_LEDGER: "sqlite",
			REELAY_STATE_DIRECTORY: join(cwd, "state"),
			REELAY_CACHE_DIRECTORY: cwd,
			DEFAULT_TEXT_TO_VIDEO_MODEL: "local:animatic",
		};
		const batch = () => runHere(["batch", join(cwd, "a.csv"), "-o", cwd], env);
		expect((await batch()).exitCode).toBe(0);
		await rm(join(cwd, "a.mp4"));
		expect(await batch()).toMatchObject({ exitCode: 0, stdout: `${join(cwd, "a.mp4")}\n` });
		expect((await batch()).stderr).toContain("1 item: 1 done before");
	});

	it("never writes a video over one of the same list, not even with --overwrite", async () => {
		const { cwd, service, batch } = await sceneWith(2);
		await batch();
		await writeFile(join(cwd, "list.txt"), "new\n1\n2\n");
		const run = await batch("--overwrite");
		expect(run.exitCode).toBe(2);
		expect(run.stderr).toContain('reelay: line 1: output: line 2 has "');
		expect(service.posts).toHaveLength(2);
	});

	it("prints JSON lines as items end, and a summary", async () => {
		const { cwd, service, batch } = await sceneWith(2);
		service.fate = (prompt) => (prompt === "2" ? "refuse" : "accept");
		const run = await batch("--json");
		const lines = run.stdout
			.trim()
			.split("\n")
			.map((line) => JSON.parse(line));
		expect(lines).toHaveLength(3);
		expect(lines).toContainEqual(
			expect.objectContaining({ index: 1, line: 1, status: "fulfilled", path: join(cwd, "out/1.mp4") }),
		);
		expect(lines.find(({ index }) => index === 2)).toMatchObject({
			status: "rejected",
			error: { code: "invalid_input", billed: "no" },
		});
		expect(lines.at(-1)).toMatchObject({
			summary: { total: 2, successful: 1, failed: 1, successRate: 0.5, manifest: join(cwd, "out", MANIFEST) },
		});
		expect(run.exitCode).toBe(1);
	});

	it("reads standard input", async () => {
		const cwd = await temporaryFolder();
		const main = resolve("src/cli/main.ts");
		const env = { PATH: process.env["PATH"], HOME: cwd, REELAY_LEDGER: "memory", REELAY_CACHE_DIRECTORY: cwd };
		const child = spawn(process.execPath, [main, "batch", "-", "--dry-run", "--json"], { cwd, env });
		child.stdin.end('\ufeff{"prompt":"Waves","durationSeconds":1}\r\n');
		const [line] = (await text(child.stdout)).split("\n");
		expect(JSON.parse(line ?? "")).toMatchObject({ index: 1, does: "make", model: "local:animatic" });
		expect(await filesIn(cwd)).not.toContain(MANIFEST);
	});
});
