import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { healthRow } from "../../src/cli/doctor-health.ts";
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
	const model = { provider: "x", model: "x:y", inFlight: 0, waiting: 0 };

	it("is told in one row", () => {
		const stages = { submit: closed, poll: closed, download: closed };
		expect(healthRow({ ...model, stages }, 0)).toEqual(["x:y", "well"]);
		const lastError = { code: "provider_error", atMs: 40_000 };
		const open = { state: "open", nextProbeAtMs: 130_000, lastError } as const;
		const quarantine = { reason: "authentication", message: "it refused the key" } as const;
		const stats = { medianMs: 41_230, successRate: 1, samples: 5 };
		expect(healthRow({ ...model, stages: { ...stages, poll: open }, quarantine, stats }, 100_000)[1]).toBe(
			"left alone: it refused the key; poll: breaker open, next try in 0:30; " +
				"last poll error: provider_error, 1:00 ago; usually takes 41.2 s (5 jobs)",
		);
	});
});
