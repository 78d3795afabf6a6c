import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runReelay } from "../support/command-line.ts";
import { temporaryFolder } from "../support/service.ts";
import { TINY_VIDEO } from "../support/tiny-video.ts";

describe("reelay doctor", () => {
	it("says what can be used, and shows no secret", async () => {
		const env = { GEMINI_API_KEY: "canary-1234567890", DEFAULT_TEXT_TO_VIDEO_MODEL: "local:animatic" };
		const run = await runReelay(["doctor"], { cwd: await temporaryFolder(), env });
		expect(run.exitCode).toBe(0);
		expect(run.stdout).toMatch(/GEMINI_API_KEY +set$/m);
		expect(run.stdout).toMatch(/DEFAULT_TEXT_TO_VIDEO_MODEL +set +local:animatic$/m);
		expect(run.stdout).toMatch(/^ +local +usable/m);
		expect(run.stdout).toMatch(/^ +text-to-video +local:animatic$/m);
		expect(run.stdout + run.stderr).not.toContain("canary");
	});

	it.each([
		["GEMINI_API_KEY", "google"],
		["HF_TOKEN", "huggingface"],
		["FAL_KEY", "fal"],
		["REPLICATE_API_TOKEN", "replicate"],
	])("says whether %s is missing, set or no key, and what can be used all the same", async (name, provider) => {
		const cwd = await temporaryFolder();
		const run = (env: Readonly<Record<string, string>>) => runReelay(["doctor"], { cwd, env });
		const [missing, set, wrong] = await Promise.all([
			run({}),
			run({ [name]: "hf_canary0123" }),
			run({ [name]: "can ary" }),
		]);
		expect(missing.stdout).toMatch(new RegExp(`^ +${provider} +not usable +${name} is not set; create a`, "m"));
		expect(set.stdout).toMatch(new RegExp(`^ +${provider} +usable +${name} is set`, "m"));
		expect(wrong.stdout).toMatch(new RegExp(`^ +${name} +wrong$`, "m"));
		expect(wrong.stdout).toMatch(/^ +local +usable/m);
		expect(wrong.stderr).toMatch(new RegExp(`^problem: ${name}: the value holds white space`));
		expect([missing, set, wrong].map(({ exitCode }) => exitCode)).toEqual([0, 0, 3]);
		expect(JSON.stringify([set, wrong])).not.toMatch(/canary|can ary/);
	});

	it("names what is wrong and exits as not configured", async () => {
		const cwd = await temporaryFolder();
		const variable = await runReelay(["doctor"], { cwd, env: { MAX_IMAGE_SIZE: "big", REELAY_CACHE_DIR: "x" } });
		expect(variable.exitCode).toBe(3);
		expect(variable.stderr).toContain("problem: MAX_IMAGE_SIZE: ");
		expect(variable.stderr).toContain('Did you mean "REELAY_CACHE_DIRECTORY"?');
		const model = await runReelay(["doctor", "--json"], { cwd, env: { FALLBACK_TEXT_TO_VIDEO_MODELS: "lokal:x" } });
		expect(model.exitCode).toBe(3);
		expect(JSON.parse(model.stdout).chains[0].problem).toMatch(/^FALLBACK_TEXT_TO_VIDEO_MODELS: /);
	});
});

describe("reelay doctor, of a key in the wrong variable,", () => {
	it("does not show it", async () => {
		const env = { HF_BILL_TO: "hf_CANARY0123456", DEFAULT_TEXT_TO_VIDEO_MODEL: "hf_CANARY0123456" };
		for (const json of [[], ["--json"]]) {
			const run = await runReelay(["doctor", ...json], { cwd: await temporaryFolder(), env });
			expect(run.stdout).toContain("[secret]");
			expect(run.stdout + run.stderr).not.toContain("CANARY");
		}
	}, 30_000);
});

describe("reelay doctor, of a model that its provider does not have,", () => {
	it("names the variable", async () => {
		const env = { DEFAULT_TEXT_TO_VIDEO_MODEL: "local:nope" };
		const run = await runReelay(["doctor"], { cwd: await temporaryFolder(), env });
		expect(run.exitCode).toBe(3);
		expect(run.stderr).toContain('problem: DEFAULT_TEXT_TO_VIDEO_MODEL: there is no "local:nope"');
	});
});

