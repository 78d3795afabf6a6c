import { describe, expect, it } from "vitest";
import {
	modelOf,
	modelTable,
	oneOfSeconds,
	optionSupport,
	pricedBySize,
	wholeSeconds,
} from "../../src/provider-kit/index.ts";

describe("what a model takes", () => {
	it("is answered for every option", () => {
		const support = optionSupport(null, { seed: true, quality: false });
		const { seed, quality, ...others } = support;
		expect([seed, quality, new Set(Object.values(others)), Object.keys(support).length]).toEqual([
			true,
			false,
			new Set([null]),
			12,
		]);
	});

	it("is told by its limits, unless it is said", () => {
		const facts = { durationSeconds: { values: [5] }, resolutions: ["720p"], audio: "always" } as const;
		expect(modelOf("m", ["text-to-video"], facts, { seed: null, resolution: null })).toEqual({
			...facts,
			id: "m",
			tasks: ["text-to-video"],
			options: optionSupport(false, { durationSeconds: true, generateAudio: true, seed: null, resolution: null }),
		});
	});

	it.each([
		["none", false],
		["optional", true],
		[undefined, null],
	] as const)("has sound as it is known: %s", (audio, expected) => {
		const { options } = modelOf("m", ["text-to-video"], audio === undefined ? {} : { audio });
		expect(options.generateAudio).toBe(expected);
	});
});

describe("the facts of a model", () => {
	it("are the lengths of its clips, and the usual one if it is known", () => {
		const durationSeconds = { min: 3, max: 15, step: 1 };
		expect(wholeSeconds(3, 15, 5)).toEqual({ durationSeconds, defaultDurationSeconds: 5 });
		expect(Object.entries(wholeSeconds(3, 15))).toEqual([["durationSeconds", durationSeconds]]);
		expect(oneOfSeconds([4, 8], 8)).toEqual({ durationSeconds: { values: [4, 8] }, defaultDurationSeconds: 8 });
	});

	it("are its resolutions as the service spells them, with their prices by class", () => {
		expect(pricedBySize({ "768P": 0.06, "4k": 0.3 })).toEqual({
			resolutions: ["768P", "4k"],
			priceUsdPerSecond: { "768p": 0.06, "4k": 0.3 },
		});
	});
});

describe("a table of models", () => {
	const known = modelOf("owner/name", ["text-to-video"], { description: "fast" });
	const { model, models } = modelTable([known]);

	it("knows a model by its id, and a version of it", () => {
		expect(model("owner/name")).toEqual(known);
		expect(model("owner/name:0123")).toEqual({ ...known, id: "owner/name:0123" });
		expect(models()).toEqual([known]);
	});

	it("says nothing of another", () => {
		for (const id of ["owner", "owner/name2", "", ":owner/name"]) expect(model(id)).toBeUndefined();
	});
});
