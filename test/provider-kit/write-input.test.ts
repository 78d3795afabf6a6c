import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/provider/index.ts";
import { given, inputWriter, takeInputNames, USUAL_NAMES, withOwnFields } from "../../src/provider-kit/index.ts";

const PATH = "providerOptions.studio";
const write = inputWriter(PATH, { names: USUAL_NAMES }, [[/^new\//, { names: { quality: "effort" } }]]);
const input = (providerOptions: JsonObject, model = "old/m") =>
	write({ task: "text-to-video", model, prompt: "Waves", seed: 0, quality: "low", providerOptions });

describe("the input of a model", () => {
	it("is the prompt, the options, and what the user sends beside them", () => {
		expect(input({ loop: false })).toEqual({
			input: { prompt: "Waves", seed: 0, loop: false },
			warnings: [expect.stringMatching(/^quality: not sent/)],
		});
	});

	it("is in the style of the model's family", () => {
		expect(input({}, "new/m")).toEqual({ input: { prompt: "Waves", seed: 0, effort: "low" }, warnings: [] });
	});

	it("has the names that the user gives, also for an option that had none", () => {
		expect(input({ inputNames: { seed: "noise", quality: "effort" } })).toEqual({
			input: { prompt: "Waves", noise: 0, effort: "low" },
			warnings: [],
		});
	});

	it.each([
		["prompt", "the prompt"],
		["effort", "quality"],
	])("has no option under the name %s, which %s has", (name) => {
		const named = () => input({ inputNames: { seed: name } }, "new/m");
		expect(named).toThrow(expect.objectContaining({ code: "invalid_input" }));
	});

	it.each(["prompt", "seed"])("is refused when the user says the %s again", (name) => {
		expect(() => input({ [name]: 1 })).toThrow(expect.objectContaining({ field: `${PATH}.${name}` }));
	});
});

describe("the user's own names", () => {
	it("are taken out of what else is sent", () => {
		expect(takeInputNames({ inputNames: { image: "first" }, loop: true }, USUAL_NAMES, PATH)).toEqual({
			inputNames: { image: "first" },
			own: { loop: true },
		});
		expect(takeInputNames({}, USUAL_NAMES, PATH)).toEqual({ inputNames: {}, own: {} });
	});

	it.each([[{ picture: "a" }], [{ image: "" }], [{ image: 0 }], [["image"]], ["image"], [null]])(
		"are refused when they are %j",
		(inputNames) => {
			const take = () => takeInputNames({ inputNames: inputNames as JsonObject }, USUAL_NAMES, PATH);
			expect(take).toThrow(expect.objectContaining({ field: `${PATH}.inputNames`, phase: "input" }));
			expect(take).toThrow(/options are image, .*seed/);
		},
	);
});

describe("fields with the user's own", () => {
	it("are joined name by name, also within objects", () => {
		const joined = withOwnFields({ a: 1, deep: { b: 2 } }, { c: null, deep: { d: false } }, PATH);
		expect(joined).toEqual({ a: 1, deep: { b: 2, d: false }, c: null });
		expect(Object.keys(withOwnFields({}, JSON.parse('{"__proto__":1}'), PATH))).toEqual(["__proto__"]);
	});

	it("say nothing twice", () => {
		const join = (own: JsonObject) => () => withOwnFields({ a: 0, deep: { b: 2 } }, own, PATH);
		expect(join({ a: 0 })).toThrow(expect.objectContaining({ field: `${PATH}.a` }));
		expect(join({ deep: { b: 3 } })).toThrow(expect.objectContaining({ field: `${PATH}.deep.b` }));
		expect(join({ deep: 1 })).toThrow(expect.objectContaining({ field: `${PATH}.deep` }));
	});

	it("leave out what is not given, and nothing else", () => {
		const fields = given({ a: 0, b: undefined, c: "", d: false, e: null });
		expect(Object.entries(fields)).toEqual([
			["a", 0],
			["c", ""],
			["d", false],
			["e", null],
		]);
	});
});
