import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import {
	CancelledError,
	ContentRefusedError,
	type JobRecord,
	MemoryLedger,
	ModelRetiredError,
	NoModelAvailableError,
	OperationNotFoundError,
	ProviderError,
	RateLimitError,
	SqliteLedger,
	StillRunningError,
	SubmitUnknownError,
	type VideoEvents,
} from "../../src/index.ts";
import { endProcessOf } from "../support/dead-process.ts";
import { accept, EVERYTHING, FakeProvider, fail, SUCCEEDED } from "../support/fake-provider.ts";
import { filesIn, temporaryFolder, testService } from "../support/service.ts";
import { TINY_VIDEO } from "../support/tiny-video.ts";

const prompt = "Waves";
const running = () => ({ state: "running", progress: 0.5 }) as const;
const failed = (kind: "internal" | "refused" | "invalid" | "expired", billed: "no" | "yes" | "unknown") => () =>
	({ state: "failed", kind, billed, reason: "the service said so" }) as const;

describe("a job that goes well", () => {
	it("becomes a file with its metadata, billed once", async () => {
		const provider = new FakeProvider({ looks: [running, running, () => SUCCEEDED] });
		const { videos, folder } = await testService({ providers: [provider] });
		const video = await videos.textToVideo({ prompt }, { model: "fake:one" });
		expect(basename(video.path)).toBe(`reelay-${video.id}.mp4`);
		expect(await readFile(video.path)).toEqual(Buffer.from(TINY_VIDEO));
		expect(await filesIn(folder)).toEqual([basename(video.path)]);
		expect(video).toMatchObject({
			model: "fake:one",
			sizeBytes: TINY_VIDEO.byteLength,
			sha256: createHash("sha256").update(TINY_VIDEO).digest("hex"),
			metadata: {
				container: "mp4",
				codec: "avc",
				width: 32,
				height: 32,
				durationSeconds: 0.5,
				fps: 10,
				hasAudio: false,
			},
			attempts: [{ model: "fake:one", outcome: "accepted", billed: "yes" }],
			cost: { source: "unknown" },
			fromCache: false,
			warnings: [],
		});
		expect(video.token).toMatch(/^rl1\./);
		expect(Buffer.from(await video.bytes())).toEqual(Buffer.from(TINY_VIDEO));
		expect(provider.billed).toBe(1);
	});

	it("announces every step, and survives listeners that throw", async () => {
		const { videos } = await testService({ providers: [new FakeProvider({ looks: [running, () => SUCCEEDED] })] });
		const seen: (keyof VideoEvents)[] = [];
		const names = [
			"job-created",
			"attempt-started",
			"attempt-ended",
			"progress",
			"generation-ended",
			"job-ended",
		] as const;
		for (const name of names) {
			videos.on(name, () => {
				seen.push(name);
				throw new RangeError("a bad listener");
			});
		}
		const stages: string[] = [];
		const onProgress = ({ stage }: { stage: string }) => {
			stages.push(stage);
			throw new RangeError("a bad callback");
		};
		await videos.textToVideo({ prompt }, { model: "fake:one", onProgress });
		expect(seen).toEqual([...names]);
		expect([...new Set(stages)]).toEqual(["submitting", "running", "downloading"]);
	});

	it("lets the provider free what it held", async () => {
		const provider = new FakeProvider();
		const { videos } = await testService({ providers: [provider] });
		await videos.textToVideo({ prompt }, { model: "fake:one" });
		expect(provider.released).toEqual([{ operation: 1 }]);
	});
});

