import { describe, expect, it } from "vitest";
import type { JsonValue, VideoTask } from "../../../src/provider/index.ts";
import { createScriptedService, faults, type ScriptedService, TINY_IMAGE } from "../../../src/testing/index.ts";
import { startContext } from "../../../src/testing/trial.ts";
import { huggingfaceDialect, mapping } from "./dialect.ts";
import { asked, huggingface, type SubjectOptions } from "./subject.ts";

const MODEL = "somebody/new-model";
const LIVE = mapping("fal-ai", "text-to-video");

/** A Hub that lists these, with fal-ai behind the router. */
const hub = (listed: JsonValue) =>
	createScriptedService({ dialect: huggingfaceDialect("fal-ai", "text-to-video", () => listed) });

/** What becomes of a submission. */
async function submitted(
	service: ScriptedService,
	model: string,
	task: VideoTask = "text-to-video",
	options: SubjectOptions = {},
) {
	const image = task === "image-to-video" ? { image: TINY_IMAGE } : {};
	return huggingface(service.baseUrl, options).start(asked(model, { task, ...image }), startContext());
}

describe("the mapping of a model of the Hub", () => {
	it.each<[string, JsonValue]>([
		["a list", [LIVE]],
		["an object", { "fal-ai": { providerId: LIVE["providerId"] ?? "", status: "live", task: "text-to-video" } }],
		[
			"a list with entries that cannot be read",
			[null, 1, { provider: "novita" }, { ...LIVE, providerId: "../x" }, LIVE],
		],
	])("is read from %s", async (_shape, listed) => {
		await using service = await hub(listed);
		expect((await submitted(service, MODEL)).handle).toMatchObject({ at: "fal-ai", route: "router" });
		const { url, headers } = service.requests[0]?.request ?? {};
		expect(`${url?.pathname}${url?.search}`).toBe(`/api/models/${MODEL}?expand[]=inferenceProviderMapping`);
		expect(headers?.["authorization"]).toMatch(/^Bearer hf_/);
	});

	it("gives the first inference provider that can do it, in the order of the account", async () => {
		const listed = [
			mapping("hf-inference", "text-to-video"),
			mapping("novita", "text-to-video", { status: "staging" }),
			mapping("together", "image-to-video"),
			LIVE,
			mapping("replicate", "text-to-video"),
		];
		await using service = await hub(listed);
		expect((await submitted(service, MODEL)).handle).toMatchObject({ at: "fal-ai" });
	});

	it.each<[string, string, VideoTask, JsonValue, string, RegExp]>([
		["nobody serves", MODEL, "text-to-video", [], "model_not_found", /nobody serves it now.*inference_provider=all/],
		["has no mapping at all", MODEL, "text-to-video", null, "model_not_found", /nobody serves it now/],
		["is served for another task", MODEL, "image-to-video", [LIVE], "invalid_input", /fal-ai serves text-to-video/],
		[
			"is not live",
			MODEL,
			"text-to-video",
			[{ ...LIVE, status: "staging" }],
			"model_not_found",
			/fal-ai has it as "staging", not live/,
		],
		[
			"another serves",
			`${MODEL}:novita`,
			"text-to-video",
			[LIVE],
			"model_not_found",
			/novita cannot do text-to-video with it: fal-ai serves it/,
		],
		[
			"is served where the API takes no pictures",
			MODEL,
			"image-to-video",
			[mapping("replicate", "image-to-video")],
			"model_not_found",
			/replicate serves it, but not through its API/,
		],
		[
			"is served by a stranger",
			MODEL,
			"text-to-video",
			[mapping("wonderful-ai", "text-to-video")],
			"model_not_found",
			/wonderful-ai serves it, but is not known/,
		],
	])(
		"of a model that %s is an error before anything is submitted",
		async (_what, model, task, listed, code, message) => {
			await using service = await hub(listed);
			const error = await submitted(service, model, task).catch((caught: unknown) => caught);
			expect(error).toMatchObject({ code, billed: "no", message: expect.stringMatching(message) });
			expect(service.posts).toBe(0);
		},
	);

	it("of a LoRA is not given to a service that would run the base model", async () => {
		const lora = { adapter: "lora", adapterWeightsPath: "weights.safetensors" };
		await using falService = await hub([mapping("fal-ai", "text-to-video", lora)]);
		await submitted(falService, MODEL);
		expect(falService.requests[1]?.request.json).toMatchObject({
			loras: [{ path: `https://huggingface.co/${MODEL}/resolve/main/weights.safetensors`, scale: 1 }],
		});
		await using bare = await hub([mapping("fal-ai", "text-to-video", { adapter: "lora" })]);
		await expect(submitted(bare, MODEL)).rejects.toThrow(/is a LoRA, and fal-ai would run its base model/);
		expect(bare.posts).toBe(0);
	});

	it("is asked for once in five minutes, by each provider for itself", async () => {
		let listed: JsonValue = [LIVE];
		const dialect = huggingfaceDialect("fal-ai", "text-to-video", () => listed);
		await using service = await createScriptedService({ dialect });
		let nowMs = 1_000;
		const provider = huggingface(service.baseUrl, { now: () => nowMs });
		const start = (subject = provider) => subject.start(asked(MODEL), startContext());
		const lookups = () => service.requests.filter(({ call }) => call === "other").length;
		await start();
		listed = [];
		nowMs += 299_999;
		await start();
		expect(lookups()).toBe(1);
		nowMs += 1;
		await expect(start()).rejects.toThrow(/nobody serves it now/);
		await expect(start(huggingface(service.baseUrl))).rejects.toThrow(/nobody serves it now/);
		expect(lookups()).toBe(3);
	});

	it("is not remembered when it could not be read, or when who was said to serve the model does not", async () => {
		await using service = await hub([LIVE]);
		const provider = huggingface(service.baseUrl);
		const start = () => provider.start(asked(MODEL), startContext());
		service.next("other", faults.status(503), faults.html(), faults.body('"text"', "application/json"));
		for (let failures = 0; failures < 3; failures++) {
			await expect(start()).rejects.toMatchObject({ billed: "no", retryable: true });
		}
		service.next("submit", faults.status(404));
		await expect(start()).rejects.toMatchObject({ code: "model_not_found" });
		await start();
		const lookups = service.requests.filter(({ call }) => call === "other").length;
		expect([lookups, service.posts]).toEqual([5, 2]);
	});

	it("is given up when the signal says so", async () => {
		await using service = await hub([LIVE]);
		service.next("other", faults.hang());
		const late = new AbortController();
		const started = huggingface(service.baseUrl).start(asked(MODEL), startContext(late.signal));
		while (service.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
		late.abort(new DOMException("enough", "TimeoutError"));
		await expect(started).rejects.toMatchObject({ code: "cancelled", billed: "no" });
	});

	it.each([
		["owner", /is not one of the Hub/],
		["../admin", /is not one of the Hub/],
		["owner/name/more", /is not one of the Hub/],
		["owner/..%2fadmin", /is not one of the Hub/],
		["owner/name:fal-ai:novita", /is not one of the Hub/],
		["owner/name:sambanova", /no inference provider that serves video; choose one of fal-ai, replicate, novita/],
	])("is not asked for with %s", async (model, message) => {
		await using service = await hub([LIVE]);
		await expect(submitted(service, model)).rejects.toThrow(message);
		expect(service.requests).toEqual([]);
	});
});

describe("the keys of Hugging Face", () => {
	const together = () =>
		createScriptedService({
			dialect: huggingfaceDialect("together", "text-to-video", () => [
				mapping("fal-ai", "text-to-video"),
				mapping("together", "text-to-video"),
			]),
		});

	it("may be that of an inference provider, which the Hub never sees, and which opens that one alone", async () => {
		await using service = await together();
		const { handle } = await submitted(service, MODEL, "text-to-video", {
			credentials: { TOGETHER_API_KEY: "own-key-1" },
		});
		expect(handle).toMatchObject({ at: "together", route: "direct" });
		expect(service.requests.map(({ request }) => request.headers["authorization"])).toEqual([
			undefined,
			"Bearer own-key-1",
		]);
	});

	it("may be an unmarked one in HF_TOKEN, if the inference provider is named that it belongs to", async () => {
		await using service = await createScriptedService({ dialect: huggingfaceDialect("fal-ai", "text-to-video") });
		// At fal itself no subdomain is asked for, so that the router's dialect has nothing at the address.
		const credentials = { HF_TOKEN: "own-key-of-fal" };
		await submitted(service, `${MODEL}:fal-ai`, "text-to-video", { credentials }).catch(() => undefined);
		const { headers, url } = service.requests[1]?.request ?? {};
		expect([headers?.["authorization"], url?.search]).toEqual(["Key own-key-of-fal", ""]);
		expect(service.requests[0]?.request.headers).not.toHaveProperty("authorization");
		const sent = service.requests.length;
		await expect(submitted(service, MODEL, "text-to-video", { credentials })).rejects.toThrow(
			/HF_TOKEN does not begin with "hf_".*name that provider/,
		);
		expect(service.requests.length).toBe(sent);
	});

	it.each(['"hf_canary1234567890"', "HF_TOKEN=hf_canary1234567890", "token:hf_canary1234567890", "api_org_canary123"])(
		"never open an inference provider when a token of Hugging Face is in them: %s",
		async (value) => {
			await using service = await together();
			const credentials = { HF_TOKEN: value };
			await expect(submitted(service, `${MODEL}:together`, "text-to-video", { credentials })).rejects.toMatchObject({
				code: "configuration",
				message: expect.stringMatching(/^HF_TOKEN holds a token of Hugging Face, yet .*write the token alone/),
			});
			expect(service.requests).toEqual([]);
		},
	);

	it("are missed before anything is sent, and by name", async () => {
		await using service = await together();
		const none = { credentials: {} };
		await expect(submitted(service, MODEL, "text-to-video", none)).rejects.toMatchObject({ code: "configuration" });
		expect(service.requests).toEqual([]);
		expect(await huggingface(undefined, none).check?.()).toMatchObject({ usable: false });
		expect(await huggingface().check?.()).toMatchObject({ usable: true, detail: "HF_TOKEN is set" });
		const own = { credentials: { NOVITA_API_KEY: "own-key-2" } };
		await expect(submitted(service, MODEL, "text-to-video", own)).rejects.toThrow(
			/together needs HF_TOKEN or TOGETHER_API_KEY/,
		);
		expect(await huggingface(undefined, own).check?.()).toMatchObject({
			detail: expect.stringMatching(/keys for novita$/),
		});
	});

	it("must be there again for a look, and the same way is taken", async () => {
		await using service = await together();
		const { handle } = await submitted(service, `${MODEL}:together`);
		const sent = service.requests.length;
		const own = huggingface(service.baseUrl, { credentials: { TOGETHER_API_KEY: "own-key-1" } });
		await expect(own.status(handle, startContext())).rejects.toThrow(
			/submitted to together with HF_TOKEN.*set it again/,
		);
		expect(service.requests.length).toBe(sent);
		expect(own.account).toBeUndefined();
		expect(huggingface().account).toMatch(/^[0-9a-f]{8}$/);
	});
});
