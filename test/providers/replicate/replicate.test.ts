import { describe, expect, it } from "vitest";
import { createReplicateProvider } from "../../../providers/replicate/index.ts";
import { toInput, toOutcome, toStatus } from "../../../providers/replicate/map.ts";
import { Secret } from "../../../src/errors/index.ts";
import type { JsonValue, ProviderRequest } from "../../../src/provider/index.ts";
import { createScriptedService, faults, TINY_IMAGE } from "../../../src/testing/index.ts";
import { startContext } from "../../../src/testing/trial.ts";
import { replicateDialect } from "./dialect.ts";

const HASH = "a".repeat(64);
const URL_1 = "https://replicate.delivery/pbxt/1/out.mp4";
const URL_2 = "https://replicate.delivery/pbxt/2/out.mp4";
const PICTURE = "https://replicate.delivery/pbxt/3/cover.png";

const asked = (model: string, options: Partial<ProviderRequest> = {}): ProviderRequest => ({
	task: "text-to-video",
	model,
	prompt: "Waves",
	providerOptions: {},
	...options,
});
const replicate = (baseUrl?: string) =>
	createReplicateProvider({
		credentials: { REPLICATE_API_TOKEN: new Secret("replicate-token-for-tests") },
		variables: {},
		...(baseUrl === undefined ? {} : { baseUrl }),
	});

describe("an output of Replicate", () => {
	it.each<[string, JsonValue, readonly string[]]>([
		["a text", URL_1, [URL_1]],
		["a list", [URL_1, URL_2], [URL_1, URL_2]],
		["an object", { cover: PICTURE, video: URL_1, seed: 0 }, [URL_1, PICTURE]],
		["a list of objects", [{ file: URL_1 }, { file: URL_2 }], [URL_1, URL_2]],
	])("can be %s: every URL is an asset without headers, videos first", (_shape, output, urls) => {
		const assets = urls.map((url) => ({ kind: "url", url }));
		expect(toStatus({ id: "p", status: "succeeded", output })).toEqual({ state: "succeeded", assets });
	});

	it("is a failure that was billed when it has no URL, or was deleted", () => {
		for (const output of [null, "", [], {}, "not a url", undefined]) {
			const status = toStatus({ id: "p", status: "succeeded", output });
			expect(status).toMatchObject({ state: "failed", kind: "internal", billed: "yes" });
		}
		const removed = toStatus({ id: "p", status: "succeeded", output: null, data_removed: true });
		expect(removed).toMatchObject({ state: "failed", kind: "expired", billed: "yes" });
	});

	it("is not taken before the end", () => {
		expect(toStatus({ id: "p", status: "processing", output: URL_1, logs: "a\n 50% \n" })).toEqual({
			state: "running",
			message: "50%",
		});
	});
});

describe("a status of Replicate", () => {
	it.each<[string, string | null, object]>([
		["starting", null, { state: "queued" }],
		["booting", null, { state: "running" }],
		["failed", "GPU out of memory", { kind: "internal", reason: "GPU out of memory", billed: "unknown" }],
		["failed", "Try other inputs. (E005)", { kind: "refused", billed: "unknown" }],
		["failed", "NSFW content detected", { kind: "refused" }],
		["failed", "Correct it. (E006)", { kind: "invalid" }],
		["failed", null, { kind: "internal", reason: "no reason was given" }],
		["canceled", null, { kind: "cancelled", billed: "unknown" }],
		["aborted", null, { kind: "expired", billed: "no" }],
	])("of %s with the error %j is understood", (status, error, expected) => {
		expect(toStatus({ id: "p", status, error })).toMatchObject(expected);
	});

	it.each([
		["canceled", "cancelled"],
		["aborted", "cancelled"],
		["succeeded", "finished"],
		["failed", "finished"],
		["processing", "requested"],
	])("of %s after a cancellation means %s", (status, outcome) => {
		expect(toOutcome({ id: "p", status })).toBe(outcome);
	});
});

