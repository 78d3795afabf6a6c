import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { environmentTemplate } from "../../src/cli/init.ts";
import { ENVIRONMENT, inspectEnvironment } from "../../src/config/index.ts";
import { runReelay } from "../support/command-line.ts";
import { filesIn, temporaryFolder } from "../support/service.ts";

describe("reelay init", () => {
	it("writes every variable into .env.example, and says how to load it", async () => {
		const cwd = await temporaryFolder();
		const run = await runReelay(["init"], { cwd });
		expect(run).toMatchObject({ exitCode: 0, stdout: `${join(cwd, ".env.example")}\n` });
		expect(run.stderr).toContain("node --env-file=.env app.js");
		const text = await readFile(join(cwd, ".env.example"), "utf8");
		expect(text).toBe(environmentTemplate());
		for (const { name, kind } of ENVIRONMENT) {
			expect(text).toMatch(kind === "secret" ? new RegExp(`^${name}=$`, "m") : new RegExp(`^# ${name}=.*$`, "m"));
		}
		expect(text).toContain("# Longest clip that may be asked for, in seconds.\n# MAX_VIDEO_DURATION=30\n");
		expect(text).not.toContain("`");
	});

	it("never replaces a file unless it is told to", async () => {
		const cwd = await temporaryFolder();
		await writeFile(join(cwd, ".env.example"), "mine");
		const kept = await runReelay(["init"], { cwd });
		expect(kept).toMatchObject({ exitCode: 2, stdout: "" });
		expect(kept.stderr).toMatch(/^reelay: file: ".*\.env\.example" exists already; --overwrite replaces it\n$/);
		expect(await readFile(join(cwd, ".env.example"), "utf8")).toBe("mine");
		const replaced = await runReelay(["init", "--overwrite", "--json"], { cwd });
		expect(JSON.parse(replaced.stdout)).toEqual({ path: join(cwd, ".env.example") });
		expect(await readFile(join(cwd, ".env.example"), "utf8")).toBe(environmentTemplate());
		expect(await filesIn(cwd)).toEqual([".env.example"]);
	});

	it("writes what Node and a shell can load: as it is, it sets nothing", async () => {
		const cwd = await temporaryFolder();
		const file = join(cwd, ".env");
		await writeFile(file, environmentTemplate());
		const print = "process.stdout.write(JSON.stringify(process.env))";
		const env = { PATH: process.env["PATH"] };
		const loaded = [
			execFileSync(process.execPath, [`--env-file=${file}`, "-e", print], { env, encoding: "utf8" }),
			execFileSync("sh", ["-c", 'set -a; . "$0"; set +a; exec "$1" -e "$2"', file, process.execPath, print], {
				env,
				encoding: "utf8",
			}),
		];
		for (const text of loaded) {
			const states = inspectEnvironment(JSON.parse(text));
			expect(states.filter(({ state }) => state !== "unset")).toEqual([]);
			expect(JSON.parse(text)).toHaveProperty("FAL_KEY", "");
		}
	});

	it("writes values that count when the comment signs are taken away", () => {
		const lines = environmentTemplate().match(/^# [A-Z_]+=.+$/gm) ?? [];
		const values = Object.fromEntries(lines.map((line) => line.slice(2).split("=")));
		expect(Object.keys(values).length).toBeGreaterThan(8);
		expect(inspectEnvironment(values).filter(({ state }) => state === "wrong")).toEqual([]);
	});
});
