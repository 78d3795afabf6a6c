import { describe, expect, it } from "vitest";
import {
	type FailureKind,
	kindByWords,
	noVerdict,
	readable,
	reasonIn,
	running,
	urlsIn,
	videoAt,
} from "../../src/provider-kit/index.ts";

describe("the reason of a failure", () => {
	it.each<[unknown, string | undefined]>([
		["too long", "too long"],
		[{ error: { message: "too long" }, detail: "other" }, "too long"],
		[{ error: "too long" }, "too long"],
		[{ detail: [{ loc: ["body", "video", "seed"], msg: "too large" }, { msg: "no" }] }, "video.seed: too large; no"],
		[{ detail: [{ loc: ["body"], msg: "field required" }] }, "field required"],
		[{ detail: [{ code: 7 }, "plain"] }, '{"code":7}; plain'],
		[{ error: { message: "" }, detail: [], title: "Invalid" }, "Invalid"],
		[{ error: { code: 7 } }, undefined],
		[[{ error: "in a list" }], undefined],
		[null, undefined],
		[undefined, undefined],
	])("in %j is %j", (json, reason) => {
		expect(reasonIn(json)).toBe(reason);
	});

	it("is looked for in the places that a service has, and nowhere else", () => {
		const json = { message: "no route", invalid_fields: [{ field: "input.fps", description: "too high" }] };
		expect(reasonIn(json, [["detail"], ["invalid_fields"]])).toBe("input.fps: too high");
		expect(reasonIn(json, [["detail"]])).toBeUndefined();
	});

	it("is one line without secrets, and not too long", () => {
		expect(readable(" a\n\tb\u202e Bearer abcdef123456 ")).toBe("a b Bearer [secret]");
		expect(readable("x".repeat(5_000))).toHaveLength(1_000);
	});

	it("is read in bounded time", () => {
		const begun = performance.now();
		readable("a-".repeat(2_000_000));
		running("x-".repeat(2_000_000));
		expect(performance.now() - begun).toBeLessThan(1_000);
	});

	it("has the kind of the first row that knows one of its words", () => {
		const kinds: readonly (readonly [RegExp, FailureKind])[] = [
			[/policy/, "refused"],
			[/^5\d\d$/, "internal"],
		];
		expect(kindByWords(["500", "content_policy"], kinds)).toBe("refused");
		expect(kindByWords(["other", "503"], kinds)).toBe("internal");
		expect(kindByWords(["other"], kinds)).toBeUndefined();
	});
});

describe("an operation that runs", () => {
	it("has the last line of its log as its message", () => {
		expect(running("0 %\r\n 50 % \n\n")).toEqual({ state: "running", message: "50 %" });
		expect(running("see https://a.example/?token=abcdef")).toEqual({
			state: "running",
			message: "see https://a.example/?token=[secret]",
		});
		for (const nothing of [undefined, null, "", " \n "]) expect(running(nothing)).toEqual({ state: "running" });
	});

	it("is not ended by a look that gave no verdict", () => {
		const error = noVerdict("a gateway is in trouble", { status: 502 });
		expect(error).toMatchObject({ phase: "poll", billed: "unknown", retryable: true, status: 502 });
	});
});

describe("the video in an answer", () => {
	const places = [["video"], ["videos", 0], []];
	const url = "https://a.example/1.mp4";

	it.each([
		[{ video: { url, file_size: 9 }, videos: ["https://a.example/2.mp4"] }, { sizeBytes: 9 }],
		[{ video: null, videos: [url] }, {}],
		[{ video: { url: null }, videos: [{ url, file_size: 0 }] }, {}],
		[{ url, file_size: 1.5 }, {}],
		[url, {}],
	])("%j is at the first place that has one, with its size if it is one", (json, size) => {
		expect(videoAt(json, places)).toEqual({ kind: "url", url, ...size });
	});

	it("is not taken from elsewhere", () => {
		for (const json of [{ image: { url } }, { video: "a.mp4" }, { videos: [] }, null, undefined]) {
			expect(videoAt(json, places)).toBeUndefined();
		}
	});
});

describe("the URLs in an output", () => {
	it("are found in every shape, in order", () => {
		const output = {
			b: "https://a.example/1.mp4",
			list: [{ url: "http://a.example/2" }, "ftp://a.example/3", 4, null],
		};
		expect(urlsIn(output)).toEqual(["https://a.example/1.mp4", "http://a.example/2"]);
		for (const nothing of ["", "/a.mp4", "https://", 7, null, undefined, {}]) expect(urlsIn(nothing)).toEqual([]);
	});
});
