import { describe, expect, it } from "vitest";
import type { InferenceProviderId } from "../../../providers/huggingface/inference-providers.ts";
import { MODELS } from "../../../providers/huggingface/models.ts";
import type { JsonObject, ProviderRequest } from "../../../src/provider/index.ts";
import { createScriptedService, TINY_IMAGE } from "../../../src/testing/index.ts";
import { startContext } from "../../../src/testing/trial.ts";
import { huggingfaceDialect, mapping, PROVIDER_IDS } from "./dialect.ts";
import { asked, huggingface, type SubjectOptions } from "./subject.ts";

const MODEL = "somebody/new-model";

/** What one submission puts on the wire, and what it says of it. */
async function sent(
	at: InferenceProviderId,
	options: Partial<ProviderRequest> = {},
	more: JsonObject = {},
	subject: SubjectOptions = {},
) {
	const { task = "text-to-video", model = MODEL } = options;
	const dialect = huggingfaceDialect(at, task, () => [mapping(at, task, more)]);
	await using service = await createScriptedService({ dialect });
	const image = task === "image-to-video" ? { image: TINY_IMAGE } : {};
	const provider = huggingface(service.baseUrl, subject);
	const ended = await provider.start(asked(model, { task, ...image, ...options }), startContext()).then(
		({ warnings = [] }) => ({ warnings, error: undefined }),
		(error: unknown) => ({ warnings: [], error }),
	);
	const { url, headers = {}, json } = service.requests[1]?.request ?? {};
	return { path: `${url?.pathname}${url?.search}`, headers, json: json as JsonObject, posts: service.posts, ...ended };
}

describe("a submission through the router", () => {
	it.each<[InferenceProviderId, string, JsonObject]>([
		["fal-ai", "/fal-ai/fal-ai/wan/v2.2-5b/text-to-video?_subdomain=queue", { prompt: "Waves", seed: 0 }],
		[
			"replicate",
			"/replicate/v1/models/wan-video/wan-2.2-5b-fast/predictions",
			{ input: { prompt: "Waves", seed: 0 } },
		],
		["novita", "/novita/v3/async/wan-t2v", { prompt: "Waves", seed: 0 }],
		["wavespeed", "/wavespeed/api/v3/wavespeed-ai/wan-2.2/t2v-5b-720p", { prompt: "Waves", seed: 0 }],
		["together", "/together/v2/videos", { model: PROVIDER_IDS.together, prompt: "Waves", seed: 0 }],
	])("to %s is built as the SDK builds it, below the base URL", async (at, path, json) => {
		const request = await sent(at, { seed: 0 });
		expect(request).toMatchObject({ path, json, warnings: [] });
		expect(request.json).toEqual(json);
		expect(request.headers).toMatchObject({ "content-type": "application/json" });
	});

	it("to a version of a model of Replicate names it", async () => {
		const { path, json } = await sent("replicate", {}, { providerId: "owner/name:0123abc" });
		expect([path, json]).toEqual(["/replicate/v1/predictions", { version: "0123abc", input: { prompt: "Waves" } }]);
	});

	it("waits for Replicate, which only the router needs", async () => {
		expect((await sent("replicate")).headers["prefer"]).toBe("wait");
		const credentials = { REPLICATE_API_TOKEN: "own-key-of-replicate" };
		expect((await sent("replicate", {}, {}, { credentials })).headers).not.toHaveProperty("prefer");
	});

	it("to fal-ai is run once", async () => {
		const once = { "x-fal-no-retry": "1", "x-app-fal-disable-fallback": "true" };
		expect((await sent("fal-ai")).headers).toMatchObject(once);
	});

	it.each<[InferenceProviderId, string, string]>([
		["fal-ai", "image_url", "data:image/png;base64,"],
		["wavespeed", "image", "iVBOR"],
		["together", "frame_images", "data:image/png;base64,"],
	])("with a picture has it at %s in %s", async (at, name, start) => {
		const { json, posts } = await sent(at, { task: "image-to-video" });
		expect([json["prompt"], posts]).toEqual(["Waves", 1]);
		expect(JSON.stringify(json[name])).toContain(start);
	});

	it("to together is refused with a picture that is larger than it takes", async () => {
		const image = { ...TINY_IMAGE, data: Buffer.alloc(46_100) };
		const { error, posts } = await sent("together", { task: "image-to-video", image });
		expect(error).toMatchObject({ code: "invalid_input", field: "image", message: expect.stringMatching(/61440/) });
		expect(posts).toBe(0);
	});

	it("is billed to whom the user names, by the request before the environment", async () => {
		const variables = { HF_BILL_TO: "usual-org" };
		const asks = { providerOptions: { billTo: "this-org" } };
		expect((await sent("fal-ai")).headers).not.toHaveProperty("x-hf-bill-to");
		expect((await sent("fal-ai", {}, {}, { variables })).headers["x-hf-bill-to"]).toBe("usual-org");
		const { headers, json } = await sent("fal-ai", asks, {}, { variables });
		expect([headers["x-hf-bill-to"], json]).toEqual(["this-org", { prompt: "Waves" }]);
	});

	it.each<[unknown, SubjectOptions, object]>([
		["", {}, { field: "providerOptions.huggingface.billTo" }],
		["a\nb", {}, { field: "providerOptions.huggingface.billTo" }],
		[0, {}, { field: "providerOptions.huggingface.billTo" }],
		["org", { credentials: { NOVITA_API_KEY: "own-key-2" } }, { message: expect.stringMatching(/set HF_TOKEN/) }],
		[undefined, { variables: { HF_BILL_TO: "no org" } }, { code: "configuration" }],
	])("is not sent when the bill to %j cannot be sent", async (billTo, subject, expected) => {
		const providerOptions = billTo === undefined ? {} : ({ billTo } as JsonObject);
		const { error, posts } = await sent("novita", { providerOptions }, {}, subject);
		expect(error).toMatchObject({ billed: "no", ...expected });
		expect(posts).toBe(0);
	});
});

