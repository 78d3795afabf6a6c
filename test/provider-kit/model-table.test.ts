import { describe, expect, it } from "vitest";
import { modelOf, modelTable, optionSupport } from "../../src/provider-kit/index.ts";

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