describe("the input of a model of Replicate", () => {
	it.each([
		["google/veo-3.1", "image", "last_frame"],
		["kwaivgi/kling-v3-video", "start_image", "end_image"],
		["luma/ray-3.2", "start_image", "end_image"],
		["bytedance/seedance-2.0", "image", "last_frame_image"],
		["minimax/hailuo-2.3", "first_frame_image", "last_frame_image"],
		[`wan-video/wan-2.2-i2v-fast:${HASH}`, "image", "last_image"],
		["somebody/new-model", "image", "last_frame_image"],
	])("of %s has the first frame in %s and the last one in %s", (model, first, last) => {
		const { input } = toInput(asked(model, { image: TINY_IMAGE, lastFrame: TINY_IMAGE }));
		expect(input).toEqual({ prompt: "Waves", [first]: expect.stringMatching(/^data:/), [last]: expect.any(String) });
	});

	it.each<[string, Partial<ProviderRequest>, object]>([
		["kwaivgi/kling-v3-video", { resolution: "1080p", durationSeconds: 3 }, { mode: "pro", duration: 3 }],
		["kwaivgi/kling-v3-omni-video", { resolution: "4k" }, { mode: "4k" }],
		[
			"google/veo-3.1",
			{ seed: 0, generateAudio: false, negativePrompt: "" },
			{ seed: 0, generate_audio: false, negative_prompt: "" },
		],
		["google/veo-3.1", { resolution: "1080P" }, { resolution: "1080p" }],
		["wan-video/wan-2.2-t2v-fast", { durationSeconds: 6 }, { num_frames: 97 }],
		["somebody/new-model", { fps: 12, resolution: "1280x720" }, { fps: 12, resolution: "1280x720" }],
	])("of %s has %j as %j", (model, options, expected) => {
		expect(toInput(asked(model, options))).toEqual({ input: { prompt: "Waves", ...expected }, warnings: [] });
	});

	it("has the names that the user gives, and everything else as it is", () => {
		const providerOptions = { inputNames: { image: "input_image", quality: "effort" }, go_fast: false };
		const { input, warnings } = toInput(asked("a/b", { image: TINY_IMAGE, quality: "low", providerOptions }));
		expect(input).toEqual({ prompt: "Waves", input_image: expect.any(String), effort: "low", go_fast: false });
		expect(warnings).toEqual([]);
	});

	it("comes with a word on what has no place in it, or was adjusted", () => {
		expect(toInput(asked("a/b", { quality: "low" })).warnings).toEqual([expect.stringMatching(/^quality: /)]);
		const long = toInput(asked("wan-video/wan-2.2-t2v-fast", { durationSeconds: 7.5, fps: 30 }));
		expect(long.input).toMatchObject({ num_frames: 121, frames_per_second: 30 });
		expect(long.warnings).toEqual([expect.stringMatching(/^durationSeconds: 7\.5 became 4\.00/)]);
	});

	it("is refused when it says a thing twice, or has too many references", () => {
		const references = [TINY_IMAGE, TINY_IMAGE, TINY_IMAGE, TINY_IMAGE];
		const twice = asked("a/b", { seed: 0, providerOptions: { seed: 1 } });
		expect(() => toInput(twice)).toThrow(/^providerOptions\.replicate\.seed: /);
		expect(() => toInput(asked("google/veo-3.1", { references }))).toThrow(/^references: /);
		const inputNames = { negativePrompt: "prompt" };
		const lost = asked("google/veo-3.1", { negativePrompt: "fog", providerOptions: { inputNames } });
		expect(() => toInput(lost)).toThrow(/^negativePrompt: it would be sent as "prompt"/);
	});

	it.each<[string, Partial<ProviderRequest>, number]>([
		["luma/ray-3.2", { durationSeconds: 10, image: TINY_IMAGE }, 5],
		["minimax/hailuo-2.3", { durationSeconds: 10, resolution: "1080p" }, 6],
	])("of %s is shortened where the model makes no such length", (model, options, seconds) => {
		const { input, warnings } = toInput(asked(model, options));
		expect(input).toMatchObject({ duration: seconds });
		expect(warnings).toEqual([expect.stringMatching(`^durationSeconds: 10 became ${seconds}, as ${model} makes`)]);
		expect(() => toInput(asked(model, { ...options, onUnsupported: "reject" }))).toThrow(/^durationSeconds: 10 became/);
		for (const fine of [{ durationSeconds: 10 }, { ...options, durationSeconds: seconds }]) {
			expect(toInput(asked(model, fine))).toMatchObject({ input: { duration: fine.durationSeconds }, warnings: [] });
		}
	});

	it("is never made longer than was asked for", () => {
		const lite = (durationSeconds: number, resolution: string) => () =>
			toInput(asked("google/veo-3.1-lite", { durationSeconds, resolution }));
		expect(lite(4, "1080p")).toThrow(
			/^durationSeconds: google\/veo-3\.1-lite makes 8 s only at 1080p, not 4; ask for 8/,
		);
		for (const fine of [lite(8, "1080p"), lite(4, "720p")]) expect(fine().warnings).toEqual([]);
	});
});

