import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { type JobRecord, MemoryLedger, ProviderError, SqliteLedger, type VideoError } from "../../src/index.ts";
import type { StartResult } from "../../src/provider/index.ts";
import { endProcessOf } from "../support/dead-process.ts";
import { FakeProvider, type FakeScript, fail } from "../support/fake-provider.ts";
import { temporaryFolder, testService } from "../support/service.ts";

const prompt = "a kite";

/** A ledger that cannot record an acceptance while `isFull`. */
class FullLedger extends MemoryLedger {
	isFull = true;

	override async replace(record: JobRecord, revision: number): Promise<boolean> {
		if (this.isFull && record.state === "accepted") throw new ProviderError("the disk is full");
		return super.replace(record, revision);
	}

	override async close(): Promise<void> {}
}

/** What a call throws. */
function failureOf(call: Promise<unknown>): Promise<VideoError> {
	return call.then(
		() => expect.fail("it did not fail"),
		(reason: unknown) => reason as VideoError,
	);
}

/** A job that the service has, and of which the ledger knows only that it was sent. */
async function unrecorded(script: FakeScript = {}, options: { readonly allowSecondSubmission?: boolean } = {}) {
	const ledger = new FullLedger();
	const provider = new FakeProvider(script);
	const other = new FakeProvider({ id: "other" });
	const service = await testService({ providers: [provider, other], ledger });
	const error = await failureOf(
		service.videos.textToVideo({ prompt }, { model: "fake:one", fallbacks: ["other:one"], ...options }),
	);
	const { jobId = "", token = "" } = error;
	return { ...service, ledger, provider, other, error, jobId, token };
}

describe("an acceptance that the ledger could not record", () => {
	it("is no end of the job: its token resumes it, in another process that has the same ledger", async () => {
		const { ledger, videos, provider, jobId, token } = await unrecorded();
		expect(await ledger.find(jobId)).toMatchObject({ state: "submitting", attempts: [{ outcome: "unknown" }] });
		await videos.close();
		ledger.isFull = false;
		const second = await testService({ providers: [provider], ledger });
		const job = await second.videos.resume(token);
		expect(await ledger.find(jobId)).toMatchObject({
			state: "accepted",
			attempts: [{ outcome: "accepted", billed: "yes", handle: { operation: 1 } }],
		});
		await expect(job.wait()).resolves.toMatchObject({ id: jobId });
		expect(provider.posts).toBe(1);
	});

	it("is gone on with in the same process, by its id too", async () => {
		const { ledger, videos, provider, jobId } = await unrecorded();
		ledger.isFull = false;
		await expect((await videos.resume(jobId)).wait()).resolves.toMatchObject({ id: jobId });
		expect(provider.posts).toBe(1);
	});

	it("stays where it is while the ledger is full, and the error keeps the token", async () => {
		const { ledger, videos, provider, jobId, token } = await unrecorded();
		await expect((await videos.resume(jobId)).wait()).rejects.toMatchObject({ billed: "yes", token });
		ledger.isFull = false;
		await expect((await videos.resume(token)).wait()).resolves.toMatchObject({ id: jobId });
		expect(provider.posts).toBe(1);
	});

	it("is recorded from the token after the job was taken for lost, or given up", async () => {
		for (const giveUp of [false, true]) {
			const { ledger, videos, provider, jobId, token } = await unrecorded();
			await videos.close();
			ledger.isFull = false;
			const second = await testService({ providers: [provider], ledger });
			await expect((await second.videos.resume(jobId)).wait()).rejects.toMatchObject({ code: "submit_unknown" });
			if (giveUp) await second.videos.resolve(jobId, { abandon: true });
			expect((await ledger.find(jobId))?.state).toBe(giveUp ? "failed" : "submit_unknown");
			await expect((await second.videos.resume(token)).wait()).resolves.toMatchObject({ id: jobId });
			expect(provider.posts).toBe(1);
		}
	});

	it("is not followed by another model, although the user allows a second submission", async () => {
		const { error, other } = await unrecorded({}, { allowSecondSubmission: true });
		expect(error).toMatchObject({ billed: "yes", token: expect.stringMatching(/^rl1\./) });
		expect(other.posts).toBe(0);
	});

	it("can be adopted where its reference is too long for a token", async () => {
		const provider = new FakeProvider();
		const handle = { operation: "x".repeat(1_000) };
		provider.start = async () => ({ handle });
		const ledger = new FullLedger();
		const { videos } = await testService({ providers: [provider], ledger });
		const error = await failureOf(videos.submit({ prompt }, { model: "fake:one" }));
		expect(error.token).toBeUndefined();
		expect(error.message).toContain(`--adopt '${JSON.stringify(handle)}'`);
	});

	it("that comes when the job was given up elsewhere is recorded all the same", async () => {
		const gate = Promise.withResolvers<void>();
		const slow = new SlowProvider(gate.promise);
		const ledger = new MemoryLedger();
		const zombie = await testService({ providers: [slow], ledger });
		const submission = zombie.videos.submit({ prompt }, { model: "fake:one" });
		await vi.waitFor(() => expect(slow.begun).toBe(1));
		const [{ id } = { id: "" }] = await ledger.list();
		await endProcessOf(ledger, id);
		const second = await testService({ providers: [new FakeProvider()], ledger });
		await second.videos.resolve(id, { abandon: true });
		expect((await ledger.find(id))?.state).toBe("failed");
		gate.resolve();
		await expect((await submission).wait()).resolves.toMatchObject({ id });
	});
});

