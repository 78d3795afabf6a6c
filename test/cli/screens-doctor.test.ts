import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { healthRows } from "../../src/cli/doctor-health.ts";
import { runReelay } from "../support/command-line.ts";
import { describeOnTerminal, runOnTerminal } from "../support/pseudo-terminal.ts";
import { temporaryFolder } from "../support/service.ts";
import { withoutChance } from "./studio.ts";

/** A folder with all that doctor looks at. */
async function scene() {
	const cwd = await temporaryFolder();
	const env = {
		REELAY_PROVIDERS: resolve("test/cli/listed-providers.ts"),
		REELAY_LEDGER: "sqlite",
		REELAY_STATE_DIRECTORY: cwd,
		REELAY_CACHE_DIRECTORY: cwd,
		DEFAULT_TEXT_TO_VIDEO_MODEL: "beta:one",
		DEFAULT_IMAGE_TO_VIDEO_MODEL: "beta:one",
		GEMINI_API_KEY: "canary-1234567890",
	};
	const well = { consecutive: 0, window: [] };
	const models = [
		{
			provider: "beta",
			model: "one",
			stages: { submit: { ...well, probeInMs: 65_000 }, poll: well, download: well },
		},
	];
	await writeFile(join(cwd, "health.json"), JSON.stringify({ version: 1, savedAtMs: Date.now(), models }));
	return { cwd, env };
}

/** What the sections after the environment show, without the providers that come with reelay. */
function ownPart(screen: string): string {
	const [, rest = ""] = screen.split("\n\nProviders\n");
	return rest.replaceAll(/^ {2}(?!alpha|beta)\S+ +(not )?usable.*\n( {15,}.*\n)*/gm, "");
}

describeOnTerminal("reelay doctor at 80 columns", () => {
	it("says what can be used, and why not the rest", async () => {
		const { cwd, env } = await scene();
		const normalise = (text: string) => withoutChance(text, { [cwd]: "/home/you", [resolve(".")]: "/reelay" });
		const run = await runOnTerminal(["doctor"], { cwd, env, normalise });
		expect(run.exitCode).toBe(0);
		expect(run.screen.split("\n").filter((row) => row.length > 79)).toEqual([]);
		expect(run.screen.split("\n").slice(2, 6).join("\n")).toMatchInlineSnapshot(`
			"Environment
			  DEFAULT_TEXT_TO_VIDEO_MODEL     set    beta:one
			  DEFAULT_IMAGE_TO_VIDEO_MODEL    set    beta:one
			  FALLBACK_TEXT_TO_VIDEO_MODELS   unset  default: none"
		`);
		expect(ownPart(run.screen)).toMatchInlineSnapshot(`
			"  alpha          not usable  ALPHA_KEY is not set; create a key at
			                             alpha.example/keys and put it where only you can
			                             read it
			  beta           usable      ready

			Models
			  text-to-video   beta:one
			  image-to-video  beta:one

			Folders
			  videos of the library  writable  /home/you/videos
			  ledger                 writable  /home/you/ledger.sqlite
			  cache                  writable  /home/you/finished
			                         0.0 kB    of at most 2.1 GB

			Health of models used lately
			  beta:one  submit: breaker open, next try in 0:01"
		`);
		expect(run.written).not.toContain("canary");
	});
});

describe("reelay doctor in a pipe", () => {
	it("has a line for everything", async () => {
		const { cwd, env } = await scene();
		const { stdout } = await runReelay(["doctor"], { cwd, env });
		expect(stdout).toMatch(/^ {2}GEMINI_API_KEY +set$/m);
		expect(stdout).toMatch(/^ {2}alpha +not usable +ALPHA_KEY is not set; create a key at .* can read it$/m);
	});

	it("has everything with --json", async () => {
		const { cwd, env } = await scene();
		const shown = JSON.parse((await runReelay(["doctor", "--json"], { cwd, env })).stdout);
		expect(shown.folders.at(-1)).toEqual({
			what: "cache",
			state: "writable",
			path: join(cwd, "finished"),
			usedBytes: 0,
			maxBytes: 2_147_483_648,
		});
		expect(shown.health).toMatchObject([{ model: "beta:one", stages: { submit: { state: "open" } } }]);
	});
});

describe("the health of a model", () => {
	const closed = { state: "closed" } as const;
	const stages = { submit: closed, poll: closed, download: closed };
	const model = { provider: "x", model: "x:y", inFlight: 0, waiting: 0, stages };
	const statsOf = (successRate: number, recentSamples: number) => ({
		stats: { medianMs: successRate === 0 ? undefined : 15_920, successRate, samples: 9, recentSamples },
	});

	it("is told in one row", () => {
		expect(healthRows([model], 0)).toEqual([["x:y", "well"]]);
		const lastError = { code: "provider_error", atMs: 40_000 };
		const poll = { state: "open", nextProbeAtMs: 130_000, lastError } as const;
		const quarantine = { reason: "authentication", message: "it refused the key" } as const;
		const sick = { ...model, ...statsOf(1, 5), stages: { ...stages, poll }, quarantine };
		expect(healthRows([sick], 100_000)).toEqual([
			[
				"x:y",
				"left alone: it refused the key; poll: breaker open, next try in 0:30; " +
					"last poll error: provider_error, 1:00 ago; usually takes 15.9 s (5 jobs)",
			],
		]);
	});

	it.each([
		[1, 1, "well; usually takes 15.9 s (1 job)"],
		[1, 4, "well; usually takes 15.9 s (4 jobs)"],
		[1 / 4, 4, "usually takes 15.9 s (1 of 4 jobs succeeded)"],
		[6 / 7, 7, "usually takes 15.9 s (6 of 7 jobs succeeded)"],
		[0, 4, "4 of 4 jobs failed"],
		[0, 1, "1 of 1 job failed"],
	])("is no better than its jobs: %d of %d succeeded", (successRate, jobs, text) => {
		expect(healthRows([{ ...model, ...statsOf(successRate, jobs) }], 0)).toEqual([["x:y", text]]);
	});

	it("is told once for all accounts, or for each where they differ", () => {
		const [one, other] = ["e3b0c442", "5e884898"].map((account) => ({ ...model, account }));
		if (one === undefined || other === undefined) throw new Error("there are two");
		const another = { ...model, model: "x:z" };
		expect(healthRows([one, another, other], 0)).toEqual([
			["x:y", "well"],
			["x:z", "well"],
		]);
		const open = { state: "open" } as const;
		expect(
			healthRows([one, { ...other, stages: { ...stages, submit: open } }, { ...model, ...statsOf(1, 4) }], 0),
		).toEqual([
			["x:y", "account e3b0c442: well"],
			["x:y", "account 5e884898: submit: breaker open"],
			["x:y", "no account: well; usually takes 15.9 s (4 jobs)"],
		]);
	});
});
