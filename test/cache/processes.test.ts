import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { VideoCache } from "../../src/cache/index.ts";
import { temporaryFolder } from "../support/service.ts";
import { filesOf, readCached, storeVideo } from "./support.ts";
import { contentOf, makeVideo } from "./videos.ts";

const PROCESS = fileURLToPath(new URL("./cache-process.ts", import.meta.url));
const LIMITED = fileURLToPath(new URL("./limited-process.ts", import.meta.url));
const PROMPTS = Array.from({ length: 8 }, (_, index) => `video ${index}`);

function start(command: string, ...args: readonly string[]) {
	const child = spawn(command, args, { stdio: "pipe" });
	onTestFinished(() => {
		child.kill("SIGKILL");
	});
	return child;
}

function roundsOf(output: string): { warning?: string; read: string }[] {
	return output
		.split("\n")
		.slice(0, -1)
		.map((line) => JSON.parse(line));
}

describe("several processes with one cache", () => {
	it("are never handed a wrong or half a video, and none of them is warned", async () => {
		const folder = await temporaryFolder();
		const directory = join(folder, "cache");
		// Room for five of the eight: what one stores, another evicts.
		const children = ["a", "b", "c"].map((name) =>
			start(process.execPath, PROCESS, directory, join(folder, name), "60", "260000", "50000"),
		);
		const outputs = await Promise.all(
			children.map(async ({ stdout, stderr }) => {
				const [lines, problems] = await Promise.all([text(stdout), text(stderr)]);
				expect(problems).toBe("");
				return roundsOf(lines);
			}),
		);
		for (const rounds of outputs) expect(rounds).toHaveLength(60);
		const rounds = outputs.flat();
		expect(rounds.filter(({ warning }) => warning !== undefined)).toEqual([]);
		expect(rounds.filter(({ read }) => read === "wrong")).toEqual([]);
		expect(rounds.filter(({ read }) => read === "right").length).toBeGreaterThan(20);
		const cache = new VideoCache({ directory, maxBytes: 260_000 });
		await cache.prune();
		expect((await filesOf(cache, "content-")).length).toBeLessThanOrEqual(5);
		expect(await filesOf(cache, "readers")).toEqual([]);
	});

	it("get over one that is killed at any moment", async () => {
		const folder = await temporaryFolder();
		const directory = join(folder, "cache");
		const cache = new VideoCache({ directory });
		const sizeBytes = 1_000_000;
		let found = 0;
		for (let round = 0; round < 5; round++) {
			const child = start(process.execPath, PROCESS, directory, folder, "1000", "100000000", String(sizeBytes));
			await once(child.stdout, "data");
			await sleep(Math.random() * 30);
			child.kill("SIGKILL");
			await once(child, "close");
			for (const prompt of PROMPTS) {
				const data = await readCached(cache, prompt);
				if (data === undefined) continue;
				expect(data.equals(contentOf(prompt, sizeBytes)), prompt).toBe(true);
				found++;
			}
		}
		expect(found).toBeGreaterThan(10);
		expect(await storeVideo(cache, folder, "last")).toBeUndefined();
	});
});

describe.skipIf(process.platform === "win32")("a disk that is full", () => {
	it("is a warning, leaves nothing behind, and what is there can be read", async () => {
		const folder = await temporaryFolder();
		const directory = join(folder, "cache");
		const cache = new VideoCache({ directory });
		await storeVideo(cache, folder, "small");
		const { path, sizeBytes } = await makeVideo(folder, "large", 600_000);
		// No file may grow above 256 kB, as on a disk that has no more room than that.
		const limited = 'ulimit -f 500; exec "$0" "$@"';
		const child = start("sh", "-c", limited, process.execPath, LIMITED, directory, path, "large", String(sizeBytes));
		const [output, problems] = await Promise.all([text(child.stdout), text(child.stderr)]);
		expect(problems).toBe("");
		expect(JSON.parse(output)).toEqual({
			warning: expect.stringMatching(/^cache: .*its disk is full \(EFBIG\); free some space/),
		});
		expect(await filesOf(cache, "tmp")).toEqual([]);
		expect(await filesOf(cache, "content-")).toHaveLength(1);
		expect(await readCached(cache, "small")).toEqual(contentOf("small"));
	});
});
