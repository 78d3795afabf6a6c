import { describe, expect, it } from "vitest";
import {
	AuthenticationError,
	CancelledError,
	ContentRefusedError,
	InputError,
	OperationNotFoundError,
	ProviderError,
	QuotaError,
	RateLimitError,
} from "../../src/errors/index.ts";
import { type HealthChange, NotAdmittedError, Resilience, resolvePolicies } from "../../src/policies/index.ts";
import { down, FAL, never, resilienceOf, times } from "./calls.ts";
import { settled, VirtualClock } from "./virtual-clock.ts";

const quick = { breaker: { consecutiveFailures: 2 } };

describe("a call", () => {
	it("is not made when nobody wants it any more", async () => {
		const { resilience } = resilienceOf();
		let calls = 0;
		const call = async () => calls++;
		await expect(resilience.run("poll", FAL, call, AbortSignal.abort(new RangeError("enough")))).rejects.toThrow(
			"enough",
		);
		expect(calls).toBe(0);
	});

	it.each([
		["a service that is down", down(), "open"],
		["a connection that fails", new TypeError("fetch failed"), "open"],
		["429", new RateLimitError("slow down"), "closed"],
		["a refused key", new AuthenticationError("no"), "closed"],
		["bad input", new InputError("seed", "no"), "closed"],
		["a content refusal", new ContentRefusedError("no"), "closed"],
		["an unknown operation", new OperationNotFoundError("no"), "closed"],
	])("that fails with %s leaves the breaker as it should", async (_what, error, expected) => {
		const { runAll, stateOf } = resilienceOf(quick);
		await runAll(times(20, error), "poll");
		expect(stateOf("poll")).toBe(expected);
	});

	it("that returns a failed operation is a success: the service works", async () => {
		const { resilience, stateOf } = resilienceOf(quick);
		const failed = { state: "failed", kind: "internal", reason: "out of memory", billed: "no" };
		for (let call = 0; call < 20; call++) await resilience.run("poll", FAL, async () => failed, never);
		expect(stateOf("poll")).toBe("closed");
	});

	it("that the user aborts says nothing about the service, whatever it throws", async () => {
		const { resilience, stateOf } = resilienceOf(quick);
		for (let call = 0; call < 5; call++) {
			const abort = new AbortController();
			const cut = async () => {
				abort.abort();
				throw new TypeError("terminated");
			};
			await expect(resilience.run("poll", FAL, cut, abort.signal)).rejects.toThrow("terminated");
		}
		expect(stateOf("poll")).toBe("closed");
	});

	it("hands the user's abort on", async () => {
		const { resilience, clock } = resilienceOf();
		const abort = new AbortController();
		const hung = (signal: AbortSignal) =>
			new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
		const running = resilience.run("poll", FAL, hung, abort.signal);
		abort.abort(new RangeError("enough"));
		await expect(running).rejects.toThrow("enough");
		expect(clock.sleeping).toBe(0);
	});

	it.each([
		["submit", 300_000, false],
		["poll", 60_000, true],
	] as const)("to %s that never answers ends after %d ms, and is told so", async (stage, timeoutMs, retryable) => {
		const { resilience, clock } = resilienceOf();
		let reason: unknown;
		const deaf = (signal: AbortSignal) => {
			signal.addEventListener("abort", () => {
				reason = signal.reason;
			});
			return new Promise(() => undefined);
		};
		const running = resilience.run(stage, FAL, deaf, never);
		running.catch(() => undefined);
		await clock.advance(timeoutMs - 1);
		expect(reason).toBeUndefined();
		await clock.advance(1);
		await expect(running).rejects.toBe(reason);
		expect(reason).toMatchObject({ code: "provider_error", phase: stage, billed: "unknown", retryable });
	});

	it("that is cut by its deadline says so, whatever the call makes of it", async () => {
		const { resilience, clock } = resilienceOf({ lookTimeoutMs: 5 });
		const cut = (signal: AbortSignal) =>
			new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new TypeError("terminated"))));
		const running = resilience.run("poll", FAL, cut, never);
		running.catch(() => undefined);
		await clock.advance(5);
		await expect(running).rejects.toThrow("did not answer within 0.005 s");
	});

	it("leaves no timer behind, and has none where the limit is 0", async () => {
		const { run, clock } = resilienceOf();
		await run();
		await run(down(), "poll").catch(() => undefined);
		await settled();
		expect(clock.sleeping).toBe(0);
		const unlimited = resilienceOf({ submitTimeoutMs: 0 });
		const running = unlimited.resilience.run("submit", FAL, () => settled(), never);
		expect(unlimited.clock.sleeping).toBe(0);
		await running;
	});
});

