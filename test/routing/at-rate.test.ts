import { describe, expect, it } from "vitest";
import type { ModelCapabilities } from "../../src/provider/index.ts";
import { atRate } from "../../src/routing/index.ts";
import { EVERYTHING } from "../support/fake-provider.ts";

/** 17 to 161 frames, at 16 a second unless told otherwise. */
const COUNTED: ModelCapabilities = {
	id: "m",
	tasks: ["text-to-video"],
	options: EVERYTHING,
	durationSeconds: { min: 1, max: 10 },
	defaultDurationSeconds: 5,
	priceUsdPerSecond: { "480p": 0.04, "720p": 0.08 },
	fps: { min: 4, max: 60, step: 1 },
	countedAtFps: 16,
};

describe("a model that counts frames", () => {
	it("makes shorter clips at a higher rate, whose seconds cost more", () => {
		expect(atRate(COUNTED, 32)).toEqual({
			...COUNTED,
			durationSeconds: { min: 0.5, max: 5 },
			defaultDurationSeconds: 2.5,
			priceUsdPerSecond: { "480p": 0.08, "720p": 0.16 },
		});
	});

	it("makes longer ones at a lower rate, whose seconds cost less", () => {
		const facts = { ...COUNTED, durationSeconds: { values: [5, 7.5] }, priceUsdPerSecond: 0.08 };
		expect(atRate(facts, 4)).toMatchObject({
			durationSeconds: { values: [20, 30] },
			defaultDurationSeconds: 20,
			priceUsdPerSecond: 0.02,
		});
	});

	it("is taken at the rate that it would get", () => {
		const facts = { ...COUNTED, fps: { min: 5, max: 20 } };
		expect(atRate(facts, 60)?.durationSeconds).toEqual({ min: 0.8, max: 8 });
	});

	it("stays as it is where no rate is asked for or taken", () => {
		expect(atRate(COUNTED, undefined)).toBe(COUNTED);
		const fixed = { ...COUNTED, options: { ...EVERYTHING, fps: false } };
		expect(atRate(fixed, 60)).toBe(fixed);
	});
});

it("a model that counts seconds is the same at any rate", () => {
	const { countedAtFps: _rate, ...facts } = COUNTED;
	expect(atRate(facts, 60)).toBe(facts);
});
