import { readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import {
	ConfigurationError,
	type JobEventRecord,
	type JobRecord,
	MemoryLedger,
	RateLimitError,
	SqliteLedger,
	SubmitUnknownError,
} from "../../src/index.ts";
import { decodeToken, encodeToken } from "../../src/operations/index.ts";
import { systemClock } from "../../src/policies/index.ts";
import type { OperationStatus } from "../../src/provider/index.ts";
import { endProcessOf } from "../support/dead-process.ts";
import { accept, FakeProvider, type FakeScript, fail, SUCCEEDED } from "../support/fake-provider.ts";
import { filesIn, temporaryFolder, testService } from "../support/service.ts";

const prompt = "a kite";
const running = (): OperationStatus => ({ state: "running" });
const lost = fail(new TypeError("fetch failed"));

/** A service that took the job before the answer was lost: it bills, and then the line is cut. */
class LossyProvider extends FakeProvider {
	override async start(...call: Parameters<FakeProvider["start"]>) {
		const result = await super.start(...call);
		if (this.posts === 1) throw new TypeError("fetch failed");
		return result;
	}
}

async function submitLost(script: FakeScript, Provider = FakeProvider) {
	const provider = new Provider(script);
	const ledger = new MemoryLedger();
	const service = await testService({ providers: [provider, new FakeProvider({ id: "next" })], ledger });
	const outcome = await service.videos
		.textToVideo({ prompt }, { model: "fake:one", fallbacks: ["next:one"] })
		.catch((error: unknown) => error);
	return { ...service, provider, ledger, outcome };
}

describe("a submission whose answer was lost", () => {
	it("is found at the service where that can tell, and goes on: paid once", async () => {
		const { provider, outcome } = await submitLost({ find: () => ({ operation: 1 }) }, LossyProvider);
		expect(outcome).toMatchObject({ model: "fake:one", attempts: [{ outcome: "accepted", billed: "yes" }] });
		expect([provider.posts, provider.billed]).toEqual([1, 1]);
	});

	it("is looked for more than once, as a service lists new operations late, and a search may fail", async () => {
		let searches = 0;
		const find = () => {
			searches++;
			if (searches === 1) throw new TypeError("fetch failed");
			return searches < 3 ? undefined : { operation: 1 };
		};
		const { outcome } = await submitLost({ find }, LossyProvider);
		expect(outcome).toMatchObject({ model: "fake:one" });
		expect(searches).toBe(3);
	});

	it("stays unknown where it is not found: nothing is sent again, to nobody", async () => {
		const { provider, outcome, ledger } = await submitLost({ starts: [lost, accept], find: () => undefined });
		expect(outcome).toBeInstanceOf(SubmitUnknownError);
		const { jobId = "", message } = outcome as SubmitUnknownError;
		expect(outcome).toMatchObject({
			billed: "unknown",
			phase: "submit",
			evidence: {
				submittedAt: "2026-11-21T00:00:00.000Z",
				model: "fake:one",
				idempotencyKey: expect.stringMatching(/^[0-9a-f-]{36}$/),
				received: "fetch failed",
			},
		});
		expect(message).toContain(`reelay resolve ${jobId}`);
		expect(provider.posts).toBe(1);
		expect((await ledger.find(jobId))?.state).toBe("submit_unknown");
	});

	it("is sent again with the same key where the service answers a known key with the same operation", async () => {
		const { provider, outcome } = await submitLost({ starts: [lost, lost, accept], traits: { idempotency: "replay" } });
		expect(outcome).toMatchObject({ model: "fake:one" });
		expect(provider.posts).toBe(3);
		expect(new Set(provider.contexts.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
		expect(new Set(provider.requests.map((request) => JSON.stringify(request))).size).toBe(1);
	});

	it("is not taken for refused when the repetition is: that says nothing of the first", async () => {
		const refused = fail(new RateLimitError("slow down", { retryable: true, retryAfterMs: 5 }));
		const { provider, outcome } = await submitLost({ starts: [lost, refused], traits: { idempotency: "replay" } });
		expect(outcome).toMatchObject({ code: "submit_unknown", billed: "unknown" });
		expect(provider.posts).toBe(3);
	});

	it.each(["none", "reject"] as const)("is never sent again with idempotency %s", async (idempotency) => {
		const { provider } = await submitLost({ starts: [lost], traits: { idempotency } });
		expect(provider.posts).toBe(1);
	});

	it("is no lost one when the HTTP client never sent it: the next model has its turn", async () => {
		const provider = new FakeProvider();
		provider.start = async (_request, { fetch }) => {
			await fetch("http://no-such-host.invalid/", { method: "POST", body: "{}" });
			return { handle: null };
		};
		const { videos } = await testService({ providers: [provider, new FakeProvider({ id: "next" })] });
		const video = await videos.textToVideo({ prompt }, { model: "fake:one", fallbacks: ["next:one"] });
		expect(video.model).toBe("next:one");
		expect(video.attempts[0]).toMatchObject({ model: "fake:one", outcome: "rejected", billed: "no" });
		expect(video.attempts[0]?.reason).toContain("ENOTFOUND");
	});

	it("is unknown when an answer holds no reference", async () => {
		const provider = new FakeProvider();
		provider.start = async () => ({ handle: undefined }) as never;
		const { videos } = await testService({ providers: [provider] });
		await expect(videos.textToVideo({ prompt }, { model: "fake:one" })).rejects.toMatchObject({
			code: "submit_unknown",
			billed: "unknown",
		});
	});
});

describe("an unknown submission is resolved", () => {
	async function unknownJob(script: FakeScript = {}) {
		const found = await submitLost({ starts: [lost, accept], ...script });
		const { jobId: id = "" } = found.outcome as SubmitUnknownError;
		return { ...found, id };
	}

	it("by the operation that the user found: the job goes on", async () => {
		const { videos, id, provider } = await unknownJob();
		const job = await videos.resolve(id, { adopt: '{"operation":7}' });
		expect(job).toMatchObject({ id, state: "accepted", attempts: [{ outcome: "accepted", billed: "yes" }] });
		await expect(job?.wait()).resolves.toMatchObject({ id });
		expect(provider.posts).toBe(1);
	});

	it("not by an operation that the service does not know", async () => {
		const { videos, id, ledger } = await unknownJob({ looks: [fail(new ConfigurationError("no such operation"))] });
		await expect(videos.resolve(id, { adopt: "nonsense" })).rejects.toThrow("no such operation");
		expect((await ledger.find(id))?.state).toBe("submit_unknown");
		await expect(videos.resolve(id, { abandon: true })).resolves.toBeUndefined();
	});

	it("by a later search", async () => {
		let isListed = false;
		const { videos, id } = await unknownJob({ find: () => (isListed ? { operation: 1 } : undefined) });
		await expect(videos.resolve(id, { find: true })).rejects.toMatchObject({ code: "submit_unknown" });
		isListed = true;
		await expect((await videos.resolve(id, { find: true }))?.wait()).resolves.toMatchObject({ id });
	});

	it("by submitting the same again, as another job, which a person must ask for", async () => {
		const { videos, id, provider, ledger } = await unknownJob();
		const job = await videos.resolve(id, { resubmit: true });
		expect(job?.id).not.toBe(id);
		expect(provider.requests[1]).toEqual(provider.requests[0]);
		expect(provider.contexts[1]?.idempotencyKey).not.toBe(provider.contexts[0]?.idempotencyKey);
		expect(await ledger.find(id)).toMatchObject({ state: "failed", errorMessage: expect.stringContaining("again") });
	});

	it("by giving it up, and then no more", async () => {
		const { videos, id } = await unknownJob();
		await videos.resolve(id, { abandon: true });
		const [job] = await videos.jobs({ states: ["failed"] });
		expect(job).toMatchObject({ id, billed: "unknown" });
		await expect(videos.resolve(id, { resubmit: true })).rejects.toMatchObject({ code: "invalid_input", field: "job" });
	});

	it("never when there is nothing unknown about it", async () => {
		const { videos } = await testService({ providers: [new FakeProvider()] });
		const { id } = await videos.textToVideo({ prompt }, { model: "fake:one" });
		for (const decision of [{ adopt: "1" }, { abandon: true }, { resubmit: true }, { find: true }] as const) {
			await expect(videos.resolve(id, decision)).rejects.toMatchObject({ code: "invalid_input", field: "job" });
		}
	});
});

describe("a job that several processes have", () => {
	it("is done by one of them, and the others get its result", async () => {
		let downloads = 0;
		const server = createServer((_request, response) => {
			downloads++;
			response.writeHead(200, { etag: '"1"' }).end(SUCCEEDED.state === "succeeded" ? bytesOf(SUCCEEDED) : "");
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		onTestFinished(() => void server.close());
		const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v.mp4`;
		const done: OperationStatus = { state: "succeeded", assets: [{ kind: "url", url }] };
		const provider = new FakeProvider({ looks: [running, running, running, () => done] });
		const ledger = new SqliteLedger(join(await temporaryFolder(), "jobs.db"));
		const shared = {
			egress: { allowPrivateNetwork: true },
			clock: systemClock,
			policies: { pollMs: 10, minPollMs: 1 },
		};
		const first = await testService({ ...shared, providers: [provider], ledger });
		const { token } = await first.videos.submit({ prompt }, { model: "fake:one" });
		await first.videos.close();
		const others = await Promise.all(
			Array.from({ length: 3 }, () =>
				testService({
					...shared,
					providers: [provider],
					ledger: new SqliteLedger(ledger.path),
					outputDirectory: first.folder,
				}),
			),
		);
		const videos = await Promise.all(others.map(async (other) => (await other.videos.resume(token)).wait()));
		expect(new Set(videos.map(({ path }) => path)).size).toBe(1);
		expect(await filesIn(first.folder)).toHaveLength(1);
		expect([provider.posts, downloads]).toEqual([1, 1]);
	});

	it("is taken over when its process is gone, and what that process writes later is refused", async () => {
		const gate = Promise.withResolvers<void>();
		const provider = new FakeProvider({ looks: [() => SUCCEEDED] });
		const slow = new FakeProvider();
		slow.status = async () => {
			await gate.promise;
			return SUCCEEDED;
		};
		const ledger = new MemoryLedger();
		const zombie = await testService({ providers: [slow], ledger });
		const job = await zombie.videos.submit({ prompt }, { model: "fake:one" });
		const waiting = job.wait();
		await vi.waitFor(async () => expect((await ledger.find(job.id))?.state).toBe("accepted"));
		await endProcessOf(ledger, job.id);
		const second = await testService({ providers: [provider], ledger });
		const video = await (await second.videos.resume(job.id)).wait();
		const record = await ledger.find(job.id);
		gate.resolve();
		// The one that was taken for dead finds the job done, and hands out the same result.
		await expect(waiting).resolves.toMatchObject({ path: video.path, sha256: video.sha256 });
		expect(await ledger.find(job.id)).toEqual(record);
		expect(await filesIn(zombie.folder)).toHaveLength(1);
	});

	it("keeps an acceptance that comes after the job was taken for lost", async () => {
		const gate = Promise.withResolvers<void>();
		const slow = new FakeProvider();
		let jobId = "";
		slow.start = async (_request, context) => {
			jobId = context.jobId;
			await gate.promise;
			return { handle: { operation: 1 } };
		};
		const ledger = new MemoryLedger();
		const zombie = await testService({ providers: [slow], ledger });
		const submission = zombie.videos.submit({ prompt }, { model: "fake:one" });
		await vi.waitFor(() => expect(jobId).not.toBe(""));
		await endProcessOf(ledger, jobId);
		const second = await testService({ providers: [new FakeProvider()], ledger });
		await expect((await second.videos.resume(jobId)).wait()).rejects.toMatchObject({ code: "submit_unknown" });
		gate.resolve();
		const job = await submission;
		expect(await ledger.find(jobId)).toMatchObject({ state: "accepted", attempts: [{ handle: { operation: 1 } }] });
		expect((await ledger.find(jobId))?.errorCode).toBeUndefined();
		await expect(job.wait()).resolves.toMatchObject({ id: jobId });
	});

	it("ends at no cost when its process was gone before anything was sent", async () => {
		const provider = new FakeProvider();
		const ledger = new MemoryLedger();
		const { videos } = await testService({ providers: [provider], ledger });
		const { id } = await videos.submit({ prompt }, { model: "fake:one" });
		const record = (await ledger.find(id)) as JobRecord;
		const rejected = { model: "fake:one", outcome: "rejected", billed: "no" } as const;
		const early = { ...record, revision: record.revision + 1, state: "submitting", attempts: [rejected] } as const;
		await ledger.replace(early, record.revision);
		await endProcessOf(ledger, id);
		const second = await testService({ providers: [provider], ledger });
		await expect((await second.videos.resume(id)).wait()).rejects.toMatchObject({
			code: "provider_error",
			billed: "no",
		});
		expect([(await ledger.find(id))?.state, provider.posts]).toEqual(["failed", 1]);
	});
});

describe("an idempotency key of the user's", () => {
	const options = { model: "fake:one", idempotencyKey: "order-1" };

	it("makes one job of the same request, however often and from wherever it is asked for", async () => {
		const provider = new FakeProvider();
		const ledger = new SqliteLedger(join(await temporaryFolder(), "jobs.db"));
		const services = await Promise.all(
			Array.from({ length: 3 }, () => testService({ providers: [provider], ledger: new SqliteLedger(ledger.path) })),
		);
		const jobs = await Promise.all(services.map(({ videos }) => videos.submit({ prompt }, options)));
		expect(new Set(jobs.map(({ id }) => id)).size).toBe(1);
		expect([provider.posts, provider.billed]).toEqual([1, 1]);
		const [first] = services;
		const video = await first?.videos.textToVideo({ prompt }, options);
		expect(video?.id).toBe(jobs[0]?.id);
		expect((await first?.videos.textToVideo({ prompt }, options))?.path).toBe(video?.path);
		expect(provider.posts).toBe(1);
	});

	it("is refused for another request, before anything is sent", async () => {
		const provider = new FakeProvider();
		const { videos } = await testService({ providers: [provider] });
		await videos.textToVideo({ prompt }, options);
		await expect(videos.textToVideo({ prompt: "another" }, options)).rejects.toMatchObject({
			code: "invalid_input",
			field: "idempotencyKey",
		});
		expect(provider.posts).toBe(1);
	});

	it("may be used again after a failure that cost nothing", async () => {
		const refused = fail(new ConfigurationError("no key"));
		const provider = new FakeProvider({ starts: [refused, accept] });
		const { videos } = await testService({ providers: [provider] });
		await expect(videos.textToVideo({ prompt }, options)).rejects.toThrow("no key");
		await expect(videos.textToVideo({ prompt }, options)).resolves.toMatchObject({ model: "fake:one" });
	});
});

describe("a token", () => {
	async function submitted(account?: string) {
		const provider = new FakeProvider(account === undefined ? {} : { account });
		const { videos } = await testService({ providers: [provider] });
		const { token } = await videos.submit({ prompt }, { model: "fake:one" });
		return { token, provider };
	}

	it("of another account is refused before any request", async () => {
		const { token } = await submitted("0123abcd");
		const other = new FakeProvider({ account: "ffffffff" });
		const { videos } = await testService({ providers: [other] });
		await expect(videos.resume(token)).rejects.toMatchObject({ code: "authentication", phase: "config" });
		const keyless = new FakeProvider();
		await expect((await testService({ providers: [keyless] })).videos.resume(token)).rejects.toThrow(
			"none is set here",
		);
		expect([other.looks, keyless.looks]).toEqual([0, 0]);
	});

	it.each([
		["cut short", (token: string) => token.slice(0, -3)],
		[
			"with a letter changed",
			(token: string) => `${token.slice(0, 40)}${token[40] === "A" ? "B" : "A"}${token.slice(41)}`,
		],
		["of 64 KiB", (token: string) => token.padEnd(65_536, "A")],
		["of another version", (token: string) => token.replace("rl1.", "rl2.")],
		["with white space", (token: string) => `${token} `],
	])("that is %s is refused, with no request", async (_name, change) => {
		const { token, provider } = await submitted();
		const { videos } = await testService({ providers: [provider] });
		await expect(videos.resume(change(token))).rejects.toMatchObject({ code: "invalid_input", field: "token" });
		expect(provider.looks).toBe(0);
	});

	it("that was put together to say something else of a known job is refused, with no request", async () => {
		const provider = new FakeProvider();
		const { videos } = await testService({ providers: [provider, new FakeProvider({ id: "next" })] });
		const { token } = await videos.submit({ prompt }, { model: "fake:one" });
		const second = await testService({ providers: [provider] });
		const content = decodeToken(token);
		for (const change of [{ handle: { operation: "../../admin" } }, { provider: "next" }, { model: "two" }]) {
			const forged = encodeToken({ ...content, ...change }) ?? "";
			await expect(videos.resume(forged)).resolves.toMatchObject({ model: "fake:one" });
			await second.videos.close();
		}
		expect(provider.looks).toBe(0);
	});

	it("is made only of what can be read back", () => {
		const content = { jobId: `job_${"0".repeat(25)}`, provider: "fake", model: "m".repeat(266), handle: 1 };
		const token = encodeToken({ ...content, submittedAtMs: 1 }) ?? "";
		expect(decodeToken(token)).toMatchObject(content);
		expect(encodeToken({ ...content, account: "team-7", submittedAtMs: 1 })).toBeUndefined();
		expect(encodeToken({ ...content, model: "m".repeat(301), submittedAtMs: 1 })).toBeUndefined();
	});

	it("can be read back whatever fraction of a millisecond the clock tells", async () => {
		const content = { jobId: `job_${"0".repeat(25)}`, provider: "fake", model: "one", handle: { operation: 1 } };
		const token = encodeToken({ ...content, submittedAtMs: 1_795_220_789_805.4988 }) ?? "";
		expect(decodeToken(token)).toMatchObject({ ...content, submittedAtMs: 1_795_220_789_805 });
	});
});

describe("the ledger", () => {
	it("is where a job that costs money must be recorded before anything is sent", async () => {
		const folder = await temporaryFolder();
		await writeFile(join(folder, "file"), "");
		const ledger = new SqliteLedger(join(folder, "file", "jobs.db"));
		const provider = new FakeProvider();
		const { videos } = await testService({ providers: [provider], ledger });
		await expect(videos.textToVideo({ prompt }, { model: "fake:one" })).rejects.toMatchObject({
			code: "configuration",
		});
		expect(provider.posts).toBe(0);
		const free = new FakeProvider({ id: "free", traits: { billing: "free" } });
		videos.register(free);
		await expect(videos.textToVideo({ prompt }, { model: "free:one" })).resolves.toMatchObject({ model: "free:one" });
	});

	it("lies in the state folder, and holds no secret", async () => {
		const folder = await temporaryFolder();
		const key = "sk-canary0123456789abcdef0123456789";
		const env = { REELAY_STATE_DIRECTORY: folder };
		const provider = new FakeProvider({ starts: [fail(new TypeError(`refused ${key}`))] });
		const { videos } = await testService({ providers: [provider], env, ledger: undefined });
		const request = { prompt: `${prompt} ${key}`, providerOptions: { fake: { callback: key } } };
		await videos.textToVideo(request, { model: "fake:one" }).catch(() => undefined);
		const files = await filesIn(folder);
		expect(files).toContain("ledger.sqlite");
		for (const file of files) expect((await readFile(join(folder, file))).includes("canary")).toBe(false);
		expect(await videos.jobs()).toMatchObject([{ state: "submit_unknown" }]);
	});
});

describe("a finished job", () => {
	it("can be had at another place too, and again when its file is gone", async () => {
		const provider = new FakeProvider({ looks: [() => SUCCEEDED] });
		const { videos, folder } = await testService({ providers: [provider] });
		const job = await videos.submit({ prompt }, { model: "fake:one" });
		const video = await job.wait();
		const copy = await job.download({ output: join(folder, "copy.mp4") });
		expect([copy.path, copy.sha256, provider.looks]).toEqual([join(folder, "copy.mp4"), video.sha256, 1]);
		await rm(video.path);
		const again = await videos.resume(job.id);
		await expect(again.wait()).rejects.toThrow("is not there any more");
		await expect(again.download({ output: join(folder, "third.mp4") })).resolves.toMatchObject({
			sha256: video.sha256,
		});
		expect([provider.posts, provider.looks]).toEqual([1, 2]);
	});

	it("announces every step to those who follow it", async () => {
		const { videos } = await testService({ providers: [new FakeProvider({ looks: [running, () => SUCCEEDED] })] });
		const job = await videos.submit({ prompt }, { model: "fake:one" });
		const seen: JobEventRecord["type"][] = [];
		const following = (async () => {
			for await (const { type } of job.events()) seen.push(type);
		})();
		await job.wait();
		await following;
		expect(seen).toEqual([
			"progress",
			"generation-ended",
			"download-started",
			"download-progress",
			"download-ended",
			"job-ended",
		]);
	});
});

function bytesOf(status: OperationStatus): Uint8Array {
	if (status.state !== "succeeded" || status.assets[0].kind !== "bytes") throw new TypeError("no bytes");
	return status.assets[0].data;
}
