import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { runReelay } from "../support/command-line.ts";
import { describeOnTerminal, runOnTerminal } from "../support/pseudo-terminal.ts";
import { temporaryFolder } from "../support/service.ts";

const ENV = { REELAY_PROVIDERS: resolve("test/cli/listed-providers.ts") };

async function onTerminal(columns: number, ...args: readonly string[]) {
	return runOnTerminal(["models", ...args], { cwd: await temporaryFolder(), env: ENV, columns });
}

describeOnTerminal("reelay models on a terminal", () => {
	it("gives each name a line of its own at 80 columns", async () => {
		expect((await onTerminal(80, "--provider", "alpha")).screen).toMatchInlineSnapshot(`
			"MODEL
			  TASK        SECONDS  SIZES               AUDIO     PRICE           RETIRES

			alpha: not usable now: ALPHA_KEY is not set; create a key at alpha.example/keys
			and put it where only you can read it

			alpha:studio-labs/wide-angle/v3.1/pro/text-to-video
			  text        4,6,8    480p,720p,1080p,4k  optional  $0.221-1.164/s  2999-10-22
			alpha:old
			  text+image  1-30     480p,540p,720p,76…  none      $0.05/s         2020-01-31
			  it ended on 2020-01-31; use
			  alpha:studio-labs/wide-angle/v3.1/pro/text-to-video"
		`);
		expect((await onTerminal(80, "--provider", "beta")).screen).toMatchInlineSnapshot(`
			"MODEL     TASK   SECONDS  SIZES  AUDIO  PRICE  RETIRES  USABLE NOW
			beta:one  image  -        -      -      -      -        yes"
		`);
	});

	it("is a table at 200 columns", async () => {
		expect((await onTerminal(200, "--provider", "alpha")).screen).toMatchInlineSnapshot(`
			"MODEL                                                TASK        SECONDS  SIZES                                  AUDIO     PRICE           RETIRES     USABLE NOW
			alpha:studio-labs/wide-angle/v3.1/pro/text-to-video  text        4,6,8    480p,720p,1080p,4k                     optional  $0.221-1.164/s  2999-10-22  no: ALPHA_KEY is not set
			alpha:old                                            text+image  1-30     480p,540p,720p,768p,1080p,1440p,2160p  none      $0.05/s         2020-01-31  no: it ended on 2020-01-31"
		`);
	});

	it("cuts no name, and has no row that is too wide, whatever models there are", async () => {
		const { exitCode, written } = await onTerminal(80);
		expect(exitCode).toBe(0);
		const rows = written.split("\r\n");
		expect(rows.length).toBeGreaterThan(50);
		expect(rows.filter((row) => row.length > 79 && row.includes(" "))).toEqual([]);
		expect(rows.filter((row) => /^\S+:\S.*…/.test(row))).toEqual([]);
	});
});

describe("reelay models in a pipe", () => {
	it("is one line a model", async () => {
		const run = await runReelay(["models", "--provider", "alpha"], { cwd: await temporaryFolder(), env: ENV });
		expect(run.stdout).toMatchInlineSnapshot(`
			"MODEL                                                TASK        SECONDS  SIZES                                  AUDIO     PRICE           RETIRES     USABLE NOW
			alpha:studio-labs/wide-angle/v3.1/pro/text-to-video  text        4,6,8    480p,720p,1080p,4k                     optional  $0.221-1.164/s  2999-10-22  no: ALPHA_KEY is not set
			alpha:old                                            text+image  1-30     480p,540p,720p,768p,1080p,1440p,2160p  none      $0.05/s         2020-01-31  no: it ended on 2020-01-31
			"
		`);
		expect(run).toMatchObject({ exitCode: 0, stderr: "" });
	});

	it("has everything with --json", async () => {
		const run = await runReelay(["models", "--json", "--task", "image-to-video"], {
			cwd: await temporaryFolder(),
			env: ENV,
		});
		const list = JSON.parse(run.stdout) as readonly { readonly reference: string }[];
		const [old, one, animatic] = ["alpha:old", "beta:one", "local:animatic"].map((reference) =>
			list.find((model) => model.reference === reference),
		);
		expect(old).toMatchObject({
			isRetired: true,
			usable: false,
			detail: "it ended on 2020-01-31; use alpha:studio-labs/wide-angle/v3.1/pro/text-to-video",
			priceUsdPerSecond: 0.05,
			options: { seed: true },
		});
		expect(one).toMatchObject({ usable: true, detail: "ready", description: "Short clips, free." });
		expect(animatic).toMatchObject({ usable: true, billing: "free" });
	});
});
