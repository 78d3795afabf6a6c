import { describe, expect, it } from "vitest";
import { DEFAULT_POLICIES, nextLookMs, RetryBudget, retrySubmission, systemClock } from "../../src/policies/index.ts";
import { retriesStarted, VirtualClock } from "./virtual-clock.ts";

const half = () => 0.5;

describe("the pace of looks", () => {
	it("begins a little before the model usually ends, then waits a tenth of what has passed, up to a ceiling", () => {
		const pace = (looks: number, elapsedMs: number, typicalMs?: number) =>
			nextLookMs({ looks, elapsedMs, typicalMs }, DEFAULT_POLICIES, half);
		expect(pace(0, 0, 40_000)).toBe(39_000);
		expect(pace(0, 30_000, 40_000)).toBe(9_750);
		expect(pace(0, 90_000, 40_000)).toBe(50);
		expect(pace(0, 0)).toBe(2_000);
		expect(pace(1, 2_000)).toBe(2_000);
		expect(pace(9, 60_000)).toBe(6_000);
		expect(pace(50, 900_000)).toBe(15_000);
	});

	it("begins with the quickest of the latest generations, where there are some, and takes steps of their spread", () => {
		const learned = { firstMs: 20_000, lastMs: 30_000, stepMs: 1_000 };
		const pace = (looks: number, elapsedMs: number) =>
			Math.round(nextLookMs({ looks, elapsedMs, typicalMs: 40_000, pace: learned }, DEFAULT_POLICIES, half));
		expect(pace(0, 0)).toBe(19_500);
		expect([1, 2, 3].map((looks) => pace(looks, 20_000))).toEqual([1_000, 1_150, 1_322]);
		expect(pace(50, 20_000)).toBe(15_000);
		const among = (inFlight: number) =>
			nextLookMs({ looks: 1, elapsedMs: 20_000, pace: learned, inFlight }, DEFAULT_POLICIES, half);
		expect([1, 20, 30, 1_000].map(among)).toEqual([1_000, 1_000, 1_500, 2_000]);
		// An operation that takes far longer than any of them is unlike them all.
		expect([pace(2, 45_000), pace(2, 45_001)]).toEqual([1_150, 4_500]);
	});

	it.each([999_999_999_000, Number.MAX_VALUE])("bounds a wish of %d ms", (askedMs) => {
		expect(nextLookMs({ looks: 3, elapsedMs: 0, askedMs }, DEFAULT_POLICIES, () => 0)).toBeGreaterThan(54_000);
		expect(nextLookMs({ looks: 3, elapsedMs: 0, askedMs }, DEFAULT_POLICIES, () => 0.999)).toBeLessThanOrEqual(60_000);
	});

	it("keeps to a wish, and up to a tenth longer, so that nobody comes back in step", () => {
		const waits = [0, 0.5, 0.999].map((share) =>
			nextLookMs({ looks: 3, elapsedMs: 0, askedMs: 5_000 }, DEFAULT_POLICIES, () => share),
		);
		expect(waits.map(Math.round)).toEqual([5_000, 5_250, 5_500]);
	});

	it.each([0, -1])("never hammers, whatever is asked: %d ms", (askedMs) => {
		expect(nextLookMs({ looks: 3, elapsedMs: 0, askedMs }, DEFAULT_POLICIES, half)).toBe(50);
	});

	it("ignores a wish that is no number", () => {
		expect(nextLookMs({ looks: 0, elapsedMs: 0, askedMs: Number.NaN }, DEFAULT_POLICIES, half)).toBe(2_000);
	});
});

describe("sleeping", () => {
	it("ends at once when it is aborted, with the reason", async () => {
		const controller = new AbortController();
		const sleeping = systemClock.sleep(60_000, controller.signal);
		controller.abort(new RangeError("enough"));
		await expect(sleeping).rejects.toThrow("enough");
	});

	it("does not fire at once for a time that overflows a timer", async () => {
		const controller = new AbortController();
		let ended = false;
		const sleeping = systemClock.sleep(999_999_999_000, controller.signal).finally(() => {
			ended = true;
		});
		await systemClock.sleep(20);
		expect(ended).toBe(false);
		controller.abort();
		await expect(sleeping).rejects.toThrow();
	});
});

