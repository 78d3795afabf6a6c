import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { Dialect } from "../../../providers/openai-videos/dialects.ts";
import { createOpenaiVideosProvider } from "../../../providers/openai-videos/index.ts";
import { Secret } from "../../../src/errors/index.ts";
import type { ProviderRequest } from "../../../src/provider/index.ts";
import {
	createScriptedService,
	faults,
	type JobView,
	type ScriptedService,
	TINY_VIDEO,
} from "../../../src/testing/index.ts";
import { startContext } from "../../../src/testing/trial.ts";
import { testService } from "../../support/service.ts";
import { SERVED_MODEL, videosDialect } from "./dialect.ts";

const KEY = "videos-key-0123456789";
const model = `openai-videos:${SERVED_MODEL}`;
const request: ProviderRequest = {
	task: "text-to-video",
	model: SERVED_MODEL,
	prompt: "Waves",
	providerOptions: {},
};

async function server(dialect: Dialect = "vllm-omni", ...views: readonly JobView[]): Promise<ScriptedService> {
	const service = await createScriptedService({
		dialect: videosDialect(dialect),
		apiKey: KEY,
		...(views.length === 0 ? {} : { views }),
	});
	onTestFinished(() => service.close());
	return service;
}

function providerOf(...servers: readonly (ScriptedService | string)[]) {
	return createOpenaiVideosProvider({
		credentials: { OPENAI_VIDEOS_API_KEY: new Secret(KEY) },
		variables: {},
		baseUrl: servers.map((one) => (typeof one === "string" ? one : one.baseUrl)).join(" , "),
	});
}

async function videosOf(...servers: readonly ScriptedService[]) {
	const provider = providerOf(...servers);
	return testService({ env: { REELAY_ALLOW_PRIVATE_NETWORK: "1" }, providers: [provider] });
}

const idsAskedOf = ({ requests }: ScriptedService) =>
	requests.filter(({ call }) => call === "look").map(({ request: { url } }) => url.pathname.split("/").at(-1));

