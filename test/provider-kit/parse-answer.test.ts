import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
	accountFingerprint,
	type HttpAnswer,
	handleId,
	jsonAt,
	parseHandle,
	parseLook,
	parseSubmitted,
	Secret,
	submittedId,
} from "../../src/provider-kit/index.ts";
import { hasDuplicateName } from "../../src/provider-kit/parse-json.ts";

const answer = (json: HttpAnswer["json"]): HttpAnswer => ({ status: 200, headers: new Headers(), json });
const schema = z.looseObject({ id: z.string() });

describe("an answer that has not what was expected", () => {
	it("to a submission leaves its outcome unknown", () => {
		expect(parseSubmitted(schema, answer({ id: "a", more: 1 }))).toEqual({ id: "a", more: 1 });
		const wrong = () => parseSubmitted(schema, answer({ id: 7 }));
		expect(wrong).toThrow(expect.objectContaining({ billed: "unknown", phase: "submit", body: '{"id":7}' }));
	});

	it("to a look is asked for again", () => {
		expect(parseLook(schema, answer({ id: "a" }))).toEqual({ id: "a" });
		const wrong = () => parseLook(schema, answer(undefined));
		expect(wrong).toThrow(expect.objectContaining({ billed: "unknown", phase: "poll", retryable: true }));
	});
});

describe("a handle", () => {
	it("that is not the adapter's is no operation", () => {
		expect(parseHandle(schema, { id: "a" })).toEqual({ id: "a" });
		expect(() => parseHandle(schema, ["a"])).toThrow(expect.objectContaining({ code: "operation_not_found" }));
	});

	it.each([/^job_\d+$/, /job_\d+/, /job_\d+/g])("must match all of %s", (pattern) => {
		for (const _again of [1, 2]) expect(handleId("job_1", pattern)).toBe("job_1");
		for (const wrong of ["job_1/..", "x job_1", "job_1\n", "", "job_", 1, null, { id: "job_1" }]) {
			expect(() => handleId(wrong, pattern)).toThrow(expect.objectContaining({ code: "operation_not_found" }));
		}
	});
});

describe("the id in an answer", () => {
	it("must match all of its pattern, or the outcome is unknown", () => {
		expect(submittedId(answer({}), "job_1", /job_\d+/)).toBe("job_1");
		for (const wrong of ["../../admin", "https://a.example/job_1", undefined, 42]) {
			expect(() => submittedId(answer({}), wrong, /job_\d+/)).toThrow(expect.objectContaining({ billed: "unknown" }));
		}
	});
});

describe("a path into JSON", () => {
	it("leads to the value, and to nothing that the JSON does not have", () => {
		const json = { data: [{ url: "u", count: 0, none: null }] };
		expect(jsonAt(json, "data", 0, "url")).toBe("u");
		expect(jsonAt(json, "data", 0, "count")).toBe(0);
		expect(jsonAt(json, "data", 0, "none")).toBeNull();
		for (const path of [["data", 1], ["data", 0, "url", "length"], ["toString"], ["__proto__"], ["data", "map"]]) {
			expect(jsonAt(json, ...path)).toBeUndefined();
		}
		expect(jsonAt(undefined, "a")).toBeUndefined();
		expect(jsonAt("text", "length")).toBeUndefined();
	});
});

describe("a name that is there twice", () => {
	it.each([
		'{"id":1,"id":2}',
		'{ "id" : 1, "other": {}, "\\u0069d" :2}',
		'{"a":[{"b":1},{"b":1,"c":{"d":1,"d":1}}]}',
		'{"a\\"":1,"a\\"":2}',
		'{"":1,"":2}',
	])("is noticed in %s", (text) => {
		expect(hasDuplicateName(text)).toBe(true);
	});

	it.each([
		'{"a":"a","b":["a","a"],"c":{"a":"b"},"d":{"a":1}}',
		'{"a":"\\"b\\":","b":"\\\\","c":"b"}',
		'["a","a"]',
		'"a"',
		"1",
		'{"a":"{\\"x\\":1,\\"x\\":2}"}',
	])("is not seen in %s", (text) => {
		expect(JSON.parse(text)).toBeDefined();
		expect(hasDuplicateName(text)).toBe(false);
	});

	it("is looked for in megabytes without delay", () => {
		const text = JSON.stringify({
			data: "x".repeat(8_000_000),
			list: Array.from({ length: 50_000 }, () => ({ a: 1 })),
		});
		expect(hasDuplicateName(text)).toBe(false);
	});
});

describe("an account's fingerprint", () => {
	it("is the first 8 digits of the key's SHA-256", () => {
		expect(accountFingerprint(new Secret("abc"))).toBe("ba7816bf");
	});
});
