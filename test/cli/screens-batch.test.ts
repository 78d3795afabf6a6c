import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CountingService } from "../batch/counting-service.ts";
import { runReelay } from "../support/command-line.ts";
import { describeOnTerminal, runOnTerminal } from "../support/pseudo-terminal.ts";
import { temporaryFolder } from "../support/service.ts";
import { withoutChance } from "./studio.ts";

const BATCH = ["batch", "list.txt", "-o", "out/{index}.mp4", "--concurrency", "2"];

/** Three prompts, of which the second is refused and the others run until they may end. */
async function scene() {
	const cwd = await temporaryFolder();
	const service = await CountingService.start();
	await mkdir(join(cwd, "out"));
	await writeFile(
		join(cwd, "list.txt"),
		"A red kite over the sea at dawn\nA bird\nA long way along the coast, seen from far above, until the sun is down\n",
	);
	service.fate = (prompt) => (prompt === "A bird" ? "block" : "accept");
	service.isDone = () => false;
	const normalise = (text: string) => withoutChance(text, { [cwd]: "/home/you" });
	return { cwd, service, env: service.env(cwd), normalise };
}

/** Line 1 and line 3 are under way, in whatever order. */
const BOTH = /^(?=[\s\S]*line 1 +running)(?=[\s\S]*line 3 +running)/;

/** Which of two items that start together has the upper row is left to chance. */
function inOrder(screen: string): string {
	const rows = screen.split("\n");
	const first = rows.findIndex((row) => row.startsWith("line "));
	return [...rows.slice(0, first), ...rows.slice(first).toSorted()].join("\n");
}

describeOnTerminal("reelay batch at 80 columns", () => {
	it("has a bar for the whole and one for each item that is worked on, then the paths", async () => {
		const { service, ...options } = await scene();
		const run = await runOnTerminal(BATCH, {
			...options,
			onWritten: (text) => {
				if (BOTH.test(text)) service.isDone = () => true;
			},
		});
		expect(run.exitCode).toBe(1);
		expect(inOrder(run.screenWith(BOTH))).toMatchInlineSnapshot(`
			"3 items: 3 to make, the price of 3 is not known
			reelay: line 2: 451: no birds, please
			███████░░░░░░░░░░░░░  1/3 done  1 failed  2 running  0:01
			line 1  running      ███████████░  ~99 %   0:01  A red kite over the sea at da…
			line 3  running      ███████████░  ~99 %   0:01  A long way along the coast, s…"
		`);
		expect(run.screen).toMatchInlineSnapshot(`
			"3 items: 3 to make, the price of 3 is not known
			reelay: line 2: 451: no birds, please
			/home/you/out/1.mp4
			/home/you/out/3.mp4
			2 of 3 done, 1 failed, 1.2 s
			go on with the same command: it submits nothing twice"
		`);
		expect(run.written.lastIndexOf("?25h")).toBeGreaterThan(run.written.lastIndexOf("?25l"));
		service.fate = () => "accept";
		expect((await runOnTerminal(BATCH, options)).screen).toMatchInlineSnapshot(`
			"3 items: 2 done before, 1 to make, the price of 1 is not known
			/home/you/out/1.mp4
			/home/you/out/2.mp4
			/home/you/out/3.mp4
			3 of 3 done (2 before), 1.2 s"
		`);
	});

	it("tells all that is wrong with the list", async () => {
		const { service, cwd, ...options } = await scene();
		await appendFile(join(cwd, "list.txt"), `${"x".repeat(2001)}\n`);
		const run = await runOnTerminal(BATCH, { cwd, ...options });
		expect(run.exitCode).toBe(2);
		expect(run.screen).toMatchInlineSnapshot(`
			"reelay: line 4: prompt: is longer than 2000 characters; shorten it, or raise
			MAX_PROMPT_LENGTH
			reelay: nothing was sent; mend that line first"
		`);
		expect(service.posts).toEqual([]);
	});
});

describe("reelay batch in a pipe", { timeout: 60_000 }, () => {
	it("writes lines, and the paths to stdout", async () => {
		const { service, cwd, env, normalise } = await scene();
		service.isDone = () => true;
		const run = await runReelay([...BATCH.slice(0, -1), "1"], { cwd, env });
		expect(normalise(run.stderr)).toMatchInlineSnapshot(`
			"3 items: 3 to make, the price of 3 is not known
			[1/3] line 1: /home/you/out/1.mp4
			[2/3] line 2: no video
			reelay: line 2: 451: no birds, please
			[3/3] line 3: /home/you/out/3.mp4
			2 of 3 done, 1 failed, 1.2 s
			go on with the same command: it submits nothing twice
			"
		`);
		expect(normalise(run.stdout)).toMatchInlineSnapshot(`
			"/home/you/out/1.mp4
			/home/you/out/3.mp4
			"
		`);
	});

	it("writes JSON lines to stdout with --json", async () => {
		const { service, cwd, env, normalise } = await scene();
		service.isDone = () => true;
		const run = await runReelay([...BATCH.slice(0, -1), "1", "--json"], { cwd, env });
		const lines = run.stdout.trim().split("\n");
		expect(lines.map((line) => JSON.parse(line).status)).toEqual(["fulfilled", "rejected", "fulfilled", undefined]);
		expect(normalise(lines.at(-1) ?? "").replace(/"totalMs":\d+/, '"totalMs":1200')).toMatchInlineSnapshot(
			`"{"summary":{"total":3,"successful":2,"failed":1,"successRate":0.6666666666666666,"totalMs":1200,"doneBefore":0,"manifest":"/home/you/out/reelay-batch.jsonl"}}"`,
		);
	});

	it("says what would be made with --dry-run", async () => {
		const { service, cwd, env } = await scene();
		const run = await runReelay([...BATCH, "--dry-run"], { cwd, env });
		expect(run.stdout).toMatchInlineSnapshot(`
			"line 1  make  counting:one  price not known
			line 2  make  counting:one  price not known
			line 3  make  counting:one  price not known
			"
		`);
		expect(service.posts).toEqual([]);
	});
});
