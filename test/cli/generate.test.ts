import { spawnSync } from "node:child_process";
import { chmod, mkdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commandLine, runReelay } from "../support/command-line.ts";
import { makePng, PNG_BOMB } from "../support/images.ts";
import { filesIn, temporaryFolder } from "../support/service.ts";

const SMALL = ["--duration", "1", "--fps", "5", "--resolution", "160x90"];

describe("reelay generate", () => {
	it("prints the path of the video to stdout, and everything else to stderr", async () => {
		const cwd = await temporaryFolder();
		const run = await runReelay(["generate", "A red kite over the sea at dawn", ...SMALL], { cwd });
		expect(run).toMatchObject({ exitCode: 0 });
		const [file] = await filesIn(cwd);
		expect(file).toMatch(/^reelay-job_[0-9a-z]{25}\.mp4$/);
		expect(run.stdout).toBe(`${join(cwd, file ?? "")}\n`);
		expect(run.stderr).toContain("local:animatic: 160x90, 5 fps, 1 s");
		expect(run.stderr).toContain("an embedded renderer, not a model");
	});

	it("prints nothing but the path with --quiet, and the whole result with --json", async () => {
		const cwd = await temporaryFolder();
		const quiet = await runReelay(["generate", "Waves", ...SMALL, "-o", "a.mp4", "--quiet"], { cwd });
		expect(quiet).toMatchObject({ exitCode: 0, stderr: "", stdout: `${join(cwd, "a.mp4")}\n` });
		const json = await runReelay(["generate", "Waves", ...SMALL, "-o", "b.mp4", "--json"], { cwd });
		expect(JSON.parse(json.stdout)).toMatchObject({
			path: join(cwd, "b.mp4"),
			model: "local:animatic",
			metadata: { container: "mp4", codec: "avc", width: 160, height: 90, fps: 5, durationSeconds: 1, hasAudio: false },
			cost: { usd: 0, source: "free" },
		});
	});

	it("makes the same bytes from the same prompt and seed, and others from another seed", async () => {
		const cwd = await temporaryFolder();
		const make = async (name: string, seed: string) => {
			await runReelay(["generate", "Waves", ...SMALL, "--seed", seed, "-o", name], { cwd });
			return readFile(join(cwd, name));
		};
		const [first, second, other] = [await make("a.mp4", "7"), await make("b.mp4", "7"), await make("c.mp4", "8")];
		expect(first.equals(second)).toBe(true);
		expect(first.equals(other)).toBe(false);
	});

	it("warns of options that are left out and of misspelled variables, in the words that were typed", async () => {
		const cwd = await temporaryFolder();
		const env = { DEFAULT_TXT_TO_VIDEO_MODEL: "x" };
		const run = await runReelay(["generate", "Waves", ...SMALL, "--steps", "4", "-o", "a.mp4"], { cwd, env });
		expect(run.exitCode).toBe(0);
		expect(run.stderr).toContain("warning: --steps: left out, because local:animatic does not take it");
		expect(run.stderr).toContain('Did you mean "DEFAULT_TEXT_TO_VIDEO_MODEL"?');
	});

	it("starts from an image", async () => {
		const cwd = await temporaryFolder();
		await writeFile(join(cwd, "in.png"), makePng(64, 48));
		const run = await runReelay(
			["generate", "Zoom in", "--image", "in.png", "--duration", "1", "--fps", "5", "-o", "o.mp4", "--json"],
			{ cwd },
		);
		expect(JSON.parse(run.stdout)).toMatchObject({ metadata: { width: 960, height: 720 } });
	});

	it("keeps a file that exists, unless it may be replaced", async () => {
		const cwd = await temporaryFolder();
		await writeFile(join(cwd, "a.mp4"), "mine");
		const kept = await runReelay(["generate", "Waves", ...SMALL, "-o", "a.mp4"], { cwd });
		expect(kept).toMatchObject({ exitCode: 2, stdout: "" });
		expect(kept.stderr).toMatch(/^reelay: --output: "a.mp4" exists already; .*--overwrite.*\n$/);
		expect(await readFile(join(cwd, "a.mp4"), "utf8")).toBe("mine");
		const replaced = await runReelay(["generate", "Waves", ...SMALL, "-o", "a.mp4", "--overwrite"], { cwd });
		expect(replaced.exitCode).toBe(0);
		expect((await stat(join(cwd, "a.mp4"))).size).toBeGreaterThan(500);
	});

	it.each([
		["a kite\n", 0, ""],
		[" \n", 2, "reelay: prompt: is empty; say what the video should show\n"],
		[Buffer.from([0xff, 0xfe]), 2, "reelay: prompt: is no UTF-8 text; save it as UTF-8\n"],
	])("reads the prompt from standard input for -: %j", async (input, exitCode, stderr) => {
		const args = ["generate", "-", "--model", "local:animatic", "--dry-run"];
		const cwd = await temporaryFolder();
		const { command, env } = commandLine(args, { cwd });
		const [program = "", ...rest] = command;
		const run = spawnSync(program, rest, { cwd, env, input, encoding: "utf8" });
		expect([run.status, run.stderr]).toEqual([exitCode, stderr]);
	});

	it("stops on Ctrl-C, leaves no file, and says that it was interrupted", async () => {
		const cwd = await temporaryFolder();
		let sent = false;
		const run = await runReelay(["generate", "Waves", "--duration", "30", "--resolution", "1080p"], {
			cwd,
			onStderr: (text, kill) => {
				if (sent || !text.includes("running")) return;
				sent = true;
				kill("SIGINT");
			},
		});
		expect(run).toMatchObject({ exitCode: 130, stdout: "" });
		expect(run.stderr).toMatch(/^reelay: cancelled; local:animatic was stopped; run it again, it is free\n$/m);
		expect(run.stderr).toContain("press Ctrl-C again to leave at once");
		expect(run.stderr).not.toContain("token");
		expect(await filesIn(cwd)).toEqual([]);
	});

	it("says with --json that it is stopping, and speaks of Ctrl-C to nobody who pressed none", async () => {
		const long = ["generate", "Waves", "--duration", "30", "--resolution", "1080p"];
		const terminated = async (...more: readonly string[]) => {
			let sent = false;
			const onStderr = (text: string, kill: (signal: NodeJS.Signals) => void) => {
				if (sent || !text.includes("running")) return;
				sent = true;
				kill("SIGTERM");
			};
			return runReelay([...long, ...more], { cwd: await temporaryFolder(), onStderr });
		};
		const json = await terminated("--json");
		expect(json.exitCode).toBe(130);
		expect(json.stderr).toContain('{"stopping":{"signal":"SIGTERM"}}\n');
		expect(json.stderr).not.toContain("reelay: stopping");
		const plain = await terminated();
		expect(plain.stderr).toContain("is answered; another SIGTERM ends it at once\n");
		expect(plain.stderr).not.toContain("Ctrl-C");
	});

	it("has failed when the time is up for what it renders itself, as nothing goes on", async () => {
		const [cwd, state] = [await temporaryFolder(), await temporaryFolder()];
		const env = { REELAY_LEDGER: "sqlite", REELAY_STATE_DIRECTORY: state };
		const run = await runReelay(
			["generate", "Waves", "--duration", "30", "--resolution", "1080p", "--timeout", "0.2"],
			{ cwd, env },
		);
		expect(run).toMatchObject({ exitCode: 1, stdout: "" });
		expect(run.stderr).toMatch(
			/^reelay: local:animatic was stopped when the time was up; run it again with a longer --timeout, it is free\n$/m,
		);
		expect(run.stderr).not.toContain("token");
		expect(await filesIn(cwd)).toEqual([]);
		const [job] = JSON.parse((await runReelay(["jobs", "--json"], { cwd, env })).stdout);
		expect(job).toMatchObject({ state: "cancelled", billed: "no" });
	});

	it("refuses to leave behind what it renders itself, before anything is begun", async () => {
		const cwd = await temporaryFolder();
		const run = await runReelay(["generate", "A long walk", "--detach"], { cwd });
		expect(run).toMatchObject({ exitCode: 2, stdout: "" });
		expect(run.stderr).toBe(
			"reelay: --detach: local:animatic renders in this process and would end with it; " +
				"leave out --detach, or name a model of a service\n",
		);
	});

	it("warns of a name that is none of a video before anything is sent", async () => {
		const cwd = await temporaryFolder();
		const { exitCode, stderr } = await runReelay(["generate", "Waves", ...SMALL, "-o", "x.txt"], { cwd });
		expect(exitCode).toBe(0);
		expect(stderr).toMatch(/^warning: --output: "x.txt" is not named like a video/);
		for (const output of ["kite.MP4", "{id}", "./"]) {
			const run = await runReelay(["generate", "Waves", ...SMALL, "-o", output], { cwd });
			expect(run.stderr).not.toContain("is not named like");
		}
	});
});

