import { describe, expect, it } from "vitest";
import { RateLimitError } from "../../src/errors/index.ts";
import { NotAdmittedError } from "../../src/policies/index.ts";
import { down, FAL, never, resilienceOf, times } from "./calls.ts";
import { settled, VirtualClock } from "./virtual-clock.ts";

const HOUR_MS = 3_600_000;
/** Only the share of failures counts. */
const byRatio = (minimumCalls: number) => ({
	breaker: { consecutiveFailures: 0, minimumCalls, failureRatio: 0.5 },
});
/** Opens at the second failure in a row, for 30 seconds. */
const quick = { breaker: { consecutiveFailures: 2 } };

describe("a breaker opens", () => {
	it.each([
		[49, "closed"],
		[50, "open"],
		[51, "open"],
	])("by share: %d failures of 100 leave it %s", async (failures, expected) => {
		const { runAll, stateOf } = resilienceOf(byRatio(100));
		await runAll([...times(100 - failures, undefined), ...times(failures, down())]);
		expect(stateOf()).toBe(expected);
	});

	it.each([
		[9, "closed"],
		[10, "open"],
	])("only when there is enough to judge by: %d calls of at least 10 leave it %s", async (calls, expected) => {
		const { runAll, stateOf } = resilienceOf(byRatio(10));
		await runAll(times(calls, down()));
		expect(stateOf()).toBe(expected);
	});

	it("by what the window holds, not by what is long past", async () => {
		const { runAll, stateOf, clock } = resilienceOf(byRatio(10));
		await runAll(times(9, down()));
		await clock.advance(60_000);
		await runAll([down()]);
		expect(stateOf()).toBe("closed");
		await runAll(times(9, down()));
		expect(stateOf()).toBe("open");
	});

	it("as the window moves, step by step", async () => {
		const { runAll, stateOf, clock } = resilienceOf(byRatio(10));
		for (let step = 0; step < 10; step++) {
			await runAll([undefined]);
			await clock.advance(6_000);
		}
		// Ten successes, of which the first has just left the window.
		await runAll(times(8, down()));
		expect(stateOf()).toBe("closed");
		await runAll([down()]);
		expect(stateOf()).toBe("open");
	});

	it("after failures in a row, however far apart, and not when one call between them succeeds", async () => {
		const { runAll, stateOf, clock } = resilienceOf();
		await runAll([...times(4, down()), undefined, ...times(4, down())]);
		expect(stateOf()).toBe("closed");
		await clock.advance(HOUR_MS);
		await runAll([down()]);
		expect(stateOf()).toBe("open");
	});

	it("never when both rules are set to 0", async () => {
		const { runAll, stateOf } = resilienceOf({ breaker: { consecutiveFailures: 0, windowMs: 0, minimumCalls: 0 } });
		await runAll(times(500, down()));
		expect(stateOf()).toBe("closed");
	});

	it("for one stage and one model alone", async () => {
		const { resilience, run, runAll, stateOf } = resilienceOf(quick);
		await runAll(times(2, down()), "poll");
		expect([stateOf("poll"), stateOf("submit"), stateOf("download")]).toEqual(["open", "closed", "closed"]);
		expect(resilience.admit(FAL)).toEqual({ admitted: true });
		await expect(run(undefined, "poll", { provider: "fal", model: "y" })).resolves.toBe("done");
	});

	it("for one account alone", async () => {
		const { run } = resilienceOf(quick);
		const one = { ...FAL, account: "11111111" };
		for (const error of times(2, down())) await run(error, "submit", one).catch(() => undefined);
		await expect(run(undefined, "submit", one)).rejects.toThrow(NotAdmittedError);
		await expect(run(undefined, "submit", { ...FAL, account: "22222222" } as typeof FAL)).resolves.toBe("done");
	});
});

