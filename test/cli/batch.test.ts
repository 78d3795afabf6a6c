import { spawn } from "node:child_process";
import { appendFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { CountingService } from "../batch/counting-service.ts";
import { runHere } from "../batch/run-here.ts";
import { type Run, runReelay } from "../support/command-line.ts";
import { filesIn, temporaryFolder } from "../support/service.ts";

const MANIFEST = "reelay-batch.jsonl";

interface Scene {
	readonly cwd: string;
	readonly service: CountingService;
	/** Runs `reelay batch` over the prompts `1`, `2`, … in `list.txt`. */
	readonly batch: (...args: string[]) => Promise<Run>;
	/** The same, ended by a signal as soon as the service has seen what `when` says. */
	readonly batchKilled: (when: "onPost" | "onLook", count: number, signal: NodeJS.Signals) => Promise<Run>;
	readonly videos: () => Promise<readonly string[]>;
}

async function sceneWith(count: number, env: Readonly<Record<string, string>> = {}): Promise<Scene> {
	const cwd = await temporaryFolder();
	const service = await CountingService.start();
	const args = ["batch", join(cwd, "list.txt"), "--output", join(cwd, "out/{index}.mp4")];
	const options = { cwd, env: { ...service.env(cwd), ...env } };
	await mkdir(join(cwd, "out"));
	await writeFile(join(cwd, "list.txt"), prompts(count));
	return {
		cwd,
		service,
		batch: (...more) => runHere([...args, ...more], options.env),
		async batchKilled(when, count, signal) {
			let end: ((signal: NodeJS.Signals) => void) | undefined;
			let seen = 0;
			service[when] = () => {
				if (++seen === count) end?.(signal);
			};
			try {
				return await runReelay(args, {
					...options,
					onStderr: (_text, kill) => {
						end = kill;
					},
				});
			} finally {
				service[when] = () => undefined;
			}
		},
		videos: async () => (await filesIn(join(cwd, "out"))).filter((name) => name.endsWith(".mp4")).sort(),
	};
}

function prompts(count: number): string {
	return Array.from({ length: count }, (_, index) => `${index + 1}\n`).join("");
}

/** The numbers from 1, as prompts. */
function all(count: number): readonly string[] {
	return prompts(count).trim().split("\n");
}

function paths(cwd: string, count: number): string {
	return all(count)
		.map((place) => `${join(cwd, "out", `${place}.mp4`)}\n`)
		.join("");
}

async function manifestOf(cwd: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
	const lines = await readFile(join(cwd, "out", MANIFEST), "utf8");
	return lines
		.trim()
		.split("\n")
		.map((line) => JSON.parse(line));
}

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
			"reelay: nothing was sent; mend those 9 lines first",
		]);
		expect(service.posts).toEqual([]);
		expect(await filesIn(join(cwd, "out"))).toEqual(["taken.mp4"]);
		const json = await runHere([...args, "--json"], env);
		const { error } = JSON.parse(json.stdout);
		expect(error.problems.map(({ line }: { readonly line: number }) => line)).toEqual([2, 3, 4, 6, 7, 8, 10, 11, 12]);
	});

	it("is told in the words of the command line where a flag is wrong", async () => {
		const cwd = await temporaryFolder();
		await writeFile(join(cwd, "list.txt"), "a\nb\n");
		const env = { REELAY_LEDGER: "memory", REELAY_CACHE_DIRECTORY: cwd };
		const run = async (...args: string[]) => runHere(["batch", join(cwd, "list.txt"), "-o", cwd, ...args], env);
		const nowhere = await run("-o", "no/");
		expect(nowhere).toMatchObject({ exitCode: 2, stdout: "" });
		expect(nowhere.stderr).toMatch(/^reelay: --output: the folder "no\/" does not exist/);
		expect((await run("--resume")).stderr).toMatch(/^reelay: resume: there is no ".*reelay-batch.jsonl" to continue/);
		expect((await run("-o", join(cwd, "a.mp4"))).stderr).toMatch(
			/^reelay: line 2: output: line 1 has ".*a.mp4" already/,
		);
		expect((await run("--concurrency", "0")).stderr).toMatch(/'0' is invalid. It must be a whole number/);
		expect(await filesIn(cwd)).not.toContain(MANIFEST);
	});

	it("a list without items is done at once", async () => {
		const cwd = await temporaryFolder();
		await writeFile(join(cwd, "list.txt"), "# nothing yet\n\n");
		const run = await runHere(["batch", join(cwd, "list.txt"), "-o", cwd], { REELAY_LEDGER: "memory" });
		expect(run).toMatchObject({ exitCode: 0, stdout: "" });
		expect(run.stderr).toMatch(/^0 items\n/);
	});
});

/** The prompts of items whose submission is unknown; in these lists each prompt is its line's number. */
async function unknownItems(cwd: string): Promise<readonly string[]> {
	const last = new Map((await manifestOf(cwd)).map((entry) => [entry["item"], entry]));
	return [...last.values()].filter(({ state }) => state === "submit_unknown").map(({ line }) => String(line));
}