describe("several servers", () => {
	it("take turns, and each is asked for its own jobs only", async () => {
		const [first, second] = [await server(), await server("sglang")];
		// Both would count from one: the ids are the same, and only the server tells the jobs apart.
		const provider = providerOf(first, second);
		const started = [];
		for (let count = 0; count < 4; count++) started.push(await provider.start(request, startContext()));
		expect([first.posts, second.posts]).toEqual([2, 2]);

		const [toFirst, toSecond] = started.map(({ handle }) => handle);
		await provider.status(toSecond ?? null, startContext());
		expect([idsAskedOf(first), idsAskedOf(second)]).toEqual([[], ["job_00000001"]]);
		await provider.status(toFirst ?? null, startContext());
		expect([idsAskedOf(first), idsAskedOf(second)]).toEqual([["job_00000001"], ["job_00000001"]]);
	});

	it("are spoken to each in its own dialect", async () => {
		const [first, second] = [await server("vllm-omni"), await server("sglang")];
		const provider = providerOf(first, second);
		for (let count = 0; count < 2; count++) {
			await provider.start({ ...request, durationSeconds: 5, seed: 0 }, startContext());
		}
		const submitted = [first, second].map(({ jobs }) => jobs[0]?.submission);
		expect(Object.fromEntries(submitted[0]?.form ?? [])).toMatchObject({ seconds: "5", seed: "0", fps: "24" });
		expect(submitted[1]?.json).toMatchObject({ seconds: 5, seed: 0, fps: 24 });
	});

	it("may serve different models: a job goes to one that lists its model", async () => {
		const [first, second] = [await server(), await server()];
		const other = { json: { object: "list", data: [{ id: "another/model", owned_by: "vllm" }] } };
		first.every("other", faults.body(JSON.stringify(other.json), "application/json"));
		const provider = providerOf(first, second);
		for (let count = 0; count < 3; count++) await provider.start(request, startContext());
		expect([first.posts, second.posts]).toEqual([0, 3]);
	});

	it("lose the jobs of the one that is killed, and nothing else: new ones go to the other", async () => {
		const [first, second] = [await server("vllm-omni", { state: "running" }), await server()];
		const { videos } = await videosOf(first, second);
		const job = await videos.submit({ prompt: "Waves" }, { model });
		expect([first.posts, second.posts]).toEqual([1, 0]);

		await first.close();
		const made = [];
		for (let count = 0; count < 2; count++) made.push(await videos.textToVideo({ prompt: "Hills" }, { model }));
		expect(made.map(({ sizeBytes }) => sizeBytes)).toEqual([1, 2].map(() => TINY_VIDEO.byteLength));
		expect([second.posts, second.billed]).toEqual([2, 2]);

		// Nobody has said that the job is gone, so it is not called lost.
		const unreachable = job.wait({ timeoutMs: 60_000 });
		await expect(unreachable).rejects.toMatchObject({ code: "still_running", token: job.token });
		expect(second.requests.filter(({ call }) => call === "look")).toHaveLength(6);
	});

	it("tell that a job is lost when its server came back without it, and what can be done", async () => {
		const [first, second] = [await server("vllm-omni", { state: "running" }), await server()];
		const { videos } = await videosOf(first, second);
		const job = await videos.submit({ prompt: "Waves" }, { model });
		first.every("look", faults.status(404));

		const ended = await job.wait().catch((error: unknown) => error);
		expect(ended).toMatchObject({
			code: "operation_not_found",
			message: expect.stringMatching(/does not know it any more.*restarted.*submit the request again/),
		});
		expect([first.posts, second.requests.length]).toEqual([1, 0]);
		expect(JSON.stringify(ended)).not.toContain(KEY);
	});

	it("are passed over in a start that cannot reach them, without a second submission", async () => {
		const [dead, alive] = [await server(), await server()];
		await dead.close();
		const provider = providerOf(dead, alive);
		for (let count = 0; count < 12; count++) await provider.start(request, startContext());
		expect(alive.posts).toBe(12);
	});

	it("rest when they did not answer, and have their turn again later", async () => {
		const [weak, strong] = [await server(), await server()];
		weak.next("other", faults.status(503));
		const provider = providerOf(weak, strong);
		for (let count = 0; count < 9; count++) await provider.start(request, startContext());
		expect([weak.posts, strong.posts]).toEqual([0, 9]);
		for (let count = 0; count < 4; count++) await provider.start(request, startContext());
		expect([weak.posts, strong.posts]).toEqual([2, 11]);
	});

	it("rest when a submission got no answer, as new jobs would get none either", async () => {
		const [first, second] = [await server(), await server()];
		const provider = providerOf(first, second);
		const fetch: typeof globalThis.fetch = async (input, init) => {
			const isRefused = init?.method === "POST" && String(input).startsWith(first.baseUrl);
			if (isRefused) throw new TypeError("fetch failed");
			return globalThis.fetch(input, init);
		};
		await expect(provider.start(request, { ...startContext(), fetch })).rejects.toThrow(/no answer/);
		for (let count = 0; count < 3; count++) await provider.start(request, startContext());
		expect([first.requests.length, second.posts]).toEqual([1, 3]);
	});

	it("rest when a look got no answer, and are back at once when one does", async () => {
		const [first, second] = [await server(), await server()];
		const provider = providerOf(first, second);
		const { handle } = await provider.start(request, startContext());
		first.next("look", faults.reset());
		await expect(provider.status(handle, startContext())).rejects.toMatchObject({ retryable: true });
		for (let count = 0; count < 3; count++) await provider.start(request, startContext());
		expect([first.posts, second.posts]).toEqual([1, 3]);
		await provider.status(handle, startContext());
		for (let count = 0; count < 2; count++) await provider.start(request, startContext());
		expect([first.posts, second.posts]).toEqual([2, 4]);
	});

	it("that rest are taken all the same when no other answers", async () => {
		const [first, second] = [await server(), await server()];
		const provider = providerOf(first, second);
		first.next("other", faults.status(503));
		await provider.start(request, startContext());
		await second.close();
		await provider.start(request, startContext());
		expect([first.posts, second.posts]).toEqual([1, 1]);
	});

	it("are all tried before a start is rejected, and nothing was sent then", async () => {
		const [first, second] = [await server(), await server()];
		for (const one of [first, second]) one.every("other", faults.status(503));
		const rejected = providerOf(first, second).start(request, startContext());
		await expect(rejected).rejects.toMatchObject({ billed: "no", retryable: true });
		expect([first, second].map(({ requests, posts }) => [requests.length, posts])).toEqual([
			[1, 0],
			[1, 0],
		]);
	});

	it("do not stop a submission whose answer was lost from being unknown", async () => {
		const [first, second] = [await server(), await server()];
		first.next("submit", faults.reset("after-commit"));
		const { videos } = await videosOf(first, second);
		const made = videos.textToVideo({ prompt: "Waves" }, { model });
		await expect(made).rejects.toMatchObject({ code: "submit_unknown" });
		expect([first.posts, second.posts]).toEqual([1, 0]);
	});
});