describe("an open breaker", () => {
	it("refuses calls without making them, and says what and until when", async () => {
		const { resilience, runAll, clock } = resilienceOf(quick);
		await runAll(times(2, down()));
		await clock.advance(12_500);
		let calls = 0;
		const refused = resilience.run("submit", FAL, async () => calls++, never);
		await expect(refused).rejects.toMatchObject({
			message: "fal:x is left alone for a while, as calls kept failing (provider_error); the next try is in 18 s",
			phase: "submit",
			billed: "no",
			retryable: false,
			retryAfterMs: 17_500,
			refusal: { reason: "breaker_open", retryAtMs: clock.now() + 17_500 },
		});
		expect(calls).toBe(0);
		expect(resilience.admit(FAL)).toMatchObject({ admitted: false, reason: "breaker_open", retryAfterMs: 17_500 });
	});

	it.each([
		["set forward by an hour", HOUR_MS],
		["set back by an hour", -HOUR_MS],
	])("waits as long as it should while the wall clock is %s", async (_what, byMs) => {
		const { run, runAll, clock } = resilienceOf(quick);
		await runAll(times(2, down()));
		clock.setWallClock(byMs);
		await clock.advance(29_999);
		await expect(run()).rejects.toThrow(NotAdmittedError);
		await clock.advance(1);
		await expect(run()).resolves.toBe("done");
	});

	it.each([
		["set forward by an hour", HOUR_MS],
		["set back by an hour", -HOUR_MS],
	])("counts the same while the wall clock is %s", async (_what, byMs) => {
		const { runAll, stateOf, clock } = resilienceOf(byRatio(10));
		await runAll(times(5, down()));
		clock.setWallClock(byMs);
		await runAll(times(4, down()));
		expect(stateOf()).toBe("closed");
		await runAll([down()]);
		expect(stateOf()).toBe("open");
	});

	it.each([
		["fail", down()],
		["succeed", undefined],
	])("drops the news of calls that began before it opened, and %s", async (_what, error) => {
		const { resilience, runAll, stateOf, clock } = resilienceOf(quick);
		const old = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
		const running = old.map(({ promise }) =>
			resilience.run("submit", FAL, () => promise, never).catch(() => undefined),
		);
		const end = ({ resolve, reject }: (typeof old)[number]) => (error === undefined ? resolve() : reject(error));
		await runAll(times(2, down()));
		await clock.advance(20_000);
		end(old[0]);
		await running[0];
		expect([stateOf(), resilience.pausedForMs(FAL, "submit")]).toEqual(["open", 10_000]);
		await clock.advance(10_000);
		void resilience.run("submit", FAL, () => new Promise(() => undefined), never);
		end(old[1]);
		await running[1];
		expect(stateOf()).toBe("half-open");
	});
});

describe("a half-open breaker", () => {
	async function halfOpen() {
		const made = resilienceOf(quick);
		await made.runAll(times(2, down()));
		await made.clock.advance(30_000);
		const probe = Promise.withResolvers<string>();
		const abort = new AbortController();
		const call = (signal: AbortSignal) => {
			signal.addEventListener("abort", () => probe.reject(signal.reason));
			return probe.promise;
		};
		return { ...made, probe, abort, start: () => made.resilience.run("submit", FAL, call, abort.signal) };
	}

	// cockatiel lets 99 of them wait for the probe: with an 800 ms probe, 801 ms each.
	it("lets one of 100 callers through and refuses 99 at once", async () => {
		const { resilience, probe, stateOf } = await halfOpen();
		let calls = 0;
		const callers = times(100, undefined).map(() =>
			resilience.run(
				"submit",
				FAL,
				() => {
					calls++;
					return probe.promise;
				},
				never,
			),
		);
		let refused = 0;
		for (const caller of callers) {
			caller.catch((error: unknown) => {
				if (error instanceof NotAdmittedError) refused++;
			});
		}
		await settled();
		expect([calls, refused, stateOf()]).toEqual([1, 99, "half-open"]);
		probe.resolve("alive");
		await settled();
		expect([calls, refused, stateOf()]).toEqual([1, 99, "closed"]);
	});

	it("opens again for the whole time when the probe fails", async () => {
		const { resilience, probe, start, stateOf } = await halfOpen();
		const running = start();
		probe.reject(down());
		await expect(running).rejects.toThrow("down");
		expect([stateOf(), resilience.pausedForMs(FAL, "submit")]).toEqual(["open", 30_000]);
	});

	it("forgets the failures before it when the probe succeeds", async () => {
		const { probe, start, runAll, stateOf } = await halfOpen();
		const running = start();
		probe.resolve("alive");
		await running;
		await runAll([down()]);
		expect(stateOf()).toBe("closed");
		await runAll([down()]);
		expect(stateOf()).toBe("open");
	});

	// cockatiel takes a probe that was cancelled for a success, and closes.
	it("lets the next caller probe when the probe is cancelled", async () => {
		const { abort, run, start, stateOf } = await halfOpen();
		const running = start();
		abort.abort(new RangeError("enough"));
		await expect(running).rejects.toThrow("enough");
		expect(stateOf()).toBe("open");
		await expect(run()).resolves.toBe("done");
		expect(stateOf()).toBe("closed");
	});

	it("lets the next caller probe when the probe fails with an error that says nothing", async () => {
		const { probe, run, start, stateOf } = await halfOpen();
		const running = start();
		probe.reject(new RateLimitError("slow down"));
		await expect(running).rejects.toThrow("slow down");
		expect(stateOf()).toBe("open");
		await expect(run(down())).rejects.toThrow("down");
		await expect(run()).rejects.toThrow(NotAdmittedError);
	});

	it("lets the next caller probe when the probe is late, after another pause", async () => {
		const { clock, run, start, stateOf } = await halfOpen();
		const running = start();
		running.catch(() => undefined);
		await clock.advance(300_000);
		await expect(running).rejects.toMatchObject({ message: "fal:x did not answer within 300 s", billed: "unknown" });
		expect(stateOf()).toBe("open");
		await clock.advance(30_000);
		await expect(run()).resolves.toBe("done");
	});
});

