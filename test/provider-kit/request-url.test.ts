import { describe, expect, it } from "vitest";
import { joinUrl, sameOriginUrl } from "../../src/provider-kit/index.ts";

describe("a URL below a base", () => {
	it.each([
		["https://a.example", ["jobs"], "https://a.example/jobs"],
		["https://a.example/", ["jobs", "x"], "https://a.example/jobs/x"],
		["https://a.example/api/v1/", ["jobs"], "https://a.example/api/v1/jobs"],
		["https://a.example/api?version=2#top", ["jobs"], "https://a.example/api/jobs?version=2"],
		["http://127.0.0.1:8000/api", [], "http://127.0.0.1:8000/api"],
		["https://a.example", ["models", "veo:predict", "a@b"], "https://a.example/models/veo:predict/a@b"],
	])("keeps the path and the query of %j", (base, segments, expected) => {
		expect(joinUrl(base, ...segments).href).toBe(expected);
	});

	it.each([
		["../../admin", "..%2F..%2Fadmin"],
		["%2e%2e", "%252e%252e"],
		["a/b", "a%2Fb"],
		["a?b=c", "a%3Fb%3Dc"],
		["a#b", "a%23b"],
		["\\..\\", "%5C..%5C"],
		["é", "%C3%A9"],
	])("holds %j as one segment", (segment, encoded) => {
		expect(joinUrl("https://a.example/v1", "jobs", segment).href).toBe(`https://a.example/v1/jobs/${encoded}`);
	});

	it.each(["", ".", "..", "\ud800"])("is refused with the segment %j", (segment) => {
		expect(() => joinUrl("https://a.example", segment)).toThrow(
			expect.objectContaining({ code: "invalid_input", billed: "no" }),
		);
	});

	it.each(["", "a.example", "/v1", "ftp://a.example", "file:///etc", "data:,x"])("is refused below %j", (base) => {
		expect(() => joinUrl(base, "jobs")).toThrow(expect.objectContaining({ code: "configuration", billed: "no" }));
	});

	it("is refused below a base with a password, which it does not show", () => {
		const problem = () => joinUrl("https://user:hunter22@a.example", "jobs");
		expect(problem).toThrow(expect.objectContaining({ code: "configuration" }));
		expect(problem).not.toThrow(/hunter22/);
	});
});

describe("a URL that the service gave", () => {
	it.each([
		["https://a.example/v1/jobs/1?x=y", true],
		["https://a.example:443/v1", true],
		["http://a.example/v1", false],
		["https://a.example:8443/v1", false],
		["https://b.example/v1", false],
		["https://a.example.evil.example/", false],
		["https://user@a.example/", false],
		["//b.example/", false],
		["/v1/jobs", false],
		["javascript:alert(1)", false],
		["", false],
	])("%j may be called with the key: %s", (url, expected) => {
		expect(sameOriginUrl(url, "https://a.example/v1") !== undefined).toBe(expected);
	});
});
