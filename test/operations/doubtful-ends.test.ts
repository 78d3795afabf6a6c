import { describe, expect, it } from "vitest";
import { type JobRecord, MemoryLedger, OperationNotFoundError } from "../../src/index.ts";
import type { OperationStatus, VideoAsset } from "../../src/provider/index.ts";
import { endProcessOf } from "../support/dead-process.ts";
import { FakeProvider, fail, SUCCEEDED } from "../support/fake-provider.ts";
import { testService } from "../support/service.ts";
import { TINY_VIDEO } from "../support/tiny-video.ts";

const prompt = "a kite";
const running = (): OperationStatus => ({ state: "running" });

/** A ledger that outlives its services, and can fail to record an end. */
class LastingLedger extends MemoryLedger {
	forgetsEnds = false;

	override async replace(record: JobRecord, revision: number): Promise<boolean> {
		if (this.forgetsEnds && ["failed", "cancelled"].includes(record.state)) throw new TypeError("killed");
		return super.replace(record, revision);
	}

	override async close(): Promise<void> {}
}

describe("a job whose process ended after the service's verdict and before the job's end was recorded", () => {
	it("ends with that verdict, and with what it cost", async () => {
		const ledger = new LastingLedger();
		ledger.forgetsEnds = true;
		const refused = (): OperationStatus => ({ state: "failed", kind: "refused", reason: "nudity", billed: "yes" });
		const provider = new FakeProvider({ looks: [refused] });
		const first = await testService({ providers: [provider], ledger });
		const { id, wait } = await first.videos.submit({ prompt }, { model: "fake:one" }).then((job) => ({
			id: job.id,
			wait: job.wait(),
		}));
		await expect(wait).rejects.toMatchObject({ code: "content_refused", billed: "yes" });
		await first.videos.close();
		ledger.forgetsEnds = false;
		const second = await testService({ providers: [provider], ledger });
		await expect((await second.videos.resume(id)).wait()).rejects.toMatchObject({
			code: "content_refused",
			billed: "yes",
			message: expect.stringContaining("nudity"),
		});
		expect(await second.videos.jobs()).toMatchObject([
			{ state: "failed", billed: "yes", errorCode: "content_refused" },
		]);
		expect([provider.posts, provider.looks]).toEqual([1, 1]);
	});

	it("ends cancelled when it was cancelled", async () => {
		const ledger = new LastingLedger();
		ledger.forgetsEnds = true;
		const provider = new FakeProvider({ looks: [running], cancel: () => "cancelled" });
		const first = await testService({ providers: [provider], ledger });
		const job = await first.videos.submit({ prompt }, { model: "fake:one" });
		await job.cancel();
		await first.videos.close();
		ledger.forgetsEnds = false;
		const second = await testService({ providers: [provider], ledger });
		await expect((await second.videos.resume(job.id)).wait()).rejects.toMatchObject({ code: "cancelled" });
		expect(await second.videos.jobs()).toMatchObject([{ state: "cancelled" }]);
	});

	it("does not say that nothing was billed when an earlier attempt may have been", async () => {
		const ledger = new LastingLedger();
		const provider = new FakeProvider();
		const { videos } = await testService({ providers: [provider], ledger });
		const { id } = await videos.submit({ prompt }, { model: "fake:one" });
		const record = (await ledger.find(id)) as JobRecord;
		const attempts = [
			{ model: "fake:one", outcome: "unknown", billed: "unknown" },
			{ model: "fake:two", outcome: "rejected", billed: "no" },
		] as const;
		await ledger.replace({ ...record, revision: record.revision + 1, state: "submitting", attempts }, record.revision);
		await endProcessOf(ledger, id);
		const second = await testService({ providers: [provider], ledger });
		await expect((await second.videos.resume(id)).wait()).rejects.toMatchObject({
			billed: "unknown",
			message: expect.not.stringContaining("nothing was billed"),
		});
	});
});

