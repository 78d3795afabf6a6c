import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runReelay } from "../support/command-line.ts";
import { temporaryFolder } from "../support/service.ts";

/** Makes a process take itself for Node 20, without what that lacks. */
const PRETEND = `data:text/javascript,${encodeURIComponent(`
	Object.defineProperty(process, "version", { value: "v20.20.2" });
	delete Promise.withResolvers;
`)}`;

describe("reelay on a Node that is too old", () => {
	it.each(["generate a", "doctor", "--help"])("says so, and nothing else: %s", async (line) => {
		const cwd = await temporaryFolder();
		const run = await runReelay(line.split(" "), { cwd, env: { NODE_OPTIONS: `--import ${PRETEND}` } });
		expect(run).toEqual({
			exitCode: 3,
			stdout: "",
			stderr: "reelay needs Node 22.19 or newer; this is v20.20.2\n",
		});
	});

	it("loads nothing before it has looked", () => {
		const importsOf = (file: string) =>
			[...readFileSync(file, "utf8").matchAll(/^(?:import|export)\b.*"(.+)"/gm)].map(([, path]) => path);
		expect(importsOf("src/cli/main.ts")).toEqual(["../config/node-version.ts"]);
		expect(importsOf("src/config/node-version.ts")).toEqual([]);
	});
});