describe("a submission", () => {
	it("is in the ledger before it is sent, and its handle before anything else happens", async () => {
		const ledger = new MemoryLedger();
		const states: (JobRecord | undefined)[] = [];
		let jobId = "";
		const look = () => ledger.find(jobId).then((record) => states.push(record));
		const provider = new FakeProvider();
		const { start } = provider;
		provider.start = async (request, context) => {
			jobId = context.jobId;
			await look();
			return start.call(provider, request, context);
		};
		const { videos } = await testService({ providers: [provider], ledger });
		await videos.submit({ prompt }, { model: "fake:one" });
		await look();
		expect(states[0]).toMatchObject({ state: "submitting", attempts: [{ model: "fake:one", outcome: "unknown" }] });
		expect(states[1]).toMatchObject({
			state: "accepted",
			attempts: [{ outcome: "accepted", handle: { operation: 1 } }],
		});
	});

	it("is not sent when the intent cannot be recorded", async () => {
		const provider = new FakeProvider();
		const ledger = new MemoryLedger();
		ledger.replace = () => Promise.reject(new ProviderError("the disk is full"));
		const { videos } = await testService({ providers: [provider], ledger });
		await expect(videos.textToVideo({ prompt }, { model: "fake:one" })).rejects.toThrow("the disk is full");
		expect(provider.posts).toBe(0);
	});

	it("whose answer was lost is never sent again, to no model", async () => {
		const provider = new FakeProvider({ starts: [fail(new TypeError("socket hang up"))] });
		const other = new FakeProvider({ id: "other" });
		const { videos } = await testService({ providers: [provider, other] });
		const error = await videos
			.textToVideo({ prompt }, { model: "fake:one", fallbacks: ["other:one"] })
			.catch((reason: unknown) => reason);
		expect(error).toBeInstanceOf(SubmitUnknownError);
		expect(error).toMatchObject({ billed: "unknown", retryable: false, attempts: [{ outcome: "unknown" }] });
		expect([provider.posts, other.posts]).toEqual([1, 0]);
	});

	it("whose answer was lost stays unknown even when the caller gave up meanwhile", async () => {
		const controller = new AbortController();
		const lose = () => {
			controller.abort();
			throw new TypeError("socket hang up");
		};
		const { videos } = await testService({ providers: [new FakeProvider({ starts: [lose] })] });
		const generating = videos.textToVideo({ prompt }, { model: "fake:one", signal: controller.signal });
		await expect(generating).rejects.toMatchObject({ code: "submit_unknown", billed: "unknown" });
	});

	it("that was provably not accepted is sent again when the reason may pass", async () => {
		const busy = fail(new RateLimitError("slow down", { retryable: true, retryAfterMs: 0 }));
		const provider = new FakeProvider({ starts: [busy, busy, accept] });
		const { videos } = await testService({ providers: [provider] });
		const video = await videos.textToVideo({ prompt }, { model: "fake:one" });
		expect(video.attempts.map(({ outcome }) => outcome)).toEqual(["rejected", "rejected", "accepted"]);
		expect([provider.posts, provider.billed]).toEqual([3, 1]);
		expect(new Set(provider.contexts.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
	});

	it("that was rejected for good goes to the next model, with the reason kept", async () => {
		const provider = new FakeProvider({ starts: [fail(new ModelRetiredError("gone"))] });
		const other = new FakeProvider({ id: "other" });
		const { videos } = await testService({ providers: [provider, other] });
		const video = await videos.textToVideo({ prompt }, { model: "fake:one", fallbacks: ["other:one"] });
		expect(video.model).toBe("other:one");
		expect(video.attempts).toMatchObject([
			{ model: "fake:one", outcome: "rejected", billed: "no", errorCode: "model_retired", reason: "gone" },
			{ model: "other:one", outcome: "accepted", billed: "yes" },
		]);
		expect([provider.billed, other.billed]).toEqual([0, 1]);
	});

	it("that the only model rejects ends with that model's own error", async () => {
		const { videos } = await testService({
			providers: [new FakeProvider({ starts: [fail(new ModelRetiredError("gone"))] })],
		});
		const error = await videos.textToVideo({ prompt }, { model: "fake:one" }).catch((reason: unknown) => reason);
		expect(error).toBeInstanceOf(ModelRetiredError);
		expect(error).toMatchObject({ model: "fake:one", attempts: [{ outcome: "rejected" }] });
	});

	it("that every model rejects says why, one by one", async () => {
		const starts = [fail(new ModelRetiredError("gone"))];
		const { videos } = await testService({ providers: [new FakeProvider({ starts })] });
		const error = await videos
			.textToVideo({ prompt }, { model: "fake:one", fallbacks: ["fake:two"] })
			.catch((reason: unknown) => reason);
		expect(error).toBeInstanceOf(NoModelAvailableError);
		expect(String(error)).toContain("fake:one: gone · fake:two: gone");
	});

	it("of a paid model is not aborted on the way: its answer is awaited, and its token kept", async () => {
		const controller = new AbortController();
		const provider = new FakeProvider({ starts: [() => controller.abort()] });
		const { videos } = await testService({ providers: [provider] });
		const error = await videos
			.textToVideo({ prompt }, { model: "fake:one", signal: controller.signal })
			.catch((reason: unknown) => reason);
		expect(error).toBeInstanceOf(CancelledError);
		expect(error).toMatchObject({ billed: "yes", token: expect.stringMatching(/^rl1\./) });
		expect(provider.contexts[0]?.signal.aborted).toBe(false);
	});

	it("that the ledger cannot confirm hands over the token, and goes to no other model", async () => {
		const ledger = new MemoryLedger();
		const replace = ledger.replace.bind(ledger);
		ledger.replace = (record, revision) =>
			record.state === "accepted" ? Promise.reject(new ProviderError("the disk is full")) : replace(record, revision);
		const other = new FakeProvider({ id: "other" });
		const { videos } = await testService({ providers: [new FakeProvider(), other], ledger });
		const error = await videos
			.textToVideo({ prompt }, { model: "fake:one", fallbacks: ["other:one"] })
			.catch((reason: unknown) => reason);
		expect(error).toMatchObject({ billed: "yes", token: expect.stringMatching(/^rl1\./) });
		expect(other.posts).toBe(0);
	});
});

describe("an accepted operation", () => {
	it("survives every transport error", async () => {
		const broken = [new TypeError("reset"), new ProviderError("503", { status: 503 }), new SyntaxError("<html>")];
		const provider = new FakeProvider({ looks: [...broken.map((error) => fail(error)), running, () => SUCCEEDED] });
		const { videos } = await testService({ providers: [provider] });
		await videos.textToVideo({ prompt }, { model: "fake:one" });
		expect([provider.looks, provider.billed]).toEqual([5, 1]);
	});

	it("is looked at in bounded time whatever Retry-After says", async () => {
		const busy = fail(new RateLimitError("slow down", { retryAfterMs: 999_999_999_000 }));
		const provider = new FakeProvider({ looks: [busy, () => SUCCEEDED] });
		const { videos, clock } = await testService({ providers: [provider] });
		await videos.textToVideo({ prompt }, { model: "fake:one" });
		const [first, second = 0, ...others] = clock.sleeps.filter((ms) => ms < 600_000);
		expect([first, others]).toEqual([2_000, []]);
		expect(second).toBeGreaterThan(50_000);
		expect(second).toBeLessThanOrEqual(60_000);
	});

	it("that the service does not know yet is looked for again, and lost after the grace", async () => {
		const unknown = fail(new OperationNotFoundError("no such operation", { billed: "yes" }));
		const late = new FakeProvider({ looks: [unknown, unknown, () => SUCCEEDED] });
		const { videos } = await testService({ providers: [late] });
		await videos.textToVideo({ prompt }, { model: "fake:one" });
		const lost = new FakeProvider({ id: "lost", looks: [unknown] });
		videos.register(lost);
		const error = await videos.textToVideo({ prompt }, { model: "lost:one" }).catch((reason: unknown) => reason);
		expect(error).toBeInstanceOf(OperationNotFoundError);
		expect(error).toMatchObject({ billed: "yes", token: expect.stringMatching(/^rl1\./) });
	});

	it("that failed at no cost leads to the next model", async () => {
		const provider = new FakeProvider({ looks: [failed("internal", "no")] });
		const other = new FakeProvider({ id: "other" });
		const { videos } = await testService({ providers: [provider, other] });
		const video = await videos.textToVideo({ prompt }, { model: "fake:one", fallbacks: ["other:one"] });
		expect(video.attempts).toMatchObject([
			{ model: "fake:one", outcome: "accepted", billed: "no", errorCode: "provider_error" },
			{ model: "other:one", outcome: "accepted", billed: "yes" },
		]);
		expect(provider.released).toHaveLength(1);
	});

	it.each(["yes", "unknown"] as const)("that failed and was billed (%s) leads nowhere", async (billed) => {
		const other = new FakeProvider({ id: "other" });
		const { videos } = await testService({
			providers: [new FakeProvider({ looks: [failed("internal", billed)] }), other],
		});
		const error = await videos
			.textToVideo({ prompt }, { model: "fake:one", fallbacks: ["other:one"] })
			.catch((reason: unknown) => reason);
		expect(error).toMatchObject({ code: "provider_error", billed, token: expect.any(String) });
		expect(other.posts).toBe(0);
	});

	it("that was refused for its content says why and stops", async () => {
		const other = new FakeProvider({ id: "other" });
		const { videos } = await testService({
			providers: [new FakeProvider({ looks: [failed("refused", "no")] }), other],
		});
		const error = await videos
			.textToVideo({ prompt }, { model: "fake:one", fallbacks: ["other:one"] })
			.catch((reason: unknown) => reason);
		expect(error).toBeInstanceOf(ContentRefusedError);
		expect(error).toMatchObject({ reasons: ["the service said so"] });
		expect(other.posts).toBe(0);
	});

	it("goes on when the deadline passes, and can be waited for again", async () => {
		const provider = new FakeProvider({ looks: [running, running, () => SUCCEEDED] });
		const { videos } = await testService({ providers: [provider] });
		const job = await videos.submit({ prompt }, { model: "fake:one" });
		const error = await job.wait({ timeoutMs: 0 }).catch((reason: unknown) => reason);
		expect(error).toBeInstanceOf(StillRunningError);
		expect(error).toMatchObject({ token: job.token, billed: "yes", retryable: true });
		expect((await job.wait()).id).toBe(job.id);
		expect(provider.billed).toBe(1);
	});

	it("is resumed from its token by another service, without a submission", async () => {
		const provider = new FakeProvider({ looks: [running, () => SUCCEEDED] });
		const first = await testService({ providers: [provider] });
		const { token, id } = await first.videos.submit({ prompt }, { model: "fake:one" });
		const second = await testService({ providers: [provider] });
		const job = await second.videos.resume(token);
		const video = await job.wait();
		expect(video).toMatchObject({ id, model: "fake:one", attempts: [{ outcome: "accepted" }] });
		expect([provider.posts, provider.looks]).toEqual([1, 2]);
	});

	it("is resumed from its id by another process that has the ledger, and ends there once", async () => {
		const provider = new FakeProvider({ looks: [running, () => SUCCEEDED] });
		const file = join(await temporaryFolder(), "jobs.db");
		const first = await testService({ providers: [provider], ledger: new SqliteLedger(file) });
		const { id } = await first.videos.submit({ prompt }, { model: "fake:one" });
		await first.videos.close();
		const second = await testService({ providers: [provider], ledger: new SqliteLedger(file) });
		const video = await (await second.videos.resume(id)).wait();
		expect(video).toMatchObject({ id, model: "fake:one" });
		expect(provider.posts).toBe(1);
		await second.videos.close();
		const third = await testService({ providers: [provider], ledger: new SqliteLedger(file) });
		const again = await (await third.videos.resume(id)).wait();
		expect(JSON.parse(JSON.stringify(again))).toEqual(JSON.parse(JSON.stringify(video)));
		expect([provider.posts, provider.looks]).toEqual([1, 2]);
	});

	it("whose process ended in the middle of the submission is unknown, and nothing is sent", async () => {
		const provider = new FakeProvider();
		const ledger = new MemoryLedger();
		let jobId = "";
		const answer = Promise.withResolvers<never>();
		provider.start = async (_request, context) => {
			jobId = context.jobId;
			return answer.promise;
		};
		const first = await testService({ providers: [provider], ledger });
		void first.videos.submit({ prompt }, { model: "fake:one" }).catch(() => undefined);
		await vi.waitFor(() => expect(jobId).not.toBe(""));
		await endProcessOf(ledger, jobId);
		const fresh = new FakeProvider();
		const second = await testService({ providers: [fresh], ledger });
		const job = await second.videos.resume(jobId);
		await expect(job.wait()).rejects.toMatchObject({
			code: "submit_unknown",
			billed: "unknown",
			jobId,
			evidence: { model: "fake:one", received: "the process ended before an answer came" },
		});
		expect(fresh.posts).toBe(0);
		answer.reject(new TypeError("socket hang up"));
	});

	it("that nobody knows is an error that names the field", async () => {
		const { videos } = await testService();
		await expect(videos.resume("job_0")).rejects.toMatchObject({ code: "invalid_input", field: "token" });
		for (const token of ["", "rl1.", "rl1.e30", `rl1.${"A".repeat(2000)}`, "rl2.e30"]) {
			await expect(videos.resume(token)).rejects.toMatchObject({ code: "invalid_input", field: "token" });
		}
	});

	it("is shared by all who wait for it: one download, one file", async () => {
		const { videos, folder } = await testService({ providers: [new FakeProvider()] });
		const job = await videos.submit({ prompt }, { model: "fake:one" });
		const [first, second] = await Promise.all([job.wait(), job.wait()]);
		expect(first.path).toBe(second.path);
		expect(await filesIn(folder)).toHaveLength(1);
	});

	it("is not cancelled by an abort of the wait", async () => {
		let cancels = 0;
		const cancel = () => {
			cancels++;
			return "cancelled" as const;
		};
		const provider = new FakeProvider({ looks: [running], cancel });
		const { videos } = await testService({ providers: [provider] });
		const job = await videos.submit({ prompt }, { model: "fake:one" });
		const controller = new AbortController();
		const waiting = job.wait({ signal: controller.signal });
		controller.abort();
		await expect(waiting).rejects.toMatchObject({ code: "cancelled", token: job.token });
		expect(cancels).toBe(0);
		expect(job.state).not.toBe("cancelled");
		expect(await job.cancel()).toBe("cancelled");
		expect([cancels, job.state]).toEqual([1, "cancelled"]);
	});

	it("that lives in this process ends with the wait, and its error has no token to offer", async () => {
		let cancels = 0;
		const cancel = () => {
			cancels++;
			return "cancelled" as const;
		};
		const controller = new AbortController();
		const look = () => {
			controller.abort();
			return running();
		};
		const traits = { billing: "free", runsIn: "process" } as const;
		const { videos } = await testService({ providers: [new FakeProvider({ looks: [look], cancel, traits })] });
		const error = await videos
			.textToVideo({ prompt }, { model: "fake:one", signal: controller.signal })
			.catch((reason: unknown) => reason);
		expect(error).toMatchObject({ code: "cancelled", billed: "no" });
		expect((error as CancelledError).token).toBeUndefined();
		expect(cancels).toBe(1);
	});

	it("that cannot be saved stays generated, and is fetched again without a submission", async () => {
		const provider = new FakeProvider();
		const folder = await temporaryFolder();
		const { videos } = await testService({ providers: [provider], limits: { maxVideoBytes: 10 } });
		const job = await videos.submit({ prompt }, { model: "fake:one", output: join(folder, "a.mp4") });
		await expect(job.wait()).rejects.toMatchObject({ code: "file_too_large", billed: "yes", token: job.token });
		expect(job.state).toBe("generated");
		expect(await filesIn(folder)).toEqual([]);
		const { videos: roomy } = await testService({ providers: [provider] });
		expect((await (await roomy.resume(job.token)).wait()).sizeBytes).toBe(TINY_VIDEO.byteLength);
		expect(provider.billed).toBe(1);
	});

	it("whose file is no video is never a result", async () => {
		const page = { kind: "bytes", data: Buffer.from("<!doctype html><title>404</title>") } as const;
		const provider = new FakeProvider({ looks: [() => ({ state: "succeeded", assets: [page] })] });
		const { videos, folder } = await testService({ providers: [provider] });
		await expect(videos.textToVideo({ prompt }, { model: "fake:one" })).rejects.toMatchObject({ code: "bad_media" });
		expect(await filesIn(folder)).toEqual([]);
	});
});

describe("planning", () => {
	const retired = { id: "old", tasks: ["text-to-video"], options: EVERYTHING, retiresOn: "2026-09-24" } as const;

	it("skips what cannot serve the request, with the reason in the attempts", async () => {
		const models = [
			{ ...retired, replacement: "fake:new" },
			{ id: "dear", tasks: ["text-to-video"], options: EVERYTHING, priceUsdPerSecond: 2 },
			{ id: "still", tasks: ["image-to-video"], options: EVERYTHING },
			{ id: "new", tasks: ["text-to-video"], options: EVERYTHING, priceUsdPerSecond: 0.1 },
		] as const;
		const { videos } = await testService({ providers: [new FakeProvider({ models })] });
		const video = await videos.textToVideo(
			{ prompt, durationSeconds: 5 },
			{ model: "fake:old", fallbacks: ["fake:dear", "fake:still", "fake:new"], maxCostUsd: 1 },
		);
		expect(video.attempts.map(({ outcome, errorCode }) => [outcome, errorCode])).toEqual([
			["skipped", "model_retired"],
			["skipped", "quota_exceeded"],
			["skipped", "unsupported_option"],
			["accepted", undefined],
		]);
		expect(video.cost).toEqual({ usd: 0.5, source: "estimate" });
	});

	it("refuses a budget for a model without a price", async () => {
		const provider = new FakeProvider();
		const { videos } = await testService({ providers: [provider] });
		const generating = videos.textToVideo({ prompt, durationSeconds: 5 }, { model: "fake:one", maxCostUsd: 0 });
		await expect(generating).rejects.toThrow(/^maxCostUsd: the price of fake:one is not known/);
		expect(provider.posts).toBe(0);
	});

	it("passes an unknown model on with a warning, unless the provider knows all it has", async () => {
		const { videos } = await testService({ providers: [new FakeProvider()] });
		expect((await videos.textToVideo({ prompt }, { model: "fake:brand-new" })).warnings[0]).toMatch(
			/not in the catalogue/,
		);
		videos.register(new FakeProvider({ traits: { modelIds: "closed" } }));
		await expect(videos.textToVideo({ prompt }, { model: "fake:on" })).rejects.toThrow(/Did you mean "fake:one"\?/);
	});
});

describe("closing the service", () => {
	it("ends what waits, and says so", async () => {
		const provider = new FakeProvider({ looks: [running] });
		const { videos } = await testService({ providers: [provider] });
		const generating = videos.textToVideo({ prompt }, { model: "fake:one" });
		const outcome = generating.catch((reason: unknown) => reason);
		await vi.waitFor(() => expect(provider.looks).toBeGreaterThan(0));
		await videos.close();
		expect(await outcome).toMatchObject({ code: "cancelled", token: expect.stringMatching(/^rl1\./) });
	});
});
