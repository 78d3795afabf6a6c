import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/service.ts";
import { runExample } from "./run-example.ts";

const page = readFileSync("docs/getting-started.md", "utf8");
const samples = [...page.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = ""]) => code);

/** Runs a sample of the page in a folder of its own, as the JavaScript that it is. */
async function sample(index: number): Promise<{ readonly folder: string; readonly stdout: string }> {
	const folder = await temporaryFolder();
	const file = join(folder, "kite.mjs");
	await writeFile(file, samples[index] ?? "");
	const { stdout } = await runExample(file, folder);
	return { folder, stdout };
}

describe("docs/getting-started.md", () => {
	it("has two programs", () => {
		expect(samples).toHaveLength(2);
	});

	it("makes a video with the first one, and prints what the page says", async () => {
		const { folder, stdout } = await sample(0);
		const [path, summary] = stdout.trimEnd().split("\n").slice(-2);
		expect(path).toBe(join(folder, "kite.mp4"));
		expect(page).toContain(`\`${summary}\``);
	});

	it("submits and collects a job with the second one", async () => {
		const { stdout } = await sample(1);
		expect(stdout).toMatch(/^(job_[0-9a-z]{25}) local:animatic\n.*reelay-\1\.mp4\n$/);
	});
});