describe("the breakers' knowledge", () => {
	async function restarted(wallClockMs: number, errors: readonly unknown[], options = {}) {
		const before = resilienceOf(options);
		await before.runAll(errors);
		await before.clock.advance(10_000);
		const stored = JSON.parse(JSON.stringify(before.resilience.snapshot()));
		const clock = new VirtualClock();
		clock.setWallClock(10_000 + wallClockMs);
		const after = resilienceOf(options, clock);
		expect(after.resilience.restore(stored)).toBe(true);
		return after;
	}

	it("survives a restart: an open breaker stays open for the rest of its time", async () => {
		const { resilience, stateOf } = await restarted(5_000, times(2, down()), quick);
		expect([stateOf(), resilience.pausedForMs(FAL, "submit")]).toEqual(["open", 15_000]);
	});

	it("survives a restart: the calls in the window", async () => {
		const { runAll, stateOf } = await restarted(5_000, times(9, down()), byRatio(10));
		expect(stateOf()).toBe("closed");
		await runAll([down()]);
		expect(stateOf()).toBe("open");
	});

	it("survives a restart: the failures in a row", async () => {
		const { runAll, stateOf } = await restarted(5_000, times(4, down()));
		await runAll([down()]);
		expect(stateOf()).toBe("open");
	});

	it("fades while nothing runs", async () => {
		const { runAll, stateOf } = await restarted(60_000, times(9, down()), byRatio(10));
		await runAll([down()]);
		expect(stateOf()).toBe("closed");
	});

	it.each([
		["forward", HOUR_MS, 0],
		["back", -HOUR_MS, 20_000],
	])("is not harmed by a wall clock that was set %s meanwhile", async (_what, byMs, pausedMs) => {
		const { resilience } = await restarted(byMs, times(2, down()), quick);
		expect(resilience.pausedForMs(FAL, "submit")).toBe(pausedMs);
	});

	it("of a probe on its way lets another process probe at once", async () => {
		const { resilience, runAll, clock } = resilienceOf(quick);
		await runAll(times(2, down()));
		await clock.advance(30_000);
		void resilience.run("submit", FAL, () => new Promise(() => undefined), never);
		const after = resilienceOf(quick, new VirtualClock());
		after.resilience.restore(JSON.parse(JSON.stringify(resilience.snapshot())));
		expect([after.stateOf(), after.resilience.pausedForMs(FAL, "submit")]).toEqual(["open", 0]);
	});

	it.each([
		undefined,
		null,
		"",
		5,
		{},
		{ version: 2, savedAtMs: 0, models: [] },
		{ version: 1, savedAtMs: 0, models: [{}] },
	])("is left as it is when %j was stored", (stored) => {
		const { resilience } = resilienceOf();
		expect(resilience.restore(stored)).toBe(false);
		expect(resilience.health()).toEqual([]);
	});
});
