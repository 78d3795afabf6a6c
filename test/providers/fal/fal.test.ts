import { describe, expect, it } from "vitest";
import { createFalProvider } from "../../../providers/fal/index.ts";
import { toEnded, toInput } from "../../../providers/fal/map.ts";
import { CATALOGUE } from "../../../providers/fal/models.ts";
import { parseSubmission } from "../../../providers/fal/wire.ts";
import { Secret } from "../../../src/errors/index.ts";
import type { JsonValue, ProviderRequest } from "../../../src/provider/index.ts";
import { createScriptedService, faults, TINY_IMAGE } from "../../../src/testing/index.ts";
import { startContext } from "../../../src/testing/trial.ts";
import { falDialect } from "./dialect.ts";

const answer = (status: number, json: JsonValue, headers: Record<string, string> = {}) => ({
	status,
	json,
	headers: new Headers(headers),
});
const ended = (status: number, json: JsonValue, headers: Record<string, string> = {}) =>
	toEnded(answer(status, json, headers), { status: "COMPLETED" });
const asked = (model: string, options: Partial<ProviderRequest> = {}): ProviderRequest => ({
	task: "text-to-video",
	model,
	prompt: "Waves",
	providerOptions: {},
	...options,
});
const fal = (baseUrl?: string) =>
	createFalProvider({
		credentials: { FAL_KEY: new Secret("fal-key-for-tests") },
		variables: {},
		...(baseUrl === undefined ? {} : { baseUrl }),
	});

describe("a job of fal that failed", () => {
	it.each<[string, number, JsonValue, object]>([
		[
			"a list of details",
			422,
			{ detail: [{ loc: ["body", "duration"], msg: "Input should be '5'", type: "literal_error" }] },
			{ kind: "invalid", reason: "duration: Input should be '5'", billed: "unknown" },
		],
		[
			"a detail that names the content policy",
			422,
			{ detail: [{ loc: ["body", "prompt"], msg: "flagged", type: "content_policy_violation" }] },
			{ kind: "refused", reason: "prompt: flagged", billed: "unknown" },
		],
		[
			"one detail with a type",
			503,
			{ detail: "No answer", error_type: "runner_connection_timeout" },
			{ kind: "internal", reason: "No answer", billed: "no" },
		],
		[
			"a type that does not say who pays",
			500,
			{ detail: [{ loc: ["body"], msg: "It broke", type: "internal_server_error" }] },
			{ kind: "internal", reason: "It broke", billed: "unknown" },
		],
		[
			"an error object",
			422,
			{ error: { message: "out of range", code: "bad_request" } },
			{ kind: "invalid", reason: "out of range" },
		],
	])("says so in %s", (_shape, status, json, expected) => {
		expect(ended(status, json)).toMatchObject({ state: "failed", ...expected });
	});

	it("says so in a header, whatever else is in the answer", () => {
		const header = { "x-fal-error-type": "runner_disconnected" };
		expect(ended(503, { detail: "gone" }, header)).toMatchObject({ state: "failed", kind: "internal", billed: "no" });
		const unheard = { "x-fal-error-type": "something_new" };
		expect(ended(503, { detail: "gone" }, unheard)).toMatchObject({ state: "failed", billed: "unknown" });
	});

	it("is billed, or not, nobody knows, when the queue says no more than that it failed", () => {
		const queued = { status: "COMPLETED", error: "it broke" };
		expect(toEnded(answer(500, { detail: "it broke" }), queued)).toMatchObject({ state: "failed", billed: "unknown" });
	});

	it.each<[number, JsonValue]>([
		[500, { detail: "Internal Server Error" }],
		[500, { error: { message: "upstream", code: "internal" } }],
		[502, { detail: "busy" }],
		[503, { error: { message: "try later", type: "service_unavailable" } }],
		[504, { detail: "Gateway Timeout", error_type: "gateway_timeout" }],
		[405, { detail: "Method Not Allowed" }],
		[409, { detail: "Conflict" }],
	])("is not one for status %d with %j, which a gateway may say: the result is asked for again", (status, json) => {
		expect(() => ended(status, json)).toThrow(
			expect.objectContaining({ code: "provider_error", retryable: true, billed: "unknown", status }),
		);
	});

	it("is none where fal has no result: an endpoint that does not exist ends so", () => {
		expect(() => ended(404, { detail: "Path /kite not found" })).toThrow(
			expect.objectContaining({
				code: "operation_not_found",
				message: expect.stringContaining("Path /kite not found"),
			}),
		);
	});

	it("was given up when our own limit passed", () => {
		const failed = ended(504, { detail: "timed out" }, { "x-fal-request-timeout-type": "user" });
		expect(failed).toMatchObject({ state: "failed", kind: "expired" });
	});

	it("was billed if its header says so", () => {
		const detail = { detail: "no" };
		expect(ended(422, detail, { "x-fal-billable-units": "1.5" })).toMatchObject({ billed: "yes" });
		expect(ended(422, detail, { "x-fal-billable-units": "0" })).toMatchObject({ billed: "no" });
	});

	it("may say it in the queue alone", () => {
		const status = { status: "COMPLETED", error: "Request timed out", error_type: "startup_timeout" };
		const result = answer(400, { detail: "Request is still in progress" });
		expect(toEnded(result, status)).toEqual({
			state: "failed",
			kind: "expired",
			reason: "Request timed out",
			billed: "no",
		});
	});

	it("is not one whose result is not ready", () => {
		for (const status of [400, 500]) {
			expect(ended(status, { detail: "Request is still in progress" })).toEqual({ state: "running" });
		}
		expect(ended(202, {})).toEqual({ state: "running" });
	});

	it("is one that is done without a video, and it is not taken for free", () => {
		expect(ended(200, { seed: 7 })).toMatchObject({ state: "failed", billed: "unknown" });
	});
});

