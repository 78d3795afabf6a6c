import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CountingService } from "../batch/counting-service.ts";
import { runHere } from "../batch/run-here.ts";
import { type Run, runReelay } from "../support/command-line.ts";
import { filesIn, temporaryFolder } from "../support/service.ts";

/** What the manifest is called. */
export const MANIFEST = "reelay-batch.jsonl";

/** A list of prompts, a service that counts, and the command line. */
export interface Scene {
	readonly cwd: string;
	readonly service: CountingService;
	/** Runs `reelay batch` over the prompts `1`, `2`, … in `list.txt`. */
	readonly batch: (...args: string[]) => Promise<Run>;
	/** The same, ended by a signal as soon as the service has seen so many submissions or looks, or the right one. */
	readonly batchKilled: (
		when: "onPost" | "onLook",
		count: number | ((prompt: string) => boolean),
		signal: NodeJS.Signals,
	) => Promise<Run>;
	readonly videos: () => Promise<readonly string[]>;
}

/** Opens one with so many prompts. */
export async function sceneWith(count: number, env: Readonly<Record<string, string>> = {}): Promise<Scene> {
	const cwd = await temporaryFolder();
	const service = await CountingService.start();
	const args = ["batch", join(cwd, "list.txt"), "--output", join(cwd, "out/{index}.mp4")];
	const options = { cwd, env: { ...service.env(cwd), ...env } };
	await mkdir(join(cwd, "out"));
	await writeFile(join(cwd, "list.txt"), prompts(count));
	return {
		cwd,
		service,
		batch: (...more) => runHere([...args, ...more], options.env),
		async batchKilled(when, count, signal) {
			let end: ((signal: NodeJS.Signals) => void) | undefined;
			let seen = 0;
			service[when] = (prompt) => {
				seen++;
				if (typeof count === "number" ? seen === count : count(prompt)) end?.(signal);
			};
			try {
				return await runReelay(args, {
					...options,
					onStderr: (_text, kill) => {
						end = kill;
					},
				});
			} finally {
				service[when] = () => undefined;
			}
		},
		videos: async () => (await filesIn(join(cwd, "out"))).filter((name) => name.endsWith(".mp4")).sort(),
	};
}

/** So many prompts, one a line. */
function prompts(count: number): string {
	return Array.from({ length: count }, (_, index) => `${index + 1}\n`).join("");
}

/** The numbers from 1, as prompts. */
export function all(count: number): readonly string[] {
	return prompts(count).trim().split("\n");
}

/** What is printed when so many videos are there. */
export function paths(cwd: string, count: number): string {
	return all(count)
		.map((place) => `${join(cwd, "out", `${place}.mp4`)}\n`)
		.join("");
}

/** The lines of the manifest. */
export async function manifestOf(cwd: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
	const lines = await readFile(join(cwd, "out", MANIFEST), "utf8");
	return lines
		.trim()
		.split("\n")
		.map((line) => JSON.parse(line));
}

/** The prompts of items whose submission is unknown; in these lists each prompt is its line's number. */
export async function unknownItems(cwd: string): Promise<readonly string[]> {
	const last = new Map((await manifestOf(cwd)).map((entry) => [entry["item"], entry]));
	return [...last.values()].filter(({ state }) => state === "submit_unknown").map(({ line }) => String(line));
}
