import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runHere } from "../batch/run-here.ts";
import { filesIn, temporaryFolder } from "../support/service.ts";
import { MANIFEST, sceneWith } from "./batch-scene.ts";

describe("bad input of reelay batch", () => {
	it("is told of all at once, by line, before anything is sent", async () => {
		const { cwd, service } = await sceneWith(0);
		await writeFile(join(cwd, "out", "taken.mp4"), "mine");
		const lines = [
			'{"prompt":"fine"}',
			"{cut",
			'{"prompt":"","seed":1}',
			'{"promt":"x"}',
			"",
			'{"prompt":"x","durationSeconds":0}',
			'{"prompt":"x","model":"cuonting:one"}',
			'{"prompt":"x","output":"taken.mp4"}',
			'{"prompt":"x","output":"a.mp4"}',
			'{"prompt":"y","output":"a.mp4"}',
			'{"prompt":"x","output":"nowhere/a.mp4"}',
			'["x"]',
			'{"prompt":"x","output":"{tilte}.mp4"}',
		];
		await writeFile(join(cwd, "list.jsonl"), lines.join("\n"));
		const env = service.env(cwd);
		const args = ["batch", join(cwd, "list.jsonl"), "-o", join(cwd, "out")];
		const run = await runHere(args, env);
		expect(run).toMatchObject({ exitCode: 2, stdout: "" });
		const told = run.stderr.trim().split("\n");
		expect(told.map((line) => line.replace(/^(reelay: lines? [\d, ]+: .{0,40}).*/, "$1"))).toEqual([
			"reelay: lines 2, 12: is no JSON object",
			"reelay: line 3: prompt: is empty; say what the video sho",
			"reelay: line 4: promt: there is no such field. Did you m",
			"reelay: line 6: durationSeconds: must be a number from 1",
			'reelay: line 7: model: there is no provider "cuonting" f',
			`reelay: line 8: output: "${join(cwd, "out/taken.mp4")}`.slice(0, "reelay: line 8: ".length + 40),
			`reelay: line 10: output: line 9 has "${join(cwd, "out/a.mp4")}`.slice(0, "reelay: line 10: ".length + 40),
			`reelay: line 11: output: the folder "${join(cwd, "out/nowhere")}`.slice(0, "reelay: line 11: ".length + 40),
			"reelay: line 13: output: {tilte} is not a placeholder; us",
			"reelay: nothing was sent; mend those 10 lines first",
		]);
		expect(service.posts).toEqual([]);
		expect(await filesIn(join(cwd, "out"))).toEqual(["taken.mp4"]);
		const json = await runHere([...args, "--json"], env);
		const { error } = JSON.parse(json.stdout);
		expect(error.problems.map(({ line }: { readonly line: number }) => line)).toEqual([
			2, 3, 4, 6, 7, 8, 10, 11, 12, 13,
		]);
	});

	it("is told in the words of the command line where a flag is wrong", async () => {
		const cwd = await temporaryFolder();
		await writeFile(join(cwd, "list.txt"), "a\nb\n");
		const env = { REELAY_LEDGER: "memory", REELAY_CACHE_DIRECTORY: cwd };
		const run = async (...args: string[]) => runHere(["batch", join(cwd, "list.txt"), "-o", cwd, ...args], env);
		const nowhere = await run("-o", "no/");
		expect(nowhere).toMatchObject({ exitCode: 2, stdout: "" });
		expect(nowhere.stderr).toMatch(/^reelay: --output: the folder "no\/" does not exist/);
		expect(await run("-o", join(cwd, "{tilte}.mp4"), "--dry-run")).toMatchObject({
			exitCode: 2,
			stderr: expect.stringMatching(/^reelay: --output: {tilte} is not a placeholder; use {id}/),
		});
		expect((await run("--resume")).stderr).toMatch(/^reelay: --resume: there is no ".*reelay-batch.jsonl" to continue/);
		expect((await run("-o", join(cwd, "a.mp4"))).stderr).toMatch(
			/^reelay: line 2: output: line 1 has ".*a.mp4" already/,
		);
		expect((await run("--concurrency", "0")).stderr).toMatch(/'0' is invalid. It must be a whole number/);
		expect(await filesIn(cwd)).not.toContain(MANIFEST);
	});

	it.each([
		["list.txt", "# nothing yet\n\n"],
		["list.csv", "prompt,seed\n"],
		["list.jsonl", ""],
	])("a list without items is said to have none: %s", async (name, text) => {
		const cwd = await temporaryFolder();
		await writeFile(join(cwd, name), text);
		const run = await runHere(["batch", join(cwd, name), "-o", cwd], { REELAY_LEDGER: "memory" });
		expect(run).toMatchObject({ exitCode: 2, stdout: "" });
		expect(run.stderr).toBe(`reelay: file: "${join(cwd, name)}" holds no item; write one on each line\n`);
		expect(await filesIn(cwd)).toEqual([name]);
	});
});
