import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type FinishedVideo, JobSharing, type SharedRequest } from "../../src/cache/index.ts";
import { createVideoNetwork, planOutput, saveAsset } from "../../src/downloads/index.ts";
import { CancelledError, ContentRefusedError, StillRunningError } from "../../src/errors/index.ts";
import type { VideoAsset } from "../../src/provider/index.ts";
import { TINY_VIDEO } from "../support/tiny-video.ts";
import { filesOf, makeCache } from "./support.ts";
import { keyOf, makeVideo } from "./videos.ts";

/** A job whose end the test decides. */
class FakeJob {
	readonly id: number;
	readonly ended = Promise.withResolvers<void>();

	constructor(id: number) {
		this.id = id;
		this.ended.promise.catch(() => undefined);
	}
}

/** A service with what sharing needs of one. A submission takes a while, and a job runs until the test ends it. */
async function makeService() {
	const { cache, folder } = await makeCache();
	let looks = 0;
	const find: typeof cache.find = async (...call) => {
		const found = await cache.find(...call);
		looks++;
		return found;
	};
	const sharing = new JobSharing<FakeJob>({ find });
	const video = await makeVideo(folder, "kite");
	const jobs: FakeJob[] = [];
	const inFlight = new Set<FakeJob>();

	async function submit(): Promise<FakeJob> {
		const job = new FakeJob(jobs.length + 1);
		jobs.push(job);
		await settle();
		inFlight.add(job);
		return job;
	}

	function ask(steps: Partial<SharedRequest<FakeJob, string>> = {}): Promise<string> {
		return sharing.run<string>({
			cacheKey: keyOf("kite"),
			shareKey: "kite",
			signal: new AbortController().signal,
			findInFlight: async () => [...inFlight].at(-1),
			begin: submit,
			finish: async (job, isOwn) => {
				await job.ended.promise;
				return isOwn ? `own job ${job.id}` : `job ${job.id}`;
			},
			restore: async () => "cache",
			...steps,
		});
	}

	/** As the core does it: the video is in the cache before its job counts as done. */
	async function succeed(job: FakeJob): Promise<void> {
		await cache.store(keyOf("kite"), video);
		inFlight.delete(job);
		job.ended.resolve();
	}

	function fail(job: FakeJob, error: Error): void {
		inFlight.delete(job);
		job.ended.reject(error);
	}

	/** Waits until the cache was looked at so many times: once by each caller, and once more by who submits. */
	async function looked(count: number): Promise<void> {
		while (looks < count) await settle();
		await settle();
	}

	async function nextInFlight(): Promise<FakeJob> {
		for (;;) {
			const [job] = inFlight;
			if (job !== undefined) return job;
			await settle();
		}
	}

	return { cache, video, jobs, inFlight, submit, ask, succeed, fail, looked, nextInFlight };
}

function rejectsOnAbort(signal: AbortSignal, reason: Error): Promise<never> {
	return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(reason)));
}

/** Long enough for every caller to get as far as it can. */
function settle(): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, 10));
}