/** Takes a submission at once, and answers when it may. */
class SlowProvider extends FakeProvider {
	begun = 0;
	readonly #gate: Promise<void>;

	constructor(gate: Promise<void>) {
		super();
		this.#gate = gate;
	}

	override async start(...call: Parameters<FakeProvider["start"]>): Promise<StartResult> {
		this.begun++;
		await this.#gate;
		return super.start(...call);
	}
}

describe("a submission that this process has on its way", () => {
	async function onItsWay() {
		const gate = Promise.withResolvers<void>();
		const provider = new SlowProvider(gate.promise);
		const ledger = new MemoryLedger();
		const { videos } = await testService({ providers: [provider], ledger });
		const submission = videos.textToVideo({ prompt }, { model: "fake:one" });
		await vi.waitFor(() => expect(provider.begun).toBe(1));
		const [{ id } = { id: "" }] = await ledger.list();
		return { videos, provider, submission, id, answer: gate.resolve };
	}

	it("is waited for by who takes the job up here, and is sent once", async () => {
		const { videos, provider, submission, id, answer } = await onItsWay();
		const resumed = (await videos.resume(id)).wait();
		await new Promise((resolve) => setTimeout(resolve, 10));
		answer();
		const both = await Promise.all([submission, resumed]);
		expect(both.map((video) => video.id)).toEqual([id, id]);
		expect([provider.begun, provider.billed]).toEqual([1, 1]);
	});

	it("is not unknown yet: nothing may be decided about it", async () => {
		const { videos, provider, submission, id, answer } = await onItsWay();
		for (const decision of [{ resubmit: true }, { abandon: true }, { find: true }, { adopt: "1" }] as const) {
			await expect(videos.resolve(id, decision)).rejects.toMatchObject({
				code: "invalid_input",
				message: expect.stringContaining("this process is submitting"),
			});
		}
		answer();
		await expect(submission).resolves.toMatchObject({ id });
		expect([provider.begun, provider.billed]).toEqual([1, 1]);
	});

	it("cannot be cancelled, which is said, and goes on", async () => {
		const { videos, submission, id, answer } = await onItsWay();
		const job = await videos.resume(id);
		await expect(job.cancel()).rejects.toMatchObject({ code: "invalid_input", field: "job" });
		answer();
		await expect(submission).resolves.toMatchObject({ id });
	});
});

describe("a job whose submission is unknown", () => {
	const lost = fail(new TypeError("fetch failed"));

	it("cannot be cancelled: the error says how to find out", async () => {
		const provider = new FakeProvider({ starts: [lost], cancel: () => "cancelled" });
		const { videos } = await testService({ providers: [provider] });
		const { jobId = "" } = await failureOf(videos.submit({ prompt }, { model: "fake:one" }));
		await expect((await videos.resume(jobId)).cancel()).rejects.toMatchObject({
			code: "invalid_input",
			message: expect.stringContaining(`reelay resolve ${jobId}`),
		});
	});

	it("is not given up for a second one that cannot be sent", async () => {
		const folder = await temporaryFolder();
		const output = join(folder, "kite.mp4");
		const provider = new FakeProvider({ starts: [lost, () => undefined] });
		const { videos } = await testService({ providers: [provider] });
		const { jobId = "" } = await failureOf(videos.submit({ prompt }, { model: "fake:one", output }));
		await writeFile(output, "somebody else's");
		await expect(videos.resolve(jobId, { resubmit: true })).rejects.toMatchObject({ field: "output" });
		expect(await videos.jobs()).toMatchObject([{ id: jobId, state: "submit_unknown" }]);
		await rm(output);
		await expect(videos.resolve(jobId, { resubmit: true })).resolves.toMatchObject({ state: "accepted" });
		expect(provider.posts).toBe(2);
	});

	it("can be adopted after it was given up, when its operation turns up", async () => {
		const provider = new FakeProvider({ starts: [lost] });
		const ledger = new SqliteLedger(join(await temporaryFolder(), "jobs.db"));
		const { videos } = await testService({ providers: [provider], ledger });
		const { jobId = "" } = await failureOf(videos.submit({ prompt }, { model: "fake:one" }));
		await videos.resolve(jobId, { abandon: true });
		const job = await videos.resolve(jobId, { adopt: '{"operation":7}' });
		await expect(job?.wait()).resolves.toMatchObject({ id: jobId });
		expect(provider.posts).toBe(1);
	});
});