describe("retrying a submission", () => {
	const settings = { ...DEFAULT_POLICIES, submitBackoffMs: 1, maxBackoffMs: 2 };
	const again = { again: true };

	it("stops after the number of retries that was set, zero included", async () => {
		for (const submitRetries of [0, 1, 3]) {
			let calls = 0;
			const submit = async () => {
				calls++;
				throw new RangeError("busy");
			};
			const signal = new AbortController().signal;
			await expect(
				retrySubmission(submit, () => again, { ...settings, submitRetries }, half, signal),
			).rejects.toThrow();
			expect(calls).toBe(submitRetries + 1);
		}
	});

	it("never repeats what may have been accepted", async () => {
		let calls = 0;
		const submit = async () => {
			calls++;
			throw new RangeError("lost");
		};
		const signal = new AbortController().signal;
		await expect(retrySubmission(submit, () => ({ again: false }), settings, half, signal)).rejects.toThrow("lost");
		expect(calls).toBe(1);
	});

	it("bounds what the service asks to wait", async () => {
		let calls = 0;
		const submit = async () => {
			if (++calls === 1) throw new RangeError("busy");
			return calls;
		};
		const advise = () => ({ again: true, afterMs: 999_999_999_000 });
		await expect(retrySubmission(submit, advise, settings, half, new AbortController().signal)).resolves.toBe(2);
	});

	// cockatiel alone waits the backoff out after an abort, and then calls once more.
	it("ends at once when it is aborted between two calls, without another call", async () => {
		const clock = new VirtualClock();
		const abort = new AbortController();
		let calls = 0;
		const submit = async () => {
			calls++;
			throw new RangeError("busy");
		};
		const retrying = retrySubmission(
			submit,
			() => again,
			DEFAULT_POLICIES,
			() => 1,
			abort.signal,
			{ clock },
		);
		retrying.catch(() => undefined);
		await retriesStarted();
		expect(clock.sleeping).toBe(1);
		abort.abort(new RangeError("enough"));
		await expect(retrying).rejects.toThrow("enough");
		expect(clock.sleeping).toBe(0);
		await clock.advance(10_000);
		expect(calls).toBe(1);
	});

	it("does not begin when it is aborted already", async () => {
		let calls = 0;
		const submit = async () => calls++;
		const aborted = AbortSignal.abort(new RangeError("enough"));
		await expect(retrySubmission(submit, () => again, settings, half, aborted)).rejects.toThrow("enough");
		expect(calls).toBe(0);
	});

	it("waits a random share of a time that doubles up to a bound, and what a service asks a little longer", async () => {
		const waits: number[] = [];
		const clock = new VirtualClock();
		clock.sleep = async (ms) => void waits.push(ms);
		let calls = 0;
		const submit = () => Promise.reject(new RangeError(`${++calls}`));
		const advise = () => (calls === 4 ? { again: true, afterMs: 7_000 } : again);
		const patient = { ...DEFAULT_POLICIES, submitRetries: 6, maxBackoffMs: 10_000 };
		await expect(
			retrySubmission(submit, advise, patient, half, new AbortController().signal, { clock }),
		).rejects.toThrow("7");
		expect(waits.map(Math.round)).toEqual([500, 1_000, 2_000, 7_350, 5_000, 5_000]);
	});

	it.each([Number.NaN, Number.POSITIVE_INFINITY])("waits as usual when a service asks for %d", async (afterMs) => {
		const waits: number[] = [];
		const clock = new VirtualClock();
		clock.sleep = async (ms) => void waits.push(ms);
		const submit = () => Promise.reject(new RangeError("busy"));
		const once = { ...DEFAULT_POLICIES, submitRetries: 1 };
		const advise = () => ({ again: true, afterMs });
		const retrying = retrySubmission(submit, advise, once, half, new AbortController().signal, { clock });
		await expect(retrying).rejects.toThrow("busy");
		expect(waits).toEqual([500]);
	});

	it("takes nothing from the budget for the first call, and stops with the error when it is spent", async () => {
		const budget = new RetryBudget({ tokens: 10, perSuccess: 0.1 });
		const submit = () => Promise.reject(new RangeError("busy"));
		const counted = async (submitRetries: number) => {
			let calls = 0;
			const call = () => {
				calls++;
				return submit();
			};
			const signal = new AbortController().signal;
			const retrying = retrySubmission(call, () => again, { ...settings, submitRetries }, half, signal, { budget });
			await expect(retrying).rejects.toThrow("busy");
			return calls;
		};
		expect([await counted(0), await counted(2), await counted(2), await counted(2), await counted(2)]).toEqual([
			1, 3, 3, 2, 1,
		]);
	});

	it("ends with what a submission in flight came to when it is aborted meanwhile, at no cost to the budget", async () => {
		const budget = new RetryBudget({ tokens: 1, perSuccess: 0 });
		const abort = new AbortController();
		const submit = async () => {
			abort.abort(new RangeError("enough"));
			throw new RangeError("busy");
		};
		const retrying = retrySubmission(submit, () => again, settings, half, abort.signal, { budget });
		await expect(retrying).rejects.toThrow("busy");
		expect(budget.tryTake()).toBe(true);
	});

	it("waits for a submission in flight when it is aborted: its outcome must be known", async () => {
		const controller = new AbortController();
		const submit = async () => {
			controller.abort();
			await systemClock.sleep(5);
			return "accepted";
		};
		await expect(retrySubmission(submit, () => again, settings, half, controller.signal)).resolves.toBe("accepted");
	});
});

describe("a retry budget", () => {
	it("stops at half, and comes back slowly", () => {
		const budget = new RetryBudget({ tokens: 10, perSuccess: 0.1 });
		const take = () => [1, 2, 3, 4, 5, 6, 7].filter(() => budget.tryTake()).length;
		expect([take(), take()]).toEqual([5, 0]);
		for (let success = 0; success < 20; success++) budget.succeed();
		expect(take()).toBe(2);
		for (let success = 0; success < 1_000; success++) budget.succeed();
		expect(take()).toBe(5);
	});

	it("of no tokens repeats nothing", () => {
		const budget = new RetryBudget({ tokens: 0, perSuccess: 0.1 });
		budget.succeed();
		expect(budget.tryTake()).toBe(false);
	});
});