describe("a job of a server", () => {
	it("is found again whatever the order of the list and the spelling of the address", async () => {
		const [first, second] = [await server(), await server()];
		const { handle } = await providerOf(first, second).start(request, startContext());
		const respelled = providerOf(`${second.baseUrl}/`, first.baseUrl.replace("/v1", "/"));
		expect(await respelled.status(handle, startContext())).toEqual({ state: "queued" });
		expect([first.looks, second.looks]).toEqual([1, 0]);
	});

	it("that was forgotten was billed by no engine", async () => {
		const [engine, gateway] = [await server("sglang"), await server("litellm")];
		for (const [one, billed] of [
			[engine, "no"],
			[gateway, "unknown"],
		] as const) {
			const provider = providerOf(one);
			const { handle } = await provider.start(request, startContext());
			one.next("look", faults.status(404));
			const looked = provider.status(handle, startContext());
			await expect(looked).rejects.toMatchObject({ code: "operation_not_found", billed });
		}
	});

	it("that a gateway does not show is not called lost, as a second one would be paid for again", async () => {
		for (const [dialect, urges] of [
			["litellm", false],
			["plain", false],
			["sglang", true],
		] as const) {
			const one = await server(dialect);
			const provider = providerOf(one);
			const { handle } = await provider.start(request, startContext());
			one.next("look", faults.status(404));
			const error = await provider.status(handle, startContext()).catch((thrown: unknown) => thrown);
			expect(error).toMatchObject({ code: "operation_not_found" });
			expect(/lost|submit the request again/.test(String(error))).toBe(urges);
			expect(await provider.status(handle, startContext())).toEqual({ state: "queued" });
		}
	});

	it("that is not configured any more is not lost: nobody is asked, and the remedy is told", async () => {
		const [first, second] = [await server(), await server()];
		const { handle } = await providerOf(first).start(request, startContext());
		const looked = providerOf(second).status(handle, startContext());
		await expect(looked).rejects.toMatchObject({ code: "configuration", message: expect.stringContaining("add its") });
		expect([first.looks, second.requests.length]).toEqual([0, 0]);
	});

	it("is adopted by its id, and by its address where there are several servers", async () => {
		const [first, second] = [await server(), await server()];
		const { handle } = await providerOf(first).start(request, startContext());
		const place = { ...(handle as { readonly server: string; readonly id: string }), dialect: "plain" };
		expect(providerOf(first).adopt?.("job_00000001", SERVED_MODEL)).toEqual(place);
		const several = providerOf(second, first);
		expect(several.adopt?.(`${first.baseUrl}/videos/job_00000001`, SERVED_MODEL)).toEqual(place);
		for (const wrong of ["job_00000001", "http://127.0.0.1:9/v1/videos/job_1", `${first.baseUrl}/videos/../x`]) {
			expect(() => several.adopt?.(wrong, SERVED_MODEL)).toThrow(/does not lead to a job/);
		}
	});

	it("still runs when a look is answered with nothing at all", async () => {
		const one = await server("plain");
		const provider = providerOf(one);
		const { handle } = await provider.start(request, startContext());
		one.next("look", faults.body("", "application/json", "before-commit", 202));
		expect(await provider.status(handle, startContext())).toEqual({ state: "running" });
	});

	it("is not failed by an error status whose body is a job that runs, or no job", async () => {
		const one = await server();
		const provider = providerOf(one);
		const { handle } = await provider.start(request, startContext());
		for (const body of ['{"object":"video","status":"in_progress"}', '{"detail":"CUDA is busy"}']) {
			one.next("look", faults.body(body, "application/json", "before-commit", 500));
			await expect(provider.status(handle, startContext())).rejects.toMatchObject({ retryable: true, status: 500 });
		}
	});

	it("is downloaded though its file is not there for a moment", async () => {
		const one = await server("sglang", { state: "succeeded" });
		one.next("result", faults.status(404), faults.status(404));
		// Chance decides how long a download waits before it tries again: not at all, here.
		vi.spyOn(Math, "random").mockReturnValue(0);
		onTestFinished(() => {
			vi.restoreAllMocks();
		});
		const { videos } = await videosOf(one);
		const video = await videos.textToVideo({ prompt: "Waves" }, { model });
		expect([video.sizeBytes, one.posts, one.downloads]).toEqual([TINY_VIDEO.byteLength, 1, 3]);
	});

	it("that failed at an engine leads to the next model, as nothing is billed there", async () => {
		const failure = { kind: "internal", reason: "CUDA out of memory", billed: false } as const;
		const [first, second] = [await server("vllm-omni", { state: "failed", failure }), await server("sglang")];
		const { videos } = await videosOf(first, second);
		const fallbacks = ["openai-videos:somebody/new-model"];
		const video = await videos.textToVideo({ prompt: "Waves" }, { model, fallbacks });
		expect([video.model, first.posts, second.posts]).toEqual([fallbacks[0], 1, 1]);
		expect(video.attempts[0]).toMatchObject({ reason: expect.stringContaining("CUDA out of memory") });
	});
});