describe("a provider in quarantine", () => {
	it.each([
		["a refused key", new AuthenticationError("no"), "authentication", "fal is left alone: it refused the key; "],
		["an empty account", new QuotaError("no"), "payment", "fal is left alone: its account is out of credit; "],
	])("after %s gets no submission for any model, and says why", async (_what, error, reason, why) => {
		const { resilience, run, clock } = resilienceOf();
		await run(error).catch(() => undefined);
		await clock.advance(24 * 3_600_000);
		const other = { provider: "fal", model: "y" };
		expect(resilience.admit(other)).toMatchObject({ admitted: false, reason: "quarantined" });
		await expect(run(undefined, "submit", other)).rejects.toThrow(why);
		expect(resilience.health()[0]?.quarantine).toMatchObject({ reason });
		expect(resilience.admit({ provider: "google", model: "veo" })).toEqual({ admitted: true });
	});

	it("is still asked about the jobs that it has", async () => {
		const { run } = resilienceOf();
		await run(new AuthenticationError("no")).catch(() => undefined);
		await expect(run(undefined, "poll")).resolves.toBe("done");
		await expect(run(undefined, "download")).resolves.toBe("done");
	});

	it("is not put there by a look: a service may hide a job from its owner for a moment", async () => {
		const { resilience, runAll } = resilienceOf();
		await runAll(times(5, new ProviderError("not yet", { status: 403 })), "poll");
		expect(resilience.admit(FAL)).toEqual({ admitted: true });
	});

	it("stays there for as long as it is set, whatever the wall clock says", async () => {
		const { resilience, run, clock } = resilienceOf({ providers: { fal: { quarantineMs: 5_000 } } });
		await run(new AuthenticationError("no")).catch(() => undefined);
		clock.setWallClock(3_600_000);
		await clock.advance(4_999);
		expect(resilience.admit(FAL)).toMatchObject({ reason: "quarantined", retryAfterMs: 1 });
		await clock.advance(1);
		expect(resilience.admit(FAL)).toEqual({ admitted: true });
	});

	it("is never put there when the time is 0, and comes out when it is reset", async () => {
		const tolerant = resilienceOf({ quarantineMs: 0 });
		await tolerant.run(new AuthenticationError("no")).catch(() => undefined);
		expect(tolerant.resilience.admit(FAL)).toEqual({ admitted: true });
		const { resilience } = resilienceOf();
		resilience.quarantine({ provider: "fal" }, "manual");
		resilience.reset("google");
		expect(resilience.admit(FAL)).toMatchObject({ admitted: false });
		resilience.reset("fal");
		expect(resilience.admit(FAL)).toEqual({ admitted: true });
	});

	it("is another one with another key", async () => {
		const { resilience, run } = resilienceOf();
		await run(new AuthenticationError("no"), "submit", { ...FAL, account: "1" } as typeof FAL).catch(() => undefined);
		expect(resilience.admit({ ...FAL, account: "1" })).toMatchObject({ admitted: false });
		expect(resilience.admit({ ...FAL, account: "2" })).toEqual({ admitted: true });
	});
});

