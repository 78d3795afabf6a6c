import { describe, expect, it } from "vitest";
import { DEFAULT_POLICIES, nextLookMs, retrySubmission, systemClock } from "../../src/policies/index.ts";

const half = () => 0.5;

describe("the pace of looks", () => {
	it("begins after what the model usually takes, then grows to a ceiling", () => {
		const pace = (looks: number, typicalMs?: number) => nextLookMs({ looks, typicalMs }, DEFAULT_POLICIES, half);
		expect(pace(0, 40_000)).toBe(40_000);
		expect(pace(0)).toBe(2_000);
		expect(pace(1)).toBe(3_000);
		expect(pace(50)).toBe(15_000);
	});

	it.each([999_999_999_000, Number.MAX_VALUE])("bounds a wish of %d ms", (askedMs) => {
		expect(nextLookMs({ looks: 3, askedMs }, DEFAULT_POLICIES, half)).toBe(60_000);
	});

	it.each([0, -1])("never hammers, whatever is asked: %d ms", (askedMs) => {
		expect(nextLookMs({ looks: 3, askedMs }, DEFAULT_POLICIES, half)).toBe(50);
	});

	it("ignores a wish that is no number", () => {
		expect(nextLookMs({ looks: 0, askedMs: Number.NaN }, DEFAULT_POLICIES, half)).toBe(2_000);
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
		const controller = new AbortController();
		let calls = 0;
		const submit = async () => {
			calls++;
			setImmediate(() => controller.abort(new RangeError("enough")));
			throw new RangeError("busy");
		};
		const slow = { ...settings, submitBackoffMs: 40, maxBackoffMs: 40 };
		const startedAt = performance.now();
		await expect(
			retrySubmission(
				submit,
				() => again,
				slow,
				() => 1,
				controller.signal,
			),
		).rejects.toThrow("enough");
		expect(performance.now() - startedAt).toBeLessThan(35);
		await systemClock.sleep(45);
		expect(calls).toBe(1);
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
