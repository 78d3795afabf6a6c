import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { estimateProgress } from "../../src/telemetry/index.ts";

describe("an estimate", () => {
	it("follows the model's usual time, and slows down beyond it", () => {
		const at = (elapsedMs: number) => estimateProgress({ elapsedMs, typicalMs: 60_000 });
		expect(at(0)).toEqual({ progress: 0, remainingMs: 60_000 });
		expect(at(30_000)).toEqual({ progress: 0.45, remainingMs: 30_000 });
		expect(at(60_000)).toEqual({ progress: 0.9 });
		expect(at(120_000)).toEqual({ progress: 0.95 });
	});

	it("leaves the share to the service that measures it, and tells only what remains", () => {
		expect(estimateProgress({ progress: 0.25, elapsedMs: 10_000, typicalMs: 1_000 })).toEqual({ remainingMs: 30_000 });
		expect(estimateProgress({ progress: 0.01, elapsedMs: 100, typicalMs: 1_000 })).toEqual({ remainingMs: 900 });
		expect(estimateProgress({ progress: 1, elapsedMs: 100 })).toEqual({ remainingMs: 0 });
	});

	it("is absent when there is nothing to go by", () => {
		expect(estimateProgress({ elapsedMs: 5_000 })).toBeUndefined();
		expect(estimateProgress({ progress: 0, elapsedMs: 5_000 })).toBeUndefined();
		expect(estimateProgress({ elapsedMs: 5_000, typicalMs: 0 })).toBeUndefined();
	});

	it("never says done, never goes back, and is never negative", () => {
		const time = fc.integer({ min: 0, max: 10_000_000 });
		fc.assert(
			fc.property(time, time, fc.integer({ min: 1, max: 1_000_000 }), (one, other, typicalMs) => {
				const [earlier, later] = [Math.min(one, other), Math.max(one, other)].map(
					(elapsedMs) => estimateProgress({ elapsedMs, typicalMs }) ?? {},
				);
				const [first = -1, second = -1] = [earlier?.progress, later?.progress];
				expect(first).toBeGreaterThanOrEqual(0);
				expect(second).toBeGreaterThanOrEqual(first);
				expect(second).toBeLessThan(1);
				expect(later?.remainingMs ?? 0).toBeGreaterThanOrEqual(0);
			}),
		);
	});
});