describe("the options of a model of the Hub", () => {
	const WAN = "Wan-AI/Wan2.2-T2V-A14B";

	it.each<[InferenceProviderId, Partial<ProviderRequest>, JsonObject]>([
		// The SDK's own type has a list here, which fal refuses.
		["fal-ai", { negativePrompt: "", guidanceScale: 0 }, { negative_prompt: "", guidance_scale: 0 }],
		["fal-ai", { model: WAN, durationSeconds: 5 }, { num_frames: 81 }],
		["fal-ai", { durationSeconds: 2, fps: 24 }, { num_frames: 49, frames_per_second: 24 }],
		["fal-ai", { resolution: "720p", aspectRatio: "9:16" }, { resolution: "720p", aspect_ratio: "9:16" }],
		["fal-ai", { generateAudio: false, numInferenceSteps: 1 }, { generate_audio: false, num_inference_steps: 1 }],
		["novita", { numInferenceSteps: 1 }, { steps: 1 }],
		["novita", { resolution: "480p", aspectRatio: "16:9" }, { width: 832, height: 480 }],
		["wavespeed", { durationSeconds: 5, resolution: "1280x720" }, { duration: 5, size: "1280*720" }],
		["wavespeed", { resolution: "480p", aspectRatio: "9:16" }, { size: "480*832" }],
		["together", { durationSeconds: 5, fps: 24, numInferenceSteps: 1 }, { seconds: "5", fps: 24, steps: 1 }],
		["together", { resolution: "720p", aspectRatio: "1:1" }, { width: 720, height: 720 }],
	])("at %s: %j is sent as %j", async (at, options, expected) => {
		const { json, warnings } = await sent(at, options);
		const { model: _model, ...body } = json;
		expect(body).toEqual({ prompt: "Waves", ...expected });
		expect(warnings).toEqual([]);
	});

	it.each<[InferenceProviderId, Partial<ProviderRequest>, JsonObject, RegExp]>([
		["fal-ai", { durationSeconds: 5 }, {}, /^durationSeconds: not sent, because fal-ai counts frames; give fps too/],
		["fal-ai", { model: WAN, durationSeconds: 20 }, { num_frames: 161 }, /^durationSeconds: 20 became 10\.00/],
		["replicate", { negativePrompt: "" }, {}, /^negativePrompt: not sent/],
		["novita", { durationSeconds: 5 }, {}, /^durationSeconds: not sent/],
		["together", { aspectRatio: "1:1" }, { width: 720, height: 720 }, /^aspectRatio: 1:1 became 720x720/],
		["wavespeed", { quality: "low" }, {}, /^quality: not sent/],
	])("at %s: %j is adjusted to %j, and said", async (at, options, expected, warning) => {
		const { json, warnings } = await sent(at, options);
		const input = at === "replicate" ? json["input"] : json;
		expect(input).toEqual({
			prompt: "Waves",
			...(at === "together" ? { model: PROVIDER_IDS.together } : {}),
			...expected,
		});
		expect(warnings).toEqual([expect.stringMatching(warning)]);
	});

	it("keep the shape of the picture where pixels are wanted", async () => {
		const image = { ...TINY_IMAGE, width: 3_000, height: 4_000 };
		const { json } = await sent("together", { task: "image-to-video", image, resolution: "720p" });
		expect(json).toMatchObject({ width: 720, height: 960 });
	});

	it.each<[string, InferenceProviderId, Partial<ProviderRequest>, string]>([
		["a picture has no place", "novita", { lastFrame: TINY_IMAGE }, "lastFrame"],
		["sound has no place", "novita", { generateAudio: false }, "generateAudio"],
		["a thing is said twice", "fal-ai", { seed: 0, providerOptions: { seed: 1 } }, "providerOptions.huggingface.seed"],
		["the prompt is said twice", "fal-ai", { providerOptions: { prompt: "x" } }, "providerOptions.huggingface.prompt"],
		["the SDK would drop it", "novita", { providerOptions: { steps: 9 } }, "providerOptions.huggingface.steps"],
		[
			"the SDK would overwrite it",
			"together",
			{ task: "image-to-video", providerOptions: { frame_images: [] } },
			"providerOptions.huggingface.frame_images",
		],
		[
			"another picture takes the place of the first frame",
			"fal-ai",
			{ task: "image-to-video", providerOptions: { image_url: "https://files.example/a.png" } },
			"image",
		],
		[
			"the SDK would go elsewhere",
			"fal-ai",
			{ task: "image-to-video", providerOptions: { endpointUrl: "http://127.0.0.1:9" } },
			"providerOptions.huggingface.endpointUrl",
		],
		[
			"a name is no option's",
			"fal-ai",
			{ providerOptions: { inputNames: { picture: "x" } } },
			"providerOptions.huggingface.inputNames",
		],
		[
			"a name is no text",
			"fal-ai",
			{ providerOptions: { inputNames: { image: 0 } } },
			"providerOptions.huggingface.inputNames",
		],
	])("are refused when %s", async (_why, at, options, field) => {
		const { error, posts } = await sent(at, options);
		expect(error).toMatchObject({ billed: "no", field });
		expect(posts).toBe(0);
	});

	it.each<[string, string, Partial<ProviderRequest>]>([
		["negativePrompt", "prompt", { negativePrompt: "fog" }],
		["negativePrompt", "seed", { negativePrompt: "fog", seed: 3 }],
		["seed", "width", { seed: 3, resolution: "720p", aspectRatio: "16:9" }],
	])("are refused when the user's name of %s is %s, which is taken", async (option, name, options) => {
		const { error, posts } = await sent("novita", { ...options, providerOptions: { inputNames: { [option]: name } } });
		expect(error).toMatchObject({ code: "invalid_input", billed: "no" });
		expect(posts).toBe(0);
	});

	it("lose no ratio where the resolution has a name of the user's", async () => {
		const providerOptions = { inputNames: { resolution: "tier" } };
		const { json } = await sent("novita", { resolution: "720p", aspectRatio: "9:16", providerOptions });
		expect(json).toEqual({ prompt: "Waves", tier: "720p", width: 720, height: 1280 });
	});

	it("are refused when one would be changed, and none may be", async () => {
		const { error, posts } = await sent("fal-ai", { durationSeconds: 20, fps: 60, onUnsupported: "reject" });
		expect(error).toMatchObject({ code: "unsupported_option", field: "durationSeconds", billed: "no" });
		expect(posts).toBe(0);
	});

	it("have the names that the user gives, as they are, and everything else goes along", async () => {
		const providerOptions = {
			inputNames: { durationSeconds: "duration", resolution: "tier", lastFrame: "tail" },
			loop: false,
			shift: 0,
		};
		const options = { durationSeconds: 5, resolution: "720p", lastFrame: TINY_IMAGE, providerOptions };
		const { json, warnings } = await sent("novita", options);
		const tail = expect.stringMatching(/^data:/);
		expect(json).toEqual({ prompt: "Waves", duration: 5, tier: "720p", tail, loop: false, shift: 0 });
		expect(warnings).toEqual([]);
	});
});

describe("the models of the Hub", () => {
	it("are those of the catalogue, with an inference provider behind them or without", () => {
		const provider = huggingface();
		expect(provider.models?.()).toHaveLength(MODELS.length);
		const id = "Wan-AI/Wan2.2-TI2V-5B:fal-ai";
		expect(provider.model(id)).toMatchObject({ id, tasks: ["text-to-video"], resolutions: ["720p"], audio: "none" });
		expect(provider.model("somebody/new-model")).toBeUndefined();
		expect(provider.model("Wan-AI/Wan2.1-T2V-14B")?.replacement).toBe("huggingface:Wan-AI/Wan2.2-TI2V-5B");
	});
});