describe("cancelling", () => {
	it("stops a job of vllm-omni", async () => {
		const one = await server();
		const provider = providerOf(one);
		const { handle } = await provider.start(request, startContext());
		expect(await provider.cancel?.(handle, startContext())).toBe("cancelled");
		expect(one.jobs[0]?.state).toBe("cancelled");
	});

	it("deletes no finished job, as its video would be gone with it", async () => {
		const one = await server("vllm-omni", { state: "succeeded" });
		const provider = providerOf(one);
		const { handle } = await provider.start(request, startContext());
		expect(await provider.cancel?.(handle, startContext())).toBe("finished");
		expect(one.cancels).toBe(0);
	});

	it("deletes nothing at a server that would forget the job and work on", async () => {
		for (const dialect of ["sglang", "fastvideo", "litellm", "plain"] as const) {
			const one = await server(dialect);
			const provider = providerOf(one);
			const { handle } = await provider.start(request, startContext());
			expect(await provider.cancel?.(handle, startContext())).toBe("unsupported");
			expect(one.cancels).toBe(0);
		}
	});
});

describe("the configuration", () => {
	const create = (baseUrl: string | undefined, dialect?: string) =>
		createOpenaiVideosProvider({
			credentials: {},
			variables: dialect === undefined ? {} : { OPENAI_VIDEOS_DIALECT: dialect },
			...(baseUrl === undefined ? {} : { baseUrl }),
		});

	it("needs an address, and no key", async () => {
		const none = create(undefined);
		expect(await none.check?.()).toMatchObject({ usable: false, detail: expect.stringContaining("BASE_URL") });
		await expect(none.start(request, startContext())).rejects.toMatchObject({ code: "configuration" });
		expect(await create("http://gpu:8091").check?.()).toEqual({
			usable: true,
			detail: "requests go to http://gpu:8091/v1; no key is sent",
		});
	});

	it.each([
		["http://gpu:8091", "http://gpu:8091/v1"],
		["http://gpu:8091/v1/", "http://gpu:8091/v1"],
		["http://gpu:8091/api/v2beta", "http://gpu:8091/api/v2beta"],
		["http://v2", "http://v2/v1"],
	])("takes %s for %s", async (address, place) => {
		expect((await create(address).check?.())?.detail).toBe(`requests go to ${place}; no key is sent`);
	});

	it.each(["gpu:8091", "ftp://gpu/v1", "http://gpu:8091,nonsense", "http://user:password@gpu", "http://gpu?key=a"])(
		"refuses %s as an address, at once",
		(address) => {
			expect(() => create(address)).toThrow(/base URL/);
		},
	);

	it("refuses a dialect that there is not, and names those that there are", () => {
		expect(() => create("http://gpu:8091", "vllm")).toThrow(/"vllm" is no dialect; write one of vllm-omni, sglang/);
		expect(create("http://gpu:8091", "auto").traits.cancel).toBe("best-effort");
		expect(create("http://gpu:8091", "sglang").traits.cancel).toBe("none");
	});

	it("with a dialect asks one server nothing before a submission", async () => {
		const one = await server("sglang");
		const provider = createOpenaiVideosProvider({
			credentials: { OPENAI_VIDEOS_API_KEY: new Secret(KEY) },
			variables: { OPENAI_VIDEOS_DIALECT: "sglang" },
			baseUrl: one.baseUrl,
		});
		await provider.start(request, startContext());
		expect(one.requests.map(({ call }) => call)).toEqual(["submit"]);
	});

	it("takes a server that has no list of models for a plain one", async () => {
		const one = await server("plain");
		one.every("other", faults.status(404));
		await providerOf(one).start({ ...request, durationSeconds: 8 }, startContext());
		expect(one.jobs[0]?.submission.json).toMatchObject({ seconds: "8" });
	});
});
