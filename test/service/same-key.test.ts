import { describe, expect, it, vi } from "vitest";
import { MemoryLedger, ProviderError } from "../../src/index.ts";
import { systemClock } from "../../src/policies/index.ts";
import type { OperationStatus } from "../../src/provider/index.ts";
import { endProcessOf } from "../support/dead-process.ts";
import { FakeProvider, fail, SUCCEEDED } from "../support/fake-provider.ts";
import { testService } from "../support/service.ts";

/** A ledger that outlives its services. */
class LastingLedger extends MemoryLedger {
	override async close(): Promise<void> {}
}

/** One process whose second job waits for its turn, until `finish` lets the first one end. */
async function waitingJob() {
	let isDone = false;
	const look = (): OperationStatus => (isDone ? SUCCEEDED : { state: "running" });
	const provider = new FakeProvider({ looks: [look] });
	const ledger = new LastingLedger();
	const policies = { minPollMs: 1, pollMs: 5, maxPollMs: 10, limits: { maxInFlight: 1 } };
	const shared = { providers: [provider], ledger, policies, clock: systemClock };
	const { videos } = await testService(shared);
	const first = videos.textToVideo({ prompt: "first" }, { model: "fake:one" });
	await vi.waitFor(() => expect(provider.posts).toBe(1));
	const options = { model: "fake:one", idempotencyKey: "second" };
	const second = videos.textToVideo({ prompt: "second" }, options);
	second.catch(() => undefined);
	const id = await vi.waitFor(async () => {
		const [job] = await ledger.list({ states: ["created"] });
		return job?.id ?? expect.fail("it is not recorded yet");
	});
	const finish = () => {
		isDone = true;
		return first;
	};
	return { provider, ledger, shared, options, second, id, finish };
}

describe("a job that a living process is about to send", () => {
	it("is not taken for one that was never sent", async () => {
		const { shared, second, id, finish } = await waitingJob();
		const other = await testService(shared);
		await expect(other.videos.resume(id)).rejects.toMatchObject({
			code: "invalid_input",
			field: "token",
			message: expect.stringContaining(`process ${process.pid} on `),
		});
		await finish();
		await expect(second).resolves.toMatchObject({ id });
	});

	it("is waited for by a call with the same key, elsewhere: one job, paid once", async () => {
		const { shared, provider, options, second, id, finish } = await waitingJob();
		const other = await testService(shared);
		const same = other.videos.textToVideo({ prompt: "second" }, options);
		await new Promise((resolve) => setTimeout(resolve, 20));
		await finish();
		expect((await Promise.all([second, same])).map((video) => video.id)).toEqual([id, id]);
		expect(provider.billed).toBe(2);
	});

	it("is not waited for any longer when that call gives up", async () => {
		const { shared, options, second, finish } = await waitingJob();
		const other = await testService(shared);
		const signal = AbortSignal.timeout(20);
		await expect(other.videos.textToVideo({ prompt: "second" }, { ...options, signal })).rejects.toMatchObject({
			code: "cancelled",
			billed: "no",
		});
		await finish();
		await second;
	});

	it("whose lease ran out and that was ended elsewhere says so, as one of reelay's errors", async () => {
		const { shared, ledger, second, id, finish } = await waitingJob();
		await endProcessOf(ledger, id);
		const other = await testService(shared);
		await expect(other.videos.resume(id)).rejects.toThrow("never sent");
		await finish();
		await expect(second).rejects.toMatchObject({ code: "provider_error", billed: "no", jobId: id });
	});
});

describe("a key", () => {
	it("is free again when the process that had it ended before it sent anything", async () => {
		const { shared, ledger, provider, options, second, id, finish } = await waitingJob();
		await endProcessOf(ledger, id);
		const other = await testService(shared);
		const again = other.videos.textToVideo({ prompt: "second" }, options);
		await finish();
		const video = await again;
		expect(video.id).not.toBe(id);
		expect(provider.billed).toBe(2);
		await expect(second).rejects.toMatchObject({ billed: "no" });
	});

	it("names the job that was paid for, whatever the clock said when an earlier one failed", async () => {
		const refused = fail(new ProviderError("no", { billed: "no" }));
		const provider = new FakeProvider({ starts: [refused, () => undefined] });
		const ledger = new LastingLedger();
		const options = { model: "fake:one", idempotencyKey: "order-1" };
		const fast = { ...systemClock, now: () => Date.now() + 3_600_000, sleep: systemClock.sleep.bind(systemClock) };
		const early = await testService({ providers: [provider], ledger, clock: fast });
		await expect(early.videos.textToVideo({ prompt: "a kite" }, options)).rejects.toThrow("no");
		const { videos } = await testService({ providers: [provider], ledger, clock: systemClock });
		const first = await videos.textToVideo({ prompt: "a kite" }, options);
		await expect(videos.textToVideo({ prompt: "a kite" }, options)).resolves.toMatchObject({ id: first.id });
		expect(provider.billed).toBe(1);
	});
});