describe("what is announced", () => {
	it("is every change, with the model, the stage and the reason", async () => {
		const clock = new VirtualClock();
		const changes: HealthChange[] = [];
		const onChange = (change: HealthChange) => changes.push(change);
		const resilience = new Resilience({ policies: resolvePolicies(quick), clock, onChange });
		const fail = () => resilience.run("poll", FAL, () => Promise.reject(down()), never).catch(() => undefined);
		await fail();
		await fail();
		await clock.advance(30_000);
		await resilience.run("poll", FAL, async () => "alive", never);
		resilience.quarantine({ provider: "fal" }, "payment");
		const ofModel = { provider: "fal", model: "fal:x", stage: "poll", reason: "provider_error" };
		expect(changes).toEqual([
			{ ...ofModel, state: "open" },
			{ ...ofModel, state: "half-open" },
			{ ...ofModel, state: "closed" },
			{ provider: "fal", state: "quarantined", reason: "payment" },
		]);
	});

	it("is no quarantine that does not happen", () => {
		const changes: HealthChange[] = [];
		const policies = resolvePolicies({ quarantineMs: 0 });
		const onChange = (change: HealthChange) => changes.push(change);
		new Resilience({ policies, clock: new VirtualClock(), onChange }).quarantine({ provider: "fal" }, "payment");
		expect(changes).toEqual([]);
	});

	// A listener of cockatiel that throws replaces the result of the call.
	it("harms no call and no breaker when the listener throws", async () => {
		const clock = new VirtualClock();
		const onChange = () => {
			throw new RangeError("a listener's own trouble");
		};
		const resilience = new Resilience({ policies: resolvePolicies(quick), clock, onChange });
		const fail = () => resilience.run("submit", FAL, () => Promise.reject(down()), never);
		await expect(fail()).rejects.toThrow("down");
		await expect(fail()).rejects.toThrow("down");
		await expect(fail()).rejects.toThrow(NotAdmittedError);
		await clock.advance(30_000);
		await expect(resilience.run("submit", FAL, async () => "alive", never)).resolves.toBe("alive");
		expect(resilience.admit(FAL)).toEqual({ admitted: true });
	});

	it("is in the health of each model, too", async () => {
		const { resilience, runAll, clock } = resilienceOf(quick);
		await runAll([new TypeError("fetch failed")], "download");
		await clock.advance(1_000);
		await runAll(times(2, down()));
		const release = await resilience.limiter.acquire(FAL, never);
		const nowMs = clock.now();
		expect(resilience.health()).toEqual([
			{
				provider: "fal",
				model: "fal:x",
				stages: {
					submit: { state: "open", lastError: { code: "provider_error", atMs: nowMs }, nextProbeAtMs: nowMs + 30_000 },
					poll: { state: "closed" },
					download: { state: "closed", lastError: { code: "TypeError", atMs: nowMs - 1_000 } },
				},
				inFlight: 1,
				waiting: 0,
			},
		]);
		release();
	});
});

describe("advice", () => {
	it("to submit again holds while the breaker is closed, and no longer", async () => {
		const { resilience, run } = resilienceOf(quick);
		await run(down()).catch(() => undefined);
		expect(resilience.adviseSubmission(FAL, down()).again).toBe(true);
		await run(down()).catch(() => undefined);
		expect(resilience.adviseSubmission(FAL, down()).again).toBe(false);
	});

	it("to look again never ends a job for a transport error, and pauses it while the breaker is open", async () => {
		const { resilience, run, runAll } = resilienceOf(quick);
		expect(resilience.adviseLook(FAL, down())).toEqual({ again: true });
		await runAll(times(2, down()), "poll");
		expect(resilience.adviseLook(FAL, down())).toEqual({ again: true, afterMs: 30_000 });
		const refused = await run(undefined, "poll").catch((error: unknown) => error);
		expect(resilience.adviseLook(FAL, refused)).toEqual({ again: true, afterMs: 30_000 });
	});

	it("to look again passes the service's wish on", () => {
		const { resilience } = resilienceOf();
		expect(resilience.adviseLook(FAL, new RateLimitError("no", { retryAfterMs: 7_000 }))).toEqual({
			again: true,
			afterMs: 7_000,
		});
	});

	it("to look again turns slow when the provider's budget is spent, and quick when calls succeed again", async () => {
		const { resilience, run } = resilienceOf();
		const waits = times(7, undefined).map(() => resilience.adviseLook(FAL, down()).afterMs);
		expect(waits).toEqual([undefined, undefined, undefined, undefined, undefined, 15_000, 15_000]);
		for (let call = 0; call < 2; call++) await run(undefined, "poll");
		expect(resilience.adviseLook(FAL, down()).afterMs).toBeUndefined();
		expect(resilience.adviseLook(FAL, down()).afterMs).toBe(15_000);
	});

	it("ends the watch when no later look can help", () => {
		const { resilience } = resilienceOf();
		for (const error of [new AuthenticationError("no"), new OperationNotFoundError("no"), new CancelledError("no")]) {
			expect(resilience.adviseLook(FAL, error).again).toBe(false);
		}
	});
});
