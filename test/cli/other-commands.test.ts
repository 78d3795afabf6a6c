import { writeFile } from "node:fs/promises";
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

describe("reelay doctor, of a model that its provider does not have,", () => {
	it("names the variable", async () => {
		const env = { DEFAULT_TEXT_TO_VIDEO_MODEL: "local:nope" };
		const run = await runReelay(["doctor"], { cwd: await temporaryFolder(), env });
		expect(run.exitCode).toBe(3);
		expect(run.stderr).toContain('problem: DEFAULT_TEXT_TO_VIDEO_MODEL: there is no "local:nope"');
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

	it("refuses what is not there", async () => {
		const run = await runReelay(["probe", "missing.mp4"], { cwd: await temporaryFolder() });
		expect(run).toMatchObject({
			exitCode: 2,
			stderr: expect.stringMatching(/^reelay: file: "missing.mp4" cannot be read/),
		});
	});
});