describe("a chain whose keys are not set", () => {
	const CHAIN = ["-m", "google:gemini-omni-1.2-flash", "--fallback", "fal:fal-ai/veo3.1"];
	const GENERATE = ["generate", "A walk", "--duration", "2", "--fps", "5", ...CHAIN];

	it("says which models did not make the video, and nothing untrue of it, also when it is taken up again", async () => {
		const [cwd, state] = [await temporaryFolder(), await temporaryFolder()];
		const env = { REELAY_LEDGER: "sqlite", REELAY_STATE_DIRECTORY: state };
		const warningsOf = (text: string) => text.split("\n").filter((line) => line.startsWith("warning: "));
		const run = await runReelay([...GENERATE, "--fallback", "local:animatic", "-o", "a.mp4"], { cwd, env });
		expect(run.exitCode).toBe(0);
		const told = [
			expect.stringMatching(/^warning: google:gemini-omni-1.2-flash did not make this: GEMINI_API_KEY is not set/),
			expect.stringMatching(/^warning: fal:fal-ai\/veo3.1 did not make this: FAL_KEY is not set/),
		];
		expect(warningsOf(run.stderr)).toEqual(told);
		const [{ id }] = JSON.parse((await runReelay(["jobs", "--json"], { cwd, env })).stdout);
		expect(warningsOf((await runReelay(["resume", id], { cwd, env })).stderr)).toEqual(told);
		expect(warningsOf((await runReelay(["download", id, "-o", "b.mp4"], { cwd, env })).stderr)).toEqual(told);
	});

	it("is told by --dry-run, which fails when no model is left to ask", async () => {
		const cwd = await temporaryFolder();
		const withOne = await runReelay([...GENERATE, "--fallback", "local:animatic", "--dry-run"], { cwd });
		expect(withOne.exitCode).toBe(0);
		const [google, fal, local] = withOne.stdout.split("\n");
		expect(google).toContain("--duration: 2 became 3, the nearest that google:gemini-omni-1.2-flash takes · cannot");
		expect(google).toContain("cannot be asked: GEMINI_API_KEY is not set");
		expect(fal).toContain("cannot be asked: FAL_KEY is not set");
		expect(local).toMatch(/as asked$/);
		const withNone = await runReelay([...GENERATE, "--dry-run"], { cwd });
		expect(withNone).toMatchObject({ exitCode: 3, stdout: expect.stringContaining("cannot be asked: FAL_KEY") });
		await writeFile(join(cwd, "list.txt"), "A walk\n");
		const batch = await runReelay(["batch", "list.txt", "-m", "fal:fal-ai/veo3.1", "--dry-run"], { cwd });
		expect(batch).toMatchObject({ exitCode: 3, stdout: expect.stringContaining("cannot be asked: FAL_KEY") });
	});
});