describe("reelay doctor, of a default model whose key is missing,", () => {
	it("says which key, and nothing behind a model that can be used", async () => {
		const env = {
			DEFAULT_TEXT_TO_VIDEO_MODEL: "google:veo-3.1-generate-001",
			FALLBACK_TEXT_TO_VIDEO_MODELS: "local:animatic",
		};
		const run = await runReelay(["doctor"], { cwd: await temporaryFolder(), env });
		expect(run.stdout).toMatch(
			/^ {2}text-to-video {3}google:veo-3\.1-generate-001 \(GEMINI_API_KEY is not set\), local:animatic$/m,
		);
	});
});

describe("reelay doctor, of a ledger that cannot be written,", () => {
	const PROBLEM = /^problem: ledger: \S+ledger.sqlite cannot be opened for writing; allow it, choose another folder/m;

	it("says so, and exits as a submission would", async () => {
		const cwd = await temporaryFolder();
		await writeFile(join(cwd, "file"), "");
		const env = { REELAY_LEDGER: "sqlite", REELAY_STATE_DIRECTORY: join(cwd, "file", "state") };
		const run = await runReelay(["doctor"], { cwd, env });
		expect(run.exitCode).toBe(3);
		expect(run.stdout).toMatch(/^ {2}ledger +not writable +\S+ledger.sqlite$/m);
		expect(run.stderr).toMatch(PROBLEM);
	});

	it("says what is wrong with the file", async () => {
		const cwd = await temporaryFolder();
		await writeFile(join(cwd, "ledger.sqlite"), "no ledger at all, but long enough to be read as one".repeat(20));
		const env = { REELAY_LEDGER: "sqlite", REELAY_STATE_DIRECTORY: cwd };
		const run = await runReelay(["doctor", "--json"], { cwd, env });
		expect(run.exitCode).toBe(3);
		const ledger = JSON.parse(run.stdout).folders.find(({ what }: { readonly what: string }) => what === "ledger");
		expect(ledger).toMatchObject({ state: "not usable", problem: expect.stringContaining("is damaged or no ledger") });
		expect(run.stderr).toContain(`problem: ${ledger.problem}`);
	});

	it.skipIf(process.getuid?.() === 0 || process.platform === "win32")("looks at the file too", async () => {
		const cwd = await temporaryFolder();
		const state = join(cwd, "state");
		await mkdir(state, { mode: 0o500 });
		const env = { REELAY_LEDGER: "sqlite", REELAY_STATE_DIRECTORY: state };
		const folder = await runReelay(["doctor"], { cwd, env });
		expect(folder).toMatchObject({ exitCode: 3, stderr: expect.stringMatching(PROBLEM) });
		await chmod(state, 0o700);
		expect((await runReelay(["doctor"], { cwd, env })).exitCode).toBe(0);
		await chmod(join(state, "ledger.sqlite"), 0o400);
		expect((await runReelay(["doctor"], { cwd, env })).exitCode).toBe(3);
	});
});

describe("reelay probe", () => {
	it("says what a file is", async () => {
		const cwd = await temporaryFolder();
		await writeFile(join(cwd, "a.mp4"), TINY_VIDEO);
		const run = await runReelay(["probe", "a.mp4"], { cwd });
		expect(run.exitCode).toBe(0);
		expect(run.stdout).toMatch(/container +mp4\ncodec +avc\nsize +32x32\nduration +0\.5 s\nrate +10 fps\naudio +no\n/);
	});

	it.each([
		["cut short", TINY_VIDEO.subarray(0, 600)],
		["a web page", Buffer.from("<!doctype html><html></html>")],
		["empty", Buffer.alloc(0)],
	])("refuses a file that is %s", async (_what, bytes) => {
		const cwd = await temporaryFolder();
		await writeFile(join(cwd, "a.mp4"), bytes);
		const run = await runReelay(["probe", "a.mp4"], { cwd });
		expect(run).toMatchObject({ exitCode: 1, stdout: "" });
		expect(run.stderr).toMatch(/^reelay: .+\n$/);
	});

	it.each([
		["missing.mp4", '"missing.mp4" does not exist; relative paths start at "'],
		["~/missing.mp4", '"~/missing.mp4" does not exist; only a shell replaces "~"'],
		["folder", '"folder" is a folder; give the path of a video'],
	])("refuses what is not there: %s", async (path, problem) => {
		const cwd = await temporaryFolder();
		await mkdir(join(cwd, "folder"));
		const run = await runReelay(["probe", path], { cwd });
		expect(run.exitCode).toBe(2);
		expect(run.stderr).toContain(`reelay: file: ${problem}`);
	});
});
