import { spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { planRender } from "../../../providers/local/plan.ts";
import { type RenderChild, startRenderChild } from "../../../providers/local/render-child.ts";
import { createRenderPool, type RenderPool } from "../../../providers/local/render-pool.ts";
import type { RenderSpec } from "../../../providers/local/render-spec.ts";
import type { OperationStatus } from "../../../src/provider-kit/index.ts";
import { isAlive } from "../../support/is-alive.ts";
import { smallRequest } from "./request.ts";

const SHORT = planRender(smallRequest()).spec;
/** Takes far longer than any test waits. */
const LONG = planRender(smallRequest({ resolution: "1920x1080", fps: 60, durationSeconds: 30 })).spec;
const pools: RenderPool[] = [];
const children: RenderChild[] = [];

function openPool(maximumRunning: number): RenderPool {
	const pool = createRenderPool(maximumRunning, (order, onReport) => {
		const child = startRenderChild(order, onReport);
		children.push(child);
		return child;
	});
	pools.push(pool);
	return pool;
}

afterEach(async () => {
	await Promise.all(pools.splice(0).map((pool) => pool.close()));
	children.length = 0;
});

async function until(
	pool: RenderPool,
	id: string,
	wanted: (status: OperationStatus) => boolean,
): Promise<OperationStatus> {
	for (;;) {
		const status = pool.status(id);
		if (status === undefined) expect.fail("the pool forgot the render");
		if (wanted(status)) return status;
		if (status.state === "failed") expect.fail(status.reason);
		await delay(10);
	}
}

const isDrawing = (status: OperationStatus): boolean => status.state === "running" && (status.progress ?? 0) > 0;

describe("the render pool", () => {
	it("reports real progress that never goes back, then the video", async () => {
		const pool = openPool(1);
		const id = pool.start({ ...SHORT, frameCount: 60 });
		const seen: number[] = [];
		const status = await until(pool, id, (now) => {
			if (now.state === "running") seen.push(now.progress ?? 0);
			return now.state === "succeeded";
		});
		expect(seen).toEqual([...seen].sort((first, second) => first - second));
		expect(seen.some((progress) => progress > 0 && progress < 1)).toBe(true);
		expect(status).toMatchObject({ state: "succeeded", assets: [{ kind: "bytes" }] });
	});

	it("lets renders wait in line and tells each its place", async () => {
		const pool = openPool(1);
		const first = pool.start(LONG);
		const second = pool.start(LONG);
		const third = pool.start(SHORT);
		expect(pool.status(first)?.state).toBe("running");
		expect(pool.status(second)).toMatchObject({ state: "queued", queuePosition: 0 });
		expect(pool.status(third)).toMatchObject({ state: "queued", queuePosition: 1 });
		expect(await pool.cancel(second)).toBe("cancelled");
		expect(pool.status(third)).toMatchObject({ state: "queued", queuePosition: 0 });
		await pool.cancel(first);
		expect((await until(pool, third, (now) => now.state === "succeeded")).state).toBe("succeeded");
	});

	it("stops a render within 200 ms of its cancellation", { retry: 2 }, async () => {
		const pool = openPool(1);
		const id = pool.start(LONG);
		await until(pool, id, isDrawing);
		const startedAt = performance.now();
		expect(await pool.cancel(id)).toBe("cancelled");
		expect(performance.now() - startedAt).toBeLessThan(200);
		expect(isAlive(children.at(-1)?.pid)).toBe(false);
		expect(pool.status(id)).toMatchObject({ state: "failed", kind: "cancelled", billed: "no" });
		expect(await pool.cancel(id)).toBe("finished");
	});

	it("ends every process when it is closed", async () => {
		const pool = openPool(2);
		const ids = [pool.start(LONG), pool.start(LONG), pool.start(LONG)];
		await pool.close();
		expect(children).toHaveLength(2);
		expect(children.map((child) => isAlive(child.pid))).toEqual([false, false]);
		expect(ids.map((id) => pool.status(id))).toEqual([undefined, undefined, undefined]);
	});

	it("survives the sudden death of a render process and goes on with the next", async () => {
		const pool = openPool(1);
		const doomed = pool.start(LONG);
		const next = pool.start(SHORT);
		await until(pool, doomed, isDrawing);
		process.kill(children[0]?.pid ?? expect.fail("no process"), "SIGKILL");
		await children[0]?.ended;
		expect(pool.status(doomed)).toMatchObject({ state: "failed", kind: "internal", billed: "no" });
		await until(pool, next, (now) => now.state === "succeeded");
	});

	it("says why when a render breaks", async () => {
		const pool = openPool(1);
		const broken = { ...SHORT, frame: { kind: "exact", width: 160, height: -2 } } as RenderSpec;
		const id = pool.start(broken);
		await children[0]?.ended;
		expect(pool.status(id)).toMatchObject({ state: "failed", kind: "internal", billed: "no" });
	});

	it("forgets a render that is released, but none that still runs", async () => {
		const pool = openPool(1);
		const id = pool.start(SHORT);
		pool.release(id);
		await until(pool, id, (now) => now.state === "succeeded");
		pool.release(id);
		expect(pool.status(id)).toBeUndefined();
	});

	it("keeps the newest of the videos that nobody collects, and not all of them", async () => {
		const pool = createRenderPool(1, (_order, onReport) => {
			onReport({ kind: "video", sizeBytes: 3 });
			onReport({ kind: "chunk", offset: 1, data: Uint8Array.of(7, 8) });
			onReport({ kind: "done" });
			return { pid: undefined, ended: Promise.resolve(""), kill: () => Promise.resolve() };
		});
		const ids: string[] = [];
		for (let count = 0; count < 300; count += 1) {
			ids.push(pool.start(SHORT));
			await Promise.resolve();
		}
		await delay(1);
		expect(pool.status(ids.at(-1) ?? "")).toMatchObject({ assets: [{ data: Uint8Array.of(0, 7, 8) }] });
		expect(ids.filter((id) => pool.status(id) !== undefined)).toHaveLength(256);
		expect(pool.status(ids[0] ?? "")).toBeUndefined();
	});

	it("leaves no process behind when its own is killed", async () => {
		const module = new URL("../../../providers/local/render-child.ts", import.meta.url).href;
		const code = `
			const { startRenderChild } = await import(${JSON.stringify(module)});
			const child = startRenderChild(
				{ kind: "render", spec: ${JSON.stringify(LONG)} },
				(report) => { if (report.kind === "progress" && report.progress > 0) console.log(child.pid); },
			);
		`;
		const parent = spawn(process.execPath, ["--input-type=module", "-e", code], {
			stdio: ["ignore", "pipe", "ignore"],
		});
		const pid = await new Promise<number>((resolve) => parent.stdout.once("data", (line) => resolve(Number(line))));
		expect(isAlive(pid)).toBe(true);
		parent.kill("SIGKILL");
		const deadline = performance.now() + 5_000;
		while (isAlive(pid) && performance.now() < deadline) await delay(10);
		expect(isAlive(pid)).toBe(false);
	});
});
