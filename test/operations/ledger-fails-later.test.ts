import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { ConfigurationError, type JobRecord, type JobState, MemoryLedger } from "../../src/index.ts";
import { FakeProvider } from "../support/fake-provider.ts";
import { testService } from "../support/service.ts";

/** A ledger whose disk is full when a job comes to this state, until it is given room. */
class FillingLedger extends MemoryLedger {
	readonly #fullAt: JobState;
	isFull = true;

	constructor(fullAt: JobState) {
		super();
		this.#fullAt = fullAt;
	}

	override async replace(record: JobRecord, revision: number): Promise<boolean> {
		if (this.isFull && record.state === this.#fullAt)
			throw new ConfigurationError("ledger: the disk is full; free some space");
		return super.replace(record, revision);
	}

	override async close(): Promise<void> {}
}

async function generateInto(ledger: FillingLedger) {
	const provider = new FakeProvider();
	const { videos } = await testService({ providers: [provider], ledger });
	const generated = videos.textToVideo({ prompt: "a kite" }, { model: "fake:one" });
	return { provider, videos, generated };
}

describe("a ledger that fails when a service has the job", () => {
	it.each(["generated", "downloading"] as const)("ends the wait with the bill and the token: %s", async (state) => {
		const ledger = new FillingLedger(state);
		const { provider, videos, generated } = await generateInto(ledger);
		const error = await generated.catch((reason: unknown) => reason);
		expect(error).toMatchObject({
			code: "configuration",
			billed: "yes",
			token: expect.stringMatching(/^rl1\./),
			message: expect.stringMatching(/^ledger: the disk is full; .*has the job, and the token resumes it$/),
		});
		ledger.isFull = false;
		await (await videos.resume((error as ConfigurationError).token ?? "")).wait();
		expect(provider.posts).toBe(1);
	});

	it("does not take away a video that is here, and says what is not recorded", async () => {
		const { provider, generated } = await generateInto(new FillingLedger("succeeded"));
		const video = await generated;
		expect((await readFile(video.path)).byteLength).toBe(video.sizeBytes);
		expect(video.warnings).toContainEqual(
			expect.stringMatching(/^ledger: that the job is done could not be recorded: .*the disk is full/),
		);
		expect(provider.posts).toBe(1);
	});
});