describe("a job that ended because the service did not know its operation", () => {
	const missing = fail(new OperationNotFoundError("no such operation", { billed: "yes" }));

	async function lostJob() {
		const ledger = new LastingLedger();
		const provider = new FakeProvider({ looks: [missing] });
		const { videos } = await testService({ providers: [provider], ledger });
		const job = await videos.submit({ prompt }, { model: "fake:one", idempotencyKey: "order-1" });
		await expect(job.wait()).rejects.toMatchObject({ code: "operation_not_found", billed: "yes" });
		await videos.close();
		return { ledger, id: job.id };
	}

	it("is looked for once when it is taken up, and goes on when it is there", async () => {
		const { ledger, id } = await lostJob();
		const found = new FakeProvider({ looks: [() => SUCCEEDED] });
		const { videos } = await testService({ providers: [found], ledger });
		await expect((await videos.resume(id)).wait()).resolves.toMatchObject({ id });
		expect(await videos.jobs()).toMatchObject([{ state: "succeeded", billed: "yes" }]);
		expect([found.posts, found.looks]).toEqual([0, 1]);
		expect((await videos.jobs())[0]?.errorCode).toBeUndefined();
	});

	it("has ended when it is not there: one look, and no more", async () => {
		const { ledger, id } = await lostJob();
		const gone = new FakeProvider({ looks: [missing] });
		const { videos } = await testService({ providers: [gone], ledger });
		await expect((await videos.resume(id)).wait()).rejects.toMatchObject({
			code: "operation_not_found",
			billed: "yes",
		});
		expect(gone.looks).toBe(1);
		expect((await ledger.find(id))?.lease).toBeUndefined();
	});

	it("is not looked for again when the service itself gave it up", async () => {
		const expired = (): OperationStatus => ({ state: "failed", kind: "expired", reason: "too old", billed: "yes" });
		const ledger = new LastingLedger();
		const provider = new FakeProvider({ looks: [expired] });
		const first = await testService({ providers: [provider], ledger });
		const job = await first.videos.submit({ prompt }, { model: "fake:one" });
		await expect(job.wait()).rejects.toMatchObject({ code: "operation_not_found" });
		await first.videos.close();
		const second = await testService({ providers: [provider], ledger });
		await expect((await second.videos.resume(job.id)).wait()).rejects.toMatchObject({ code: "operation_not_found" });
		expect(provider.looks).toBe(1);
	});
});

describe("what a provider says of a finished operation", () => {
	it("may be several videos: the first is kept, and the user is told of the others", async () => {
		const video: VideoAsset = { kind: "bytes", data: TINY_VIDEO };
		const provider = new FakeProvider({ looks: [() => ({ state: "succeeded", assets: [video, video, video] })] });
		const { videos } = await testService({ providers: [provider] });
		const { warnings } = await videos.textToVideo({ prompt }, { model: "fake:one" });
		expect(warnings).toContain("result: 3 videos were made; the first was kept");
	});

	it.each([
		["no assets", undefined, "gives no asset"],
		["an empty list", [], "gives no asset"],
		["an asset of no known kind", [{ kind: "uri", uri: "https://a.example" }], "is of no kind that is known"],
		["bytes that are a text", [{ kind: "bytes", data: "abc" }], "no data that is a Uint8Array"],
		["a url that is none", [{ kind: "url" }], "no url that is a text"],
		["a path that is none", [{ kind: "file", path: 1 }], "no path that is a text"],
	])("may be wrong (%s): the error has the token, and the job can be gone on with", async (_name, assets, problem) => {
		const looks = [() => ({ state: "succeeded", assets }) as unknown as OperationStatus, () => SUCCEEDED];
		const provider = new FakeProvider({ looks });
		const { videos } = await testService({ providers: [provider] });
		const job = await videos.submit({ prompt }, { model: "fake:one" });
		await expect(job.wait()).rejects.toMatchObject({
			code: "provider_error",
			billed: "yes",
			token: job.token,
			message: expect.stringContaining(problem),
		});
		await expect(job.wait()).resolves.toMatchObject({ id: job.id });
	});

	it("keeps the token when it cannot be asked, or cannot be asked to stop", async () => {
		const reset = fail(new TypeError("fetch failed"));
		const provider = new FakeProvider({ looks: [reset], cancel: reset });
		const { videos } = await testService({ providers: [provider] });
		const job = await videos.submit({ prompt }, { model: "fake:one" });
		const expected = { code: "provider_error", billed: "yes", token: job.token, retryable: true };
		await expect(job.cancel()).rejects.toMatchObject(expected);
		await expect(job.look()).rejects.toMatchObject(expected);
		expect(job.state).toBe("accepted");
	});
});