describe("identical requests at the same time", () => {
	it("lead to one submission, and to a hundred files", async () => {
		const { cache, folder } = await makeCache();
		const network = createVideoNetwork({ allowPrivateNetwork: false, trustedOrigins: [] });
		onTestFinished(() => network.close());
		const sharing = new JobSharing<{ readonly video: Promise<FinishedVideo> }>(cache);
		const { signal } = new AbortController();
		const key = keyOf("tiny");
		const inFlight: { readonly video: Promise<FinishedVideo> }[] = [];
		let submissions = 0;

		async function save(output: string, asset: VideoAsset) {
			const plan = await planOutput({ output, overwrite: false, defaultDirectory: "", createDefaultDirectory: false });
			const names = { jobId: "", model: "", prompt: "", createdAtMs: 0 };
			return saveAsset({ asset, plan, names, maxBytes: 1e6, billed: "yes", signal, network });
		}

		async function generate(output: string): Promise<FinishedVideo> {
			const saved = await save(output, { kind: "bytes", data: TINY_VIDEO });
			const metadata = { container: saved.container };
			const video: FinishedVideo = { ...saved, metadata, model: "fake:one", cost: { usd: 0.5, source: "service" } };
			await cache.store(key, video);
			inFlight.pop();
			return video;
		}

		async function ask(output: string): Promise<string> {
			return sharing.run<string>({
				cacheKey: key,
				shareKey: key,
				signal,
				findInFlight: async () => inFlight[0],
				begin: async () => {
					submissions++;
					await settle();
					const job = { video: generate(output) };
					inFlight.push(job);
					return job;
				},
				finish: async (job, isOwn) => {
					const { path } = await job.video;
					return isOwn ? path : (await save(output, { kind: "file", path })).path;
				},
				restore: async ({ path }) => (await save(output, { kind: "file", path })).path,
			});
		}

		const outputs = Array.from({ length: 100 }, (_, index) => join(folder, `${index}.mp4`));
		expect(await Promise.all(outputs.map(ask))).toEqual(outputs);
		expect(await ask(join(folder, "later.mp4"))).toBe(join(folder, "later.mp4"));
		expect(submissions).toBe(1);
		for (const path of outputs) expect(await readFile(path)).toEqual(Buffer.from(TINY_VIDEO));
		expect(await filesOf(cache, "readers")).toEqual([]);
	});

	it("wait for the job of the first one, while it is submitted and while it runs", async () => {
		const { ask, jobs, looked, nextInFlight, succeed } = await makeService();
		const early = [ask(), ask(), ask()];
		await looked(4);
		const job = await nextInFlight();
		const late = ask();
		await looked(5);
		await succeed(job);
		expect((await Promise.all([...early, late])).sort()).toEqual(["job 1", "job 1", "job 1", "own job 1"]);
		expect(jobs).toHaveLength(1);
		expect(await ask()).toBe("cache");
	});

	it("wait for a job that another process has in flight", async () => {
		const { ask, jobs, inFlight, looked, succeed } = await makeService();
		const elsewhere = new FakeJob(7);
		inFlight.add(elsewhere);
		const asked = [ask(), ask()];
		await looked(2);
		await succeed(elsewhere);
		expect(await Promise.all(asked)).toEqual(["job 7", "job 7"]);
		expect(jobs).toHaveLength(0);
	});

	it("find the video of a job that ended between the look at the cache and the look at the jobs", async () => {
		const { ask, jobs, cache, video } = await makeService();
		const findInFlight = async () => {
			await cache.store(keyOf("kite"), video);
			return undefined;
		};
		const asked = [ask({ findInFlight }), ask({ findInFlight })];
		expect(await Promise.all(asked)).toEqual(["cache", "cache"]);
		expect(jobs).toHaveLength(0);
	});

	it("share nothing with other requests", async () => {
		const { ask, jobs, nextInFlight } = await makeService();
		const findInFlight = async () => undefined;
		const asked = ["a", "b"].map((shareKey) => ask({ shareKey, findInFlight }));
		await nextInFlight();
		for (const job of jobs) job.ended.resolve();
		expect((await Promise.all(asked)).sort()).toEqual(["own job 1", "own job 2"]);
	});
});