describe("bad input", () => {
	const cases: [what: string, args: string[], exitCode: number, message: RegExp][] = [
		["no prompt", [], 2, /missing required argument 'prompt'/],
		["an empty prompt", [""], 2, /^reelay: prompt: is empty; /],
		["a prompt that is too long", ["x".repeat(2001)], 2, /^reelay: prompt: is longer than 2000 characters; shorten it/],
		["two prompts", ["a", "b"], 2, /too many arguments/],
		["an unknown flag", ["a", "--sedd", "1"], 2, /unknown option '--sedd'.*\n?.*Did you mean --seed/],
		["a duration that is no number", ["a", "--duration", "ten"], 2, /--duration.*'ten' is invalid/],
		["no duration", ["a", "--duration", "0"], 2, /^reelay: --duration: must be a number from 1 to 30 seconds/],
		["a duration over the limit", ["a", "--duration", "31"], 2, /^reelay: --duration: must be a number from 1 to 30/],
		["a rate of nothing", ["a", "--fps", "0"], 2, /^reelay: --fps: must be a number from 1 to 60/],
		["a rate over the limit", ["a", "--fps", "61"], 2, /^reelay: --fps: must be a number from 1 to 60/],
		["an odd size", ["a", "-r", "1281x721"], 2, /^reelay: --resolution: "1281x721" has an odd side.*use 1282x722/],
		[
			"a size below the limit",
			["a", "-r", "100x50"],
			2,
			/^reelay: --resolution: local:animatic takes 160x90 to 3840x2160/,
		],
		["a size above the limit", ["a", "-r", "60000x60000"], 2, /^reelay: --resolution: local:animatic takes 160x90 to/],
		["an unknown provider", ["a", "-m", "lokal:animatic"], 2, /^reelay: --model: .*Did you mean "local"\?/],
		["an unknown model", ["a", "-m", "local:animatik"], 2, /^reelay: --model: .*Did you mean "local:animatic"\?/],
		["a name without a provider", ["a", "-m", "animatic"], 2, /^reelay: --model: "animatic" names no provider/],
		["sound from a silent model", ["a", "--audio"], 2, /^reelay: --audio: local:animatic does not take it/],
		[
			"a reference for a model that takes none",
			["a", "--reference", "good.png"],
			2,
			/^reelay: --reference: local:animatic does not take it/,
		],
		["a last frame without a first", ["a", "--last-frame", "good.png"], 2, /^reelay: --image: is missing/],
		["a missing image", ["a", "-i", "missing.png"], 2, /^reelay: --image: .*missing\.png/],
		["a folder for an image", ["a", "-i", "folder"], 2, /^reelay: --image: .*folder/],
		["an SVG", ["a", "-i", "a.svg"], 2, /^reelay: --image: .*SVG.*PNG, JPEG/],
		["a PDF", ["a", "-i", "a.pdf"], 2, /^reelay: --image: .*PDF.*PNG, JPEG/],
		["an empty image", ["a", "-i", "empty.png"], 2, /^reelay: --image: .*empty/],
		["a truncated image", ["a", "-i", "cut.png"], 2, /^reelay: --image: .*(cut|truncated|end)/],
		["a bomb", ["a", "-i", "bomb.png"], 2, /^reelay: --image: .*60000/],
		[
			"an output folder that does not exist",
			["a", "-o", "nowhere/a.mp4"],
			2,
			/^reelay: --output: .*nowhere.* does not exist/,
		],
		["an output that is a directory", ["a", "-o", "dir.mp4"], 2, /^reelay: --output: "dir.mp4" is a folder/],
		["an output that is a link", ["a", "-o", "link.mp4"], 2, /^reelay: --output: "link.mp4" is a symbolic link/],
		["an empty output", ["a", "-o", ""], 2, /^reelay: --output: the path is empty/],
		["a target that cannot be written", ["a", "-o", "/proc/a.mp4"], 2, /^reelay: --output: /],
	];

	it.each(cases)("%s is told clearly and leaves nothing", async (_what, args, exitCode, message) => {
		const cwd = await temporaryFolder();
		await mkdir(join(cwd, "folder"));
		await mkdir(join(cwd, "dir.mp4"));
		await writeFile(join(cwd, "target.mp4"), "mine");
		await symlink("target.mp4", join(cwd, "link.mp4"));
		await writeFile(join(cwd, "a.svg"), '<svg xmlns="http://www.w3.org/2000/svg"/>');
		await writeFile(join(cwd, "a.pdf"), "%PDF-1.7\n");
		await writeFile(join(cwd, "empty.png"), "");
		await writeFile(join(cwd, "cut.png"), makePng(64, 48).subarray(0, 60));
		await writeFile(join(cwd, "bomb.png"), PNG_BOMB);
		await writeFile(join(cwd, "good.png"), makePng(8, 8));
		const before = await filesIn(cwd);
		const run = await runReelay(["generate", ...args], { cwd });
		expect(run.stderr).toMatch(message);
		expect(run).toMatchObject({ exitCode, stdout: "" });
		expect(run.stderr.startsWith("reelay: ")).toBe(true);
		// What commander refuses has a line of its own that says how to write it.
		expect(run.stderr.split("\n").length - 1).toBe(/^reelay: (--\S+|prompt): /.test(run.stderr) ? 1 : 2);
		expect(await filesIn(cwd)).toEqual(before);
		expect(await readFile(join(cwd, "target.mp4"), "utf8")).toBe("mine");
	});

	it("an image that cannot be read is one clear line", async () => {
		const cwd = await temporaryFolder();
		await writeFile(join(cwd, "a.png"), makePng(8, 8));
		await chmod(join(cwd, "a.png"), 0);
		const run = await runReelay(["generate", "a", "-i", "a.png", ...SMALL], { cwd });
		// The superuser may read everything.
		if (process.getuid?.() === 0) expect(run.exitCode).toBe(0);
		else expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/^reelay: --image: .*permission/) });
	});

	it("a bad variable is named, without a secret, and exits as not configured", async () => {
		const cwd = await temporaryFolder();
		const env = { MAX_VIDEO_DURATION: "long", HF_TOKEN: "canary 1234567890" };
		const run = await runReelay(["generate", "a"], { cwd, env });
		expect(run.exitCode).toBe(3);
		expect(run.stderr).toMatch(/^reelay: MAX_VIDEO_DURATION: "long" is not a number above 0/);
		expect(run.stderr).not.toContain("canary");
	});

	it("is JSON with --json", async () => {
		const run = await runReelay(["generate", "", "--json"], { cwd: await temporaryFolder() });
		expect(JSON.parse(run.stdout).error).toMatchObject({ code: "invalid_input", field: "prompt", billed: "no" });
		expect(run.exitCode).toBe(2);
	});
});
