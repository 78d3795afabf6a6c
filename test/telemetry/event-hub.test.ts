import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Logger, VideoEvents } from "../../src/telemetry/index.ts";
import { EventHub, jobEvents } from "../../src/telemetry/index.ts";
import { jobSteps, recordingLogger } from "./support.ts";

const jobId = "job_1";

describe("listeners", () => {
	it("hear the events of their name in turn, until they are removed", () => {
		const { hub } = newHub();
		const heard: string[] = [];
		const stop = hub.on("warning", ({ message }) => heard.push(`a ${message}`));
		hub.on("warning", ({ message }) => heard.push(`b ${message}`));
		hub.emit("warning", { jobId, message: "1" });
		stop();
		hub.emit("warning", { jobId, message: "2" });
		hub.emit("download-started", { jobId, model: "fake:one" });
		expect(heard).toEqual(["a 1", "b 1", "b 2"]);
	});

	it("harm nobody when they throw, now or later, and are named in the log", async () => {
		const { hub, lines } = newHub();
		const unhandled = watchUnhandledRejections();
		let heard = 0;
		hub.on("warning", () => {
			throw new RangeError("at once");
		});
		hub.on("warning", async () => {
			throw new RangeError("later");
		});
		hub.on("warning", () => heard++);
		hub.emit("warning", { jobId, message: "careful" });
		await sleep(5);
		expect(heard).toBe(1);
		expect(unhandled).toEqual([]);
		const problems = lines.filter(({ message }) => message === "a listener threw");
		expect(problems).toMatchObject([
			{ level: "error", fields: { event: "warning", problem: { name: "RangeError", message: "at once" } } },
			{ level: "error", fields: { event: "warning", problem: { name: "RangeError", message: "later" } } },
		]);
	});

	it("cannot be kept from hearing by a logger that throws or rejects", async () => {
		const unhandled = watchUnhandledRejections();
		const fail = () => {
			throw new RangeError("full disk");
		};
		const reject = async () => fail();
		const hub = new EventHub({ debug: fail, info: fail, warn: reject, error: fail });
		let heard = 0;
		hub.on("warning", () => {
			heard++;
			throw new RangeError("and a bad listener");
		});
		hub.emit("warning", { jobId, message: "1" });
		hub.emit("job-detached", { jobId, state: "running" });
		await sleep(5);
		expect([heard, unhandled]).toEqual([1, []]);
	});

	it("hear an event only if they were there before it", () => {
		const { hub } = newHub();
		let late = 0;
		hub.on("warning", () => {
			hub.on("warning", () => late++);
		});
		hub.emit("warning", { jobId, message: "1" });
		expect(late).toBe(0);
		hub.emit("warning", { jobId, message: "2" });
		expect(late).toBe(1);
	});

	it("get a copy, so that nothing they do to it reaches the job", () => {
		const { hub } = newHub();
		const attempt = { model: "fake:one", outcome: "accepted", billed: "yes" } as const;
		hub.on("attempt-ended", (event) => {
			Object.assign(event.attempt, { billed: "no" });
		});
		hub.emit("attempt-ended", { jobId, attempt });
		expect(attempt.billed).toBe("yes");
	});
});

describe("log lines", () => {
	it("say every event, at a level that fits it", () => {
		const { hub, lines } = newHub();
		for (const [name, event] of jobSteps("succeeds")) hub.emit(name, event as never);
		hub.emit("job-ended", { jobId, state: "failed", errorCode: "provider_error" });
		hub.emit("job-ended", { jobId, state: "cancelled", errorCode: "cancelled" });
		hub.emit("attempt-ended", {
			jobId,
			attempt: { model: "fake:one", outcome: "rejected", billed: "no", errorCode: "x" },
		});
		hub.emit("breaker-changed", { provider: "fake", model: "fake:one", stage: "submit", state: "open" });
		hub.emit("breaker-changed", { provider: "fake", model: "fake:one", stage: "submit", state: "closed" });
		expect(lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
			"info job-created",
			"debug attempt-started",
			"info attempt-ended",
			"debug progress",
			"info generation-ended",
			"debug download-started",
			"debug download-progress",
			"info download-ended",
			"info job-ended",
			"error job-ended",
			"warn job-ended",
			"warn attempt-ended",
			"warn breaker-changed",
			"info breaker-changed",
		]);
		expect(lines[0]?.fields).toMatchObject({ jobId, task: "text-to-video" });
	});
});

describe("the events of one job", () => {
	it("are all that is announced of it, to its end, and of no other", async () => {
		const { hub } = newHub();
		const seen: string[] = [];
		const reading = (async () => {
			for await (const event of jobEvents(hub, jobId, false)) seen.push(event.type);
		})();
		await sleep(1);
		hub.emit("warning", { jobId: "job_2", message: "another job's" });
		const steps = jobSteps("succeeds");
		for (const [name, event] of steps) {
			hub.emit(name, event as never);
			await sleep(0);
		}
		await reading;
		expect(seen).toEqual(steps.map(([name]) => name));
	});

	it("do not pile up for a slow reader: of several looks the latest counts", async () => {
		const { hub } = newHub();
		const events = jobEvents(hub, jobId, false);
		const first = events.next();
		hub.emit("warning", { jobId, message: "1" });
		await first;
		for (let share = 1; share <= 1_000; share++) {
			hub.emit("progress", { jobId, model: "fake:one", state: "running", progress: share / 1_000 });
		}
		hub.emit("warning", { jobId, message: "2" });
		hub.emit("job-ended", { jobId, state: "succeeded" });
		const rest: VideoEvents["progress" | "warning" | "job-ended"][] = [];
		for await (const event of events) rest.push(event as never);
		expect(rest).toMatchObject([{ progress: 1 }, { message: "2" }, { state: "succeeded" }]);
	});

	it("end when the signal is aborted, and leave no listener behind", async () => {
		const { hub } = newHub();
		const abort = new AbortController();
		let removed = 0;
		const counting: Pick<EventHub, "on"> = {
			on: (name, listener) => {
				const stop = hub.on(name, listener);
				return () => {
					removed++;
					stop();
				};
			},
		};
		const reading = jobEvents(counting, jobId, false, abort.signal).next();
		abort.abort();
		await expect(reading).resolves.toEqual({ done: true, value: undefined });
		expect(removed).toBe(12);
	});
});

function newHub() {
	const { logger, lines } = recordingLogger();
	return { hub: new EventHub(logger satisfies Logger), lines };
}

function watchUnhandledRejections(): readonly unknown[] {
	const seen: unknown[] = [];
	const watch = (reason: unknown) => seen.push(reason);
	process.on("unhandledRejection", watch);
	onTestFinished(() => void process.off("unhandledRejection", watch));
	return seen;
}