describe("a request that shares a job", () => {
	const refused = new ContentRefusedError("prompt: refused by the service", { reasons: [] });

	it("shares the failure of the submission, and the next one asks anew", async () => {
		const { ask, jobs, looked, nextInFlight, succeed } = await makeService();
		let submissions = 0;
		const begin = async () => {
			submissions++;
			await looked(4);
			throw refused;
		};
		const outcomes = await Promise.allSettled([ask({ begin }), ask({ begin }), ask({ begin })]);
		expect(outcomes.map((outcome) => outcome.status === "rejected" && outcome.reason)).toEqual(Array(3).fill(refused));
		expect(submissions).toBe(1);
		const again = ask();
		await succeed(await nextInFlight());
		expect([await again, jobs.length]).toEqual(["own job 1", 1]);
	});

	it("shares the failure of the job", async () => {
		const { ask, jobs, looked, nextInFlight, fail } = await makeService();
		const asked = [ask(), ask()];
		await looked(3);
		fail(await nextInFlight(), refused);
		const outcomes = await Promise.allSettled(asked);
		expect(outcomes.map((outcome) => outcome.status === "rejected" && outcome.reason)).toEqual([refused, refused]);
		expect(jobs).toHaveLength(1);
	});

	it("is submitted in its turn when the first caller gives up while it submits", async () => {
		const { ask, jobs, looked, nextInFlight, succeed } = await makeService();
		const controller = new AbortController();
		const submitting = Promise.withResolvers<void>();
		const first = ask({
			signal: controller.signal,
			begin: () => {
				submitting.resolve();
				return rejectsOnAbort(controller.signal, new CancelledError("cancelled"));
			},
		});
		await submitting.promise;
		const others = [ask(), ask()];
		await looked(4);
		controller.abort();
		await expect(first).rejects.toMatchObject({ code: "cancelled" });
		await looked(7);
		await succeed(await nextInFlight());
		expect((await Promise.all(others)).sort()).toEqual(["job 1", "own job 1"]);
		expect(jobs).toHaveLength(1);
	});

	it("is submitted in its turn when somebody cancels the job", async () => {
		const { ask, jobs, looked, nextInFlight, fail, succeed } = await makeService();
		const asked = [ask(), ask(), ask()];
		await looked(4);
		const settled = Promise.allSettled(asked);
		const cancelled = new CancelledError("cancelled by the user", { billed: "yes" });
		fail(await nextInFlight(), cancelled);
		await looked(7);
		await succeed(await nextInFlight());
		const outcomes = (await settled).map((one) => (one.status === "fulfilled" ? one.value : one.reason));
		expect(outcomes.filter((outcome) => outcome === cancelled)).toHaveLength(1);
		expect(outcomes.filter((outcome) => outcome !== cancelled).sort()).toEqual(["job 2", "own job 2"]);
		expect(jobs).toHaveLength(2);
	});

	it("stops to wait at once when its own caller gives up, and nobody else does", async () => {
		const { ask, jobs, submit, looked, nextInFlight, succeed } = await makeService();
		const reason = new CancelledError("not needed any more");
		const answer = Promise.withResolvers<void>();
		const first = ask({
			begin: async () => {
				await answer.promise;
				return submit();
			},
		});
		await looked(2);
		const begin = async () => expect.unreachable("nobody needs a second job");
		const early = new AbortController();
		const whileItIsSubmitted = ask({ signal: early.signal, begin });
		await looked(3);
		early.abort();
		await expect(whileItIsSubmitted).rejects.toMatchObject({ code: "cancelled", billed: "no" });
		answer.resolve();
		await nextInFlight();
		const late = new AbortController();
		const waiting = Promise.withResolvers<void>();
		const finish = () => {
			waiting.resolve();
			return rejectsOnAbort(late.signal, reason);
		};
		const whileItRuns = ask({ signal: late.signal, begin, finish });
		await waiting.promise;
		late.abort();
		await expect(whileItRuns).rejects.toBe(reason);
		await succeed(await nextInFlight());
		expect([await first, jobs.length]).toEqual(["own job 1", 1]);
	});

	it("looks again when another process was faster to submit it, and submits if that came to nothing", async () => {
		const { ask, jobs, inFlight, submit, succeed } = await makeService();
		const elsewhere = new FakeJob(7);
		let begun = 0;
		const asked = ask({
			begin: async () => {
				begun++;
				if (begun === 2) inFlight.add(elsewhere);
				return undefined;
			},
			finish: async (job, isOwn) => `${isOwn ? "own " : ""}job ${job.id}`,
		});
		expect(await asked).toBe("job 7");
		expect([begun, jobs.length]).toEqual([2, 0]);
		await succeed(elsewhere);
		expect(await ask({ begin: submit })).toBe("cache");
	});

	it("keeps its own deadline", async () => {
		const { ask, nextInFlight, succeed } = await makeService();
		const first = ask();
		const job = await nextInFlight();
		const late = new StillRunningError("the time was up");
		await expect(ask({ finish: () => Promise.reject(late) })).rejects.toBe(late);
		await succeed(job);
		expect(await first).toBe("own job 1");
	});
});

describe("a video from the cache", () => {
	it("is let go when it was copied, and when that failed", async () => {
		const { ask, cache, video } = await makeService();
		await cache.store(keyOf("kite"), video);
		const seen: number[] = [];
		const count = async () => seen.push((await filesOf(cache, "readers")).length);
		const restore = async () => {
			await count();
			throw refusedDisk;
		};
		const refusedDisk = new CancelledError("no room");
		await expect(ask({ restore })).rejects.toBe(refusedDisk);
		await count();
		expect(seen).toEqual([1, 0]);
	});

	it("needs no look at the jobs", async () => {
		const { ask, cache, video } = await makeService();
		await cache.store(keyOf("kite"), video);
		expect(await ask({ findInFlight: async () => expect.unreachable("the cache has it") })).toBe("cache");
	});
});
