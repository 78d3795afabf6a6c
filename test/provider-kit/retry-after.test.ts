import { describe, expect, it } from "vitest";
import { retryAfterMs } from "../../src/errors/index.ts";

const NOW = Date.parse("Sat, 21 Nov 2026 10:00:00 GMT");
const DAY = 86_400_000;

describe("what a server asks us to wait", () => {
	it.each([
		["0", 0],
		["1", 1_000],
		["1.5", 1_500],
		[" 2 ", 2_000],
		["999999999", DAY],
		["9".repeat(400), DAY],
		["Sat, 21 Nov 2026 10:00:07 GMT", 7_000],
		["Wed, 21 Oct 2015 07:28:00 GMT", 0],
		["Fri, 31 Dec 9999 23:59:59 GMT", DAY],
		["5, 30", 30_000],
		["Sat, 21 Nov 2026 10:00:07 GMT, 30", 30_000],
		["Sat, 21 Nov 2026 10:00:07 GMT, Sat, 21 Nov 2026 10:01:00 GMT", 60_000],
		["abc, 3", 3_000],
	])("is in %j", (text, expected) => {
		expect(retryAfterMs((name) => (name === "retry-after" ? text : null), NOW)).toBe(expected);
	});

	it.each([
		null,
		undefined,
		"",
		"-1",
		"abc",
		"1e3",
		"0x10",
		"+5",
		"NaN",
		"Infinity",
		"Sat, 99 Nov 2026 10:00:07 GMT",
		"2026-11-21T10:00:07Z",
		"21 GMT",
	])("is not in %j", (text) => {
		expect(retryAfterMs((name) => (name === "retry-after" ? text : null), NOW)).toBeUndefined();
	});

	it("is the longer one when it is said in two ways", () => {
		const headers = new Headers({ "retry-after": "1", "retry-after-ms": "1500.2" });
		expect(retryAfterMs((name) => headers.get(name), NOW)).toBe(1_501);
	});
});