describe("a result of fal", () => {
	it.each<[string, JsonValue]>([
		["video", { video: { url: "https://v3.fal.media/a.mp4", file_size: 9 } }],
		["a list", { videos: [{ url: "https://v3.fal.media/a.mp4", file_size: 9 }] }],
	])("is found in %s, with its size and no header", (_place, json) => {
		const asset = { kind: "url", url: "https://v3.fal.media/a.mp4", sizeBytes: 9 };
		expect(ended(200, json)).toEqual({ state: "succeeded", assets: [asset] });
	});
});

describe("the input of a model of fal", () => {
	const inputOf = (model: string, options: Partial<ProviderRequest>) => toInput(asked(model, options)).input;

	it.each<[string, Partial<ProviderRequest>, object]>([
		["alibaba/wan-3.0/text-to-video", { durationSeconds: 5, generateAudio: false }, { duration: 5, audio: false }],
		["fal-ai/kling-video/v3/pro/text-to-video", { durationSeconds: 5 }, { duration: "5" }],
		["bytedance/seedance-2.5/text-to-video", { durationSeconds: 30 }, { duration: "30" }],
		[
			"fal-ai/veo3.1",
			{ durationSeconds: 8, seed: 0, negativePrompt: "" },
			{ duration: "8s", seed: 0, negative_prompt: "" },
		],
		["minimax/h3/text-to-video", { resolution: "768p" }, { resolution: "768P" }],
		["fal-ai/wan/v2.2-a14b/text-to-video", { durationSeconds: 5 }, { num_frames: 81 }],
		["fal-ai/wan/v2.2-a14b/text-to-video", { durationSeconds: 2, fps: 24 }, { num_frames: 49, frames_per_second: 24 }],
		["somebody/new-model", { durationSeconds: 5.5, resolution: "1280x720" }, { duration: 5.5, resolution: "1280x720" }],
	])("of %s has %j as %j", (model, options, expected) => {
		expect(inputOf(model, options)).toEqual({ prompt: "Waves", ...expected });
	});

	it.each([
		["fal-ai/kling-video/v3/pro/image-to-video", "start_image_url", "end_image_url"],
		["alibaba/wan-3.0/image-to-video", "start_image_url", "end_image_url"],
		["alibaba/wan-3.0-prime/image-to-video", "start_image_url", "end_image_url"],
		["fal-ai/kling-video/o3/pro/image-to-video", "image_url", "end_image_url"],
		["fal-ai/veo3.1/fast/first-last-frame-to-video", "first_frame_url", "last_frame_url"],
		["somebody/new-model", "image_url", "end_image_url"],
	])("of %s has the first frame in %s and the last one in %s", (model, first, last) => {
		const input = inputOf(model, { image: TINY_IMAGE, lastFrame: TINY_IMAGE });
		expect(input).toEqual({ prompt: "Waves", [first]: expect.stringMatching(/^data:/), [last]: expect.any(String) });
	});

	it("has its references where the model looks for them, as many as it takes", () => {
		const references = [TINY_IMAGE, TINY_IMAGE, TINY_IMAGE];
		expect(inputOf("fal-ai/veo3.1/reference-to-video", { references })["image_urls"]).toHaveLength(3);
		for (const model of ["fal-ai/wan/v2.7", "alibaba/wan-3.0", "minimax/h3", "minimax/h3-max"]) {
			expect(inputOf(`${model}/reference-to-video`, { references })["reference_image_urls"]).toHaveLength(3);
		}
	});

	it("has the names that the user gives, and everything else as it is", () => {
		const providerOptions = { inputNames: { image: "photo" }, loop: false, steps: 0 };
		const input = inputOf("somebody/new-model", { image: TINY_IMAGE, providerOptions });
		expect(input).toEqual({ prompt: "Waves", photo: expect.any(String), loop: false, steps: 0 });
	});

	it("is refused when it says a thing twice, or has too many references", () => {
		const references = [TINY_IMAGE, TINY_IMAGE, TINY_IMAGE, TINY_IMAGE];
		const twice = { seed: 0, providerOptions: { seed: 1 } };
		expect(() => inputOf("a/b", twice)).toThrow(/^providerOptions\.fal\.seed: /);
		expect(() => inputOf("fal-ai/veo3.1/reference-to-video", { references })).toThrow(/^references: /);
		const inputNames = { lastFrame: "image_url" };
		const frames = { image: TINY_IMAGE, lastFrame: TINY_IMAGE, providerOptions: { inputNames } };
		expect(() => inputOf("somebody/new-model", frames)).toThrow(
			/^lastFrame: it would be sent as "image_url", as image/,
		);
	});

	it("is refused when something in it would be lost, and nothing may be", () => {
		const strict = (model: string, options: Partial<ProviderRequest>) => () =>
			toInput(asked(model, { ...options, onUnsupported: "reject" }));
		expect(strict("fal-ai/wan/v2.2-a14b/text-to-video", { durationSeconds: 5, fps: 60 })).toThrow(
			/^durationSeconds: 5/,
		);
		expect(strict("xai/grok-imagine-video/v1.5/text-to-video", { generateAudio: false })).toThrow(
			/^generateAudio: not/,
		);
		const pro = "fal-ai/kling-video/v3/pro/text-to-video";
		expect(strict(pro, { resolution: "1080p" })().warnings).toEqual([expect.stringMatching(/^resolution: .*anyway$/)]);
		expect(strict(pro, { resolution: "720p" })).toThrow(/^resolution: not sent/);
		const sounding = strict("minimax/h3/text-to-video", { generateAudio: true });
		expect(sounding().warnings).toEqual([expect.stringMatching(/^generateAudio: .*anyway$/)]);
	});

	it("has no scale of guidance that Kling does not take", () => {
		const pro = "fal-ai/kling-video/v3/pro/text-to-video";
		expect(toInput(asked(pro, { guidanceScale: 0 }))).toEqual({
			input: { prompt: "Waves", cfg_scale: 0 },
			warnings: [],
		});
		const { input, warnings } = toInput(asked(pro, { guidanceScale: 7.5 }));
		expect(input).toEqual({ prompt: "Waves", cfg_scale: 1 });
		expect(warnings).toEqual([expect.stringMatching(/^guidanceScale: 7\.5 became 1, as /)]);
	});

	it("comes with a word on what was adjusted, or has no place in it", () => {
		const { input, warnings } = toInput(asked("fal-ai/kling-video/v3/pro/text-to-video", { resolution: "1080p" }));
		expect(input).toEqual({ prompt: "Waves" });
		expect(warnings).toEqual([expect.stringMatching(/^resolution: /)]);
		const long = toInput(asked("fal-ai/wan/v2.2-a14b/text-to-video", { durationSeconds: 9, fps: 30 }));
		expect(long.input).toMatchObject({ num_frames: 161 });
		expect(long.warnings).toEqual([expect.stringMatching(/^durationSeconds: 9 became 5\.33/)]);
	});
});

