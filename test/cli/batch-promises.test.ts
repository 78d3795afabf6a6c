import { describe, expect, it } from "vitest";
import type { CountingService } from "../batch/counting-service.ts";
import { all, sceneWith } from "./batch-scene.ts";

/** Seven ways to fail that cost nothing, by prompt: three at the submission, four later. */
const REFUSED = new Map<string, ReturnType<CountingService["fate"]>>([
	["4", "refuse"],
	["11", "block"],
	["19", "fail"],
]);
const FAILED = new Map<string, ReturnType<CountingService["failureOf"]>>([
	["26", "refused"],
	["33", "invalid"],
	["40", "internal"],
	["47", "expired"],
]);

describe("a batch of 50 of which 7 fail", { timeout: 120_000 }, () => {
	it("leaves 43 files, and --resume makes exactly those 7 that may be made again", async () => {
		const { service, batch, videos } = await sceneWith(50);
		service.fate = (prompt) => REFUSED.get(prompt) ?? "accept";
		service.failureOf = (prompt) => FAILED.get(prompt);
		const first = await batch("--concurrency", "5");
		expect(first.exitCode).toBe(1);
		expect(first.stderr).toMatch(/\n43 of 50 done, 7 failed, \d+\.\d s\n/);
		expect(await videos()).toHaveLength(43);
		expect(first.stdout.trim().split("\n")).toHaveLength(43);
		const failing = [...REFUSED.keys(), ...FAILED.keys()];
		for (const prompt of failing) expect(first.stderr).toContain(`reelay: line ${prompt}: `);
		expect(service.posts).toHaveLength(50);

		service.fate = () => "accept";
		service.failureOf = () => undefined;
		const second = await batch("--resume");
		expect(second.stderr).toMatch(/^50 items: 43 done before, 7 to make, /);
		expect(second.exitCode).toBe(0);
		expect(service.posts.slice(50).toSorted()).toEqual(failing.toSorted());
		expect(await videos()).toHaveLength(50);
		expect(second.stdout.trim().split("\n")).toHaveLength(50);
	});
});

describe("a batch of 50 that is killed by kill -9 in the middle", { timeout: 120_000 }, () => {
	it("is finished by --resume, with 50 submissions in all", async () => {
		const { service, batch, batchKilled, videos } = await sceneWith(50);
		// Five of them run on, so that no submission is under way when the process ends at a look.
		service.isDone = (prompt) => Number(prompt) <= 20;
		const looked = new Set<string>();
		const isIdle = (prompt: string) => looked.add(prompt).size === 25;
		expect((await batchKilled("onLook", isIdle, "SIGKILL")).exitCode).toBeNull();
		expect(service.billed.toSorted()).toEqual(all(25).toSorted());
		expect((await videos()).length).toBe(20);

		service.isDone = () => true;
		const second = await batch("--resume");
		expect(second.stderr).toMatch(/^50 items: 20 done before, 5 to go on with, 25 to make/);
		expect(second.exitCode).toBe(0);
		expect(await videos()).toHaveLength(50);
		expect(service.posts).toHaveLength(50);
		expect(service.billed.toSorted()).toEqual(all(50).toSorted());
	});
});
