import { describe, expect, it } from "vitest";
import { createSentLog } from "../../src/provider-kit/index.ts";

const INPUT = { prompt: "Waves", seed: 0 };
const LISTED = ["a", "b"].map((id) => ({ id, input: { seed: 0, prompt: "Waves" } }));
const INTENT = { jobId: "job_1", model: "studio/model", submittedAtMs: Date.UTC(2026, 10, 21, 10) };

/** A log with a submission of job_1 that was lost, and its mark. */
async function lostIn() {
	const log = createSentLog();
	const marks: string[] = [];
	const submit = (jobId: string) =>
		log.record({ jobId, recordMark: async (mark) => void marks.push(mark) }, "studio/model", INPUT);
	await submit("job_1");
	return { log, marks, submit, lost: log.find({ ...INTENT, model: "studio/other" }) };
}

describe("a lost submission", () => {
	it("is the one operation with its input, sent two minutes earlier at most, as clocks differ", async () => {
		const { lost } = await lostIn();
		expect([lost.model, new Date(lost.sinceMs).toISOString()]).toEqual(["studio/model", "2026-11-21T09:58:00.000Z"]);
		expect(lost.among(LISTED.slice(1))).toBe("b");
		expect(lost.among([{ id: "a", input: { ...INPUT, seed: 1 } }])).toBeUndefined();
	});

	it("is not found where two could be it, or the listing shows not all", async () => {
		const { lost } = await lostIn();
		expect([lost.among(LISTED), lost.among(undefined)]).toEqual([undefined, undefined]);
	});

	it("is never what another job was answered with, or may have been", async () => {
		const { lost, submit } = await lostIn();
		const twin = await submit("job_2");
		expect(lost.among(LISTED.slice(1))).toBeUndefined();
		twin.accepted("a");
		expect(lost.among(LISTED)).toBe("b");
	});

	it("of another process is told by its mark, and not found without one", async () => {
		const [mark = ""] = (await lostIn()).marks;
		const log = createSentLog();
		expect(log.find({ ...INTENT, mark }).among(LISTED.slice(1))).toBe("b");
		expect(log.find(INTENT).among(LISTED.slice(1))).toBeUndefined();
	});
});