describe("the queue of fal", () => {
	it("is told not to run a request again, nor at another endpoint", async () => {
		await using service = await createScriptedService({ dialect: falDialect });
		await fal(service.baseUrl).start(asked("alibaba/wan-3.0/text-to-video"), startContext());
		const { url, headers } = service.requests[0]?.request ?? {};
		expect(url?.pathname).toBe("/alibaba/wan-3.0/text-to-video");
		expect(headers).toMatchObject({ "x-fal-no-retry": "1", "x-app-fal-disable-fallback": "true" });
	});

	it("says where a request is; its own word counts, its host does not", () => {
		const submitted = (response_url?: string) =>
			parseSubmission(
				answer(200, { request_id: "r-1", ...(response_url === undefined ? {} : { response_url }) }),
				"fal-ai/veo3.1/fast",
				"http://proxy.example/fal",
			);
		const app = "fal-ai/veo3.1";
		expect(submitted("http://proxy.example/fal/fal-ai/veo3.1/requests/r-1")).toEqual({ app, id: "r-1" });
		expect(submitted("https://queue.fal.run/fal-ai/veo3.1/fast/requests/r-1/response")).toEqual({
			app: "fal-ai/veo3.1/fast",
			id: "r-1",
			result: "response",
		});
		for (const strange of [undefined, "https://evil.example/x", "https://evil.example/a/../../b/requests/r-1"]) {
			expect(submitted(strange)).toEqual({ app, id: "r-1" });
		}
	});

	it("is not asked for what cannot be an endpoint, and the key is not missed in silence", async () => {
		const fetch = () => Promise.reject(new Error("nothing may be sent"));
		for (const model of ["veo", "../admin/x", "fal-ai/..", "fal-ai//x", `a/${"b".repeat(300)}`]) {
			await expect(fal().start(asked(model), { ...startContext(), fetch })).rejects.toThrow(/^model: /);
		}
		const keyless = createFalProvider({ credentials: {}, variables: {} });
		await expect(keyless.start(asked("a/b"), { ...startContext(), fetch })).rejects.toThrow(/FAL_KEY is not set/);
		expect(await keyless.check?.()).toMatchObject({ usable: false });
	});

	it("tells an empty account from a wrong key", async () => {
		await using service = await createScriptedService({ dialect: falDialect });
		const body = JSON.stringify({ detail: "User is locked. Reason: Exhausted balance." });
		service.next("submit", faults.body(body, "application/json", "before-commit", 403), faults.status(403));
		const start = () => fal(service.baseUrl).start(asked("a/b"), startContext());
		await expect(start()).rejects.toMatchObject({ code: "quota_exceeded", billed: "no" });
		await expect(start()).rejects.toMatchObject({ code: "authentication", billed: "no" });
	});

	it("has no lost request found where it could be that of another job, or another process sent it", async () => {
		await using service = await createScriptedService({ dialect: falDialect });
		const provider = fal(service.baseUrl);
		const intent = { ...startContext(), model: "a/b", inputHash: "0".repeat(64), submittedAtMs: Date.now() };
		const found = (searcher = provider) => searcher.find?.(intent, startContext());
		service.next("submit", faults.reset("after-commit"), faults.reset());
		await provider.start(asked("a/b"), startContext()).catch(() => undefined);
		expect(await found()).toEqual({ app: "a/b", id: service.jobs[0]?.id });
		expect(await found(fal(service.baseUrl))).toBeUndefined();
		service.next("list", { does: "rewrite", rewrite: (text) => text.replace('"has_more":false', '"has_more":true') });
		expect(await found()).toBeUndefined();
		await provider.start(asked("a/b"), { ...startContext(), jobId: "job_2" }).catch(() => undefined);
		expect(await found()).toBeUndefined();
	});
});

describe("the endpoints of fal", () => {
	it("make no clip of ten seconds from a picture with Ray", () => {
		const { durationSeconds } = CATALOGUE.model("luma/agent/ray/v3.2/image-to-video") ?? {};
		expect(durationSeconds).toEqual({ values: [5] });
	});

	it("are in the table under their own ids, each with one task", () => {
		const models = CATALOGUE.models();
		expect(models.length).toBeGreaterThan(40);
		for (const { id, tasks } of models) {
			expect(tasks).toEqual([/image-to-video|frame-to-video/.test(id) ? "image-to-video" : "text-to-video"]);
		}
	});
});