describe("the API of Replicate", () => {
	it.each([
		["owner/name", "/v1/models/owner/name/predictions", undefined],
		[`owner/name:${HASH}`, "/v1/predictions", HASH],
	])("is asked for %s at %s, without waiting there", async (model, path, version) => {
		await using service = await createScriptedService({ dialect: replicateDialect });
		const { status } = await replicate(`${service.baseUrl}/v1`).start(asked(model), startContext());
		expect(status).toEqual({ state: "queued" });
		const { url, json, headers } = service.requests[0]?.request ?? {};
		expect(url?.pathname).toBe(path);
		expect(json).toEqual({ ...(version === undefined ? {} : { version }), input: { prompt: "Waves" } });
		expect(headers).not.toHaveProperty("prefer");
	});

	it("may repeat a large picture in every answer", async () => {
		await using service = await createScriptedService({ dialect: replicateDialect });
		const provider = replicate(service.baseUrl);
		const image = { ...TINY_IMAGE, data: Buffer.alloc(5 * 1024 * 1024) };
		const { handle } = await provider.start(asked("google/veo-3.1", { image }), startContext());
		expect((await provider.status(handle, startContext())).state).toBe("queued");
	});

	it("is not asked for what cannot be a model, and the token is not missed in silence", async () => {
		const fetch = () => Promise.reject(new Error("nothing may be sent"));
		for (const model of ["veo", "../admin", "a/..", "a/b/c", "a/b:latest", `a/b:${HASH}/cancel`]) {
			await expect(replicate().start(asked(model), { ...startContext(), fetch })).rejects.toThrow(/^model: /);
		}
		const keyless = createReplicateProvider({ credentials: {}, variables: {} });
		const started = keyless.start(asked("a/b"), { ...startContext(), fetch });
		await expect(started).rejects.toThrow(/REPLICATE_API_TOKEN is not set/);
		expect(await keyless.check?.()).toMatchObject({ usable: false });
	});

	it("says which field it refused, and what a model without an official name needs", async () => {
		await using service = await createScriptedService({ dialect: replicateDialect });
		const problem = {
			title: "Input",
			status: 422,
			invalid_fields: [{ field: "input.duration", description: "too long" }],
		};
		const body = faults.body(JSON.stringify(problem), "application/problem+json", "before-commit", 422);
		service.next("submit", body, faults.status(404));
		const start = () => replicate(service.baseUrl).start(asked("a/b"), startContext());
		await expect(start()).rejects.toThrow(/input\.duration: too long/);
		await expect(start()).rejects.toMatchObject({ code: "model_not_found", message: expect.stringMatching(/version/) });
	});

	it("has no lost prediction found where the page does not reach back, or two could be it", async () => {
		await using service = await createScriptedService({ dialect: replicateDialect });
		const provider = replicate(service.baseUrl);
		service.next("submit", faults.reset("after-commit"), faults.reset());
		const intent = { ...startContext(), model: "a/b", inputHash: "0".repeat(64), submittedAtMs: Date.now() };
		await provider.start(asked("a/b"), startContext()).catch(() => undefined);
		const found = () => provider.find?.(intent, startContext());
		expect(await found()).toBe(service.jobs[0]?.id);
		const more = (text: string) =>
			text.replace('"next":null', '"next":"https://api.replicate.com/v1/predictions?cursor=a"');
		service.next("list", { does: "rewrite", rewrite: more });
		expect(await found()).toBeUndefined();
		await provider.start(asked("a/b"), { ...startContext(), jobId: "job_2" }).catch(() => undefined);
		expect(await found()).toBeUndefined();
	});
});

describe("the models of Replicate", () => {
	it("are known under their versions too", () => {
		const id = `kwaivgi/kling-v3-video:${HASH}`;
		expect(replicate().model(id)).toMatchObject({ id, durationSeconds: { min: 3, max: 15 } });
		expect(replicate().model("somebody/new-model")).toBeUndefined();
	});

	it.each(["google/veo-3.1", "kwaivgi/kling-v3-video", "kwaivgi/kling-v3-omni-video", "minimax/hailuo-2.3"])(
		"say of %s that nobody knows whether it takes a seed or a negative prompt",
		(id) => expect(replicate().model(id)?.options).toMatchObject({ seed: null, negativePrompt: null }),
	);

	it("make 4k with Kling", () => {
		for (const id of ["kwaivgi/kling-v3-video", "kwaivgi/kling-v3-omni-video"]) {
			expect(replicate().model(id)?.resolutions).toEqual(["720p", "1080p", "4k"]);
		}
	});
});
