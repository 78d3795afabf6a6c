import { describe, expect, it } from "vitest";
import { numberAt, textAt } from "../../src/provider-kit/index.ts";

const job = { id: "job_1", progress: 0, error: { reason: "" }, outputs: [{ size: 7 }], url: null };

describe("textAt and numberAt", () => {
	it("read a field that has the type, whatever its value", () => {
		expect(textAt(job, "id")).toBe("job_1");
		expect(textAt(job, "error", "reason")).toBe("");
		expect(numberAt(job, "progress")).toBe(0);
		expect(numberAt(job, "outputs", 0, "size")).toBe(7);
	});

	it("give nothing for another type, and where there is no such field", () => {
		expect([textAt(job, "progress"), textAt(job, "url"), textAt(job, "outputs"), textAt(job, "x", "y")]).toEqual(
			Array(4).fill(undefined),
		);
		expect([numberAt(job, "id"), numberAt(job, "url"), numberAt(undefined, "progress")]).toEqual(
			Array(3).fill(undefined),
		);
	});

	it("read no name that every object has", () => {
		expect(numberAt({}, "constructor", "length")).toBeUndefined();
		expect(textAt({}, "constructor", "name")).toBeUndefined();
	});
});
