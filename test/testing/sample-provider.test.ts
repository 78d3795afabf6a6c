import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createStudioProvider, type StudioOptions } from "../../examples/http-provider.ts";
import {
	createScriptedService,
	type Fault,
	faults,
	type ScriptedService,
	TINY_VIDEO,
} from "../../src/testing/index.ts";
import { runReelay } from "../support/command-line.ts";
import { FakeProvider } from "../support/fake-provider.ts";
import { temporaryFolder, testService } from "../support/service.ts";

vi.mock("reelay/provider-kit", () => import("../../src/provider-kit/index.ts"));

const KEY = "studio-key-0123456789";
const model = "studio:one";

/** The sample provider in a whole service, against a scripted one that gives its first submissions these faults. */
async function studio(script: readonly Fault[] = [], promises: Partial<StudioOptions> = {}) {
	const idempotency = promises.idempotency ?? "none";
	const service: ScriptedService = await createScriptedService({ apiKey: KEY, idempotency });
	onTestFinished(() => service.close());
	service.next("submit", ...script);
	const provider = createStudioProvider({ baseUrl: service.baseUrl, apiKey: KEY, ...promises });
	const other = new FakeProvider({ id: "other" });
	const { videos } = await testService({
		env: { REELAY_ALLOW_PRIVATE_NETWORK: "1" },
		providers: [provider, other],
	});
	return { service, videos, other };
}

describe("the sample provider in a whole service", () => {
	it("is one file of at most 120 lines", () => {
		expect(readFileSync("examples/http-provider.ts", "utf8").trimEnd().split("\n").length).toBeLessThanOrEqual(120);
	});

	it("makes a video with one submission", async () => {
		const { service, videos } = await studio();
		const video = await videos.textToVideo({ prompt: "Waves", seed: 0 }, { model });
		expect(video).toMatchObject({ model, sizeBytes: TINY_VIDEO.byteLength });
		expect([service.posts, service.billed, service.downloads]).toEqual([1, 1, 1]);
		expect(service.requests[0]?.request.json).toMatchObject({ prompt: "Waves", seed: 0, task: "text-to-video" });
	});

	it("leads to the next model when nothing was sent, as nobody listens", async () => {
		const { service, videos, other } = await studio();
		await service.close();
		const video = await videos.textToVideo({ prompt: "Waves" }, { model, fallbacks: ["other:one"] });
		expect([video.model, other.billed]).toEqual(["other:one", 1]);
	});

	it("leads to no other model when its answer was lost, and finds the job in the list", async () => {
		const { service, videos, other } = await studio([faults.reset("after-commit")]);
		const video = await videos.textToVideo({ prompt: "Waves" }, { model, fallbacks: ["other:one"] });
		expect([video.model, service.posts, service.billed, other.posts]).toEqual([model, 1, 1, 0]);
	});

	it("sends a lost submission again where the service honours its key", async () => {
		const promises = { idempotency: "replay", lookup: "none" } as const;
		const { service, videos } = await studio([faults.reset("after-commit"), faults.reset("before-commit")], promises);
		const video = await videos.textToVideo({ prompt: "Waves" }, { model });
		expect([video.model, service.posts, service.billed]).toEqual([model, 3, 1]);
	});

	it("ends in submit_unknown when nothing can tell what became of a submission", async () => {
		const { service, videos, other } = await studio([faults.jobId("../../admin")], { lookup: "none" });
		const made = videos.textToVideo({ prompt: "Waves" }, { model, fallbacks: ["other:one"] });
		await expect(made).rejects.toMatchObject({ code: "submit_unknown", billed: "unknown" });
		expect([service.requests.length, other.posts]).toEqual([1, 0]);
	});

	it("is taken up by the command line, with everything from the environment", async () => {
		const service = await createScriptedService({ apiKey: KEY, views: [{ state: "succeeded" }] });
		onTestFinished(() => service.close());
		const run = await runReelay(["generate", "Waves", "--model", "studio:one", "--output", "waves.mp4"], {
			cwd: await temporaryFolder(),
			env: {
				NODE_OPTIONS: `--import ${resolve("test/support/resolve-sources.ts")}`,
				REELAY_PROVIDERS: resolve("examples/studio-from-environment.ts"),
				REELAY_ALLOW_PRIVATE_NETWORK: "1",
				STUDIO_BASE_URL: service.baseUrl,
				STUDIO_API_KEY: KEY,
			},
		});
		expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/waves\.mp4\n$/) });
		expect(run.stderr).not.toContain(KEY);
		expect([service.posts, service.billed]).toEqual([1, 1]);
	});
});
