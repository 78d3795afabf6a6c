import { describe, expect, it } from "vitest";
import { toInteraction } from "../../../providers/google/interactions.ts";
import { toPrediction } from "../../../providers/google/veo.ts";
import type { JsonValue, ProviderRequest } from "../../../src/provider/index.ts";
import { TINY_IMAGE } from "../../../src/testing/index.ts";
import { startContext } from "../../../src/testing/trial.ts";
import { answering, asked, google, noFetch } from "./support.ts";

const KEY = "gemini-key-for-tests";
const VERTEX_KEY = "vertex-key-for-tests";
const INTERACTION = { id: "v1_abc", status: "in_progress" };
const VEO = "veo-3.1-generate-001";
const picture = { data: Buffer.from(TINY_IMAGE.data).toString("base64"), mime_type: "image/png" };
const encoded = { bytesBase64Encoded: picture.data, mimeType: "image/png" };

async function sent(variables: Readonly<Record<string, string>>, model: string, answer: JsonValue) {
	const { fetch, seen } = answering(answer);
	const started = await google(variables).start(asked(model), { ...startContext(), fetch });
	return { started, seen };
}

describe("google", () => {
	const operation = `projects/p-1/locations/us-central1/publishers/google/models/${VEO}/operations/0a-1`;

	it.each<[string, Readonly<Record<string, string>>, string, string, JsonValue]>([
		[
			"Omni by the Gemini API",
			{ GEMINI_API_KEY: KEY },
			"gemini-omni-1.2-flash",
			"https://generativelanguage.googleapis.com/v1/interactions",
			{ via: "gemini", id: "v1_abc" },
		],
		[
			"Omni by the Gemini API though there is a project",
			{ GEMINI_API_KEY: KEY, GOOGLE_CLOUD_PROJECT: "p-1", GOOGLE_VERTEX_API_KEY: VERTEX_KEY },
			"gemini-omni-1.2-flash",
			"https://generativelanguage.googleapis.com/v1/interactions",
			{ via: "gemini", id: "v1_abc" },
		],
		[
			"Omni by a gateway, in the version that its address has",
			{ GEMINI_API_KEY: KEY, GOOGLE_BASE_URL: "https://gateway.example/gemini/v1beta/" },
			"gemini-omni-1.2-flash",
			"https://gateway.example/gemini/v1beta/interactions",
			{ via: "gemini", id: "v1_abc" },
		],
		[
			"Omni on Vertex, from anywhere",
			{ GOOGLE_CLOUD_PROJECT: "p-1", GOOGLE_VERTEX_API_KEY: VERTEX_KEY },
			"gemini-omni-1.2-flash",
			"https://aiplatform.googleapis.com/v1beta1/projects/p-1/locations/global/interactions",
			{ via: "vertex", id: "v1_abc", project: "p-1", location: "global" },
		],
		[
			"Omni on Vertex in more than one region",
			{ GOOGLE_CLOUD_PROJECT: "p-1", GOOGLE_CLOUD_LOCATION: "eu", GOOGLE_VERTEX_API_KEY: VERTEX_KEY },
			"gemini-omni-1.2-flash",
			"https://aiplatform.eu.rep.googleapis.com/v1beta1/projects/p-1/locations/eu/interactions",
			{ via: "vertex", id: "v1_abc", project: "p-1", location: "eu" },
		],
		[
			"Omni in the express mode of Vertex",
			{ GOOGLE_VERTEX_API_KEY: VERTEX_KEY },
			"gemini-omni-1.2-flash",
			"https://aiplatform.googleapis.com/v1beta1/interactions",
			{ via: "vertex", id: "v1_abc" },
		],
		[
			"Veo on Vertex, in a region",
			{ GEMINI_API_KEY: KEY, GOOGLE_CLOUD_PROJECT: "p-1", GOOGLE_VERTEX_API_KEY: VERTEX_KEY },
			VEO,
			`https://us-central1-aiplatform.googleapis.com/v1beta1/${operation.split("/operations/")[0]}:predictLongRunning`,
			{ via: "vertex", operation },
		],
		[
			"Veo in the express mode of Vertex",
			{ GOOGLE_VERTEX_API_KEY: VERTEX_KEY },
			VEO,
			`https://aiplatform.googleapis.com/v1beta1/publishers/google/models/${VEO}:predictLongRunning`,
			{ via: "vertex", operation },
		],
	])("asks for %s", async (_what, variables, model, url, handle) => {
		const { started, seen } = await sent(variables, model, { ...INTERACTION, name: operation });
		expect(started.handle).toEqual(handle);
		expect(seen).toEqual([expect.objectContaining({ method: "POST", url })]);
		const isGemini = !url.includes("aiplatform");
		expect(seen[0]?.headers).toMatchObject({ "x-goog-api-key": isGemini ? KEY : VERTEX_KEY });
		// Vertex leaves a video at an address only in a bucket, which nobody has named.
		const delivery = isGemini ? "uri" : "inline";
		if (model !== VEO) expect(seen[0]?.body).toMatchObject({ response_format: { delivery } });
	});

	it("asks a gateway for Veo, whose operation may lack the model", async () => {
		const variables = { GEMINI_API_KEY: KEY, GOOGLE_BASE_URL: "https://gateway.example/gemini" };
		const { started, seen } = await sent(variables, VEO, { name: "operations/x" });
		expect(seen[0]?.url).toBe(`https://gateway.example/gemini/v1beta/models/${VEO}:predictLongRunning`);
		const look = answering({ name: "operations/x", done: false });
		await google(variables).status(started.handle, { ...startContext(), fetch: look.fetch });
		expect(look.seen[0]).toMatchObject({ method: "GET", url: "https://gateway.example/gemini/v1beta/operations/x" });
	});

	it("asks the location in the operation's name, whatever is configured now", async () => {
		const variables = { GOOGLE_CLOUD_PROJECT: "p-2", GOOGLE_CLOUD_LOCATION: "us", GOOGLE_VERTEX_API_KEY: VERTEX_KEY };
		const { fetch, seen } = answering({ done: false });
		await google(variables).status({ via: "vertex", operation }, { ...startContext(), fetch });
		const url = `https://us-central1-aiplatform.googleapis.com/v1beta1/${operation.split("/operations/")[0]}`;
		expect(seen).toEqual([
			expect.objectContaining({ url: `${url}:fetchPredictOperation`, body: { operationName: operation } }),
		]);
	});

	it("refuses Veo with a key of the Gemini API before anything is sent, and says what to do", async () => {
		const start = google({ GEMINI_API_KEY: KEY }).start(asked(VEO), { ...startContext(), fetch: noFetch });
		await expect(start).rejects.toMatchObject({
			code: "model_retired",
			billed: "no",
			replacement: "google:gemini-omni-1.2-flash",
			message: expect.stringMatching(/^model: Veo left the Gemini API on 2026-10-22.*GOOGLE_CLOUD_PROJECT/),
		});
	});

	it.each<[string, Readonly<Record<string, string>>, string, RegExp]>([
		["no key at all", {}, "gemini-omni-1.2-flash", /GEMINI_API_KEY is not set/],
		["what is no id", { GEMINI_API_KEY: KEY }, "../admin", /^model: /],
		[
			"a location that would be another host",
			{ GOOGLE_CLOUD_PROJECT: "p-1", GOOGLE_CLOUD_LOCATION: "evil.example/", GOOGLE_VERTEX_API_KEY: VERTEX_KEY },
			VEO,
			/^GOOGLE_CLOUD_LOCATION: /,
		],
		[
			"a project that is a path",
			{ GOOGLE_CLOUD_PROJECT: "a/../b", GOOGLE_VERTEX_API_KEY: VERTEX_KEY },
			VEO,
			/^GOOGLE_CLOUD_PROJECT: /,
		],
	])("sends nothing for %s", async (_what, variables, model, message) => {
		const start = google(variables).start(asked(model), { ...startContext(), fetch: noFetch });
		await expect(start).rejects.toThrow(message);
	});

	it("does not ask for a job whose service is not configured any more", async () => {
		const context = { ...startContext(), fetch: noFetch };
		const geminiOnly = google({ GEMINI_API_KEY: KEY });
		await expect(geminiOnly.status({ via: "vertex", operation }, context)).rejects.toThrow(/on Vertex; set/);
		const gateway = { via: "gateway", operation: "operations/x" };
		await expect(geminiOnly.status(gateway, context)).rejects.toThrow(/GOOGLE_BASE_URL/);
		const vertexOnly = google({ GOOGLE_VERTEX_API_KEY: VERTEX_KEY });
		await expect(vertexOnly.status({ via: "gemini", id: "v1_a" }, context)).rejects.toThrow(/GEMINI_API_KEY again/);
	});

	it("reads an answer to a submission that repeats the pictures", async () => {
		const image = { ...TINY_IMAGE, data: Buffer.alloc(4 * 1024 * 1024) };
		const input = Buffer.from(image.data).toString("base64");
		const { fetch } = answering({ ...INTERACTION, input });
		const start = (request: ProviderRequest) =>
			google({ GEMINI_API_KEY: KEY }).start(request, { ...startContext(), fetch });
		const { handle } = await start(asked("gemini-omni-1.2-flash", { task: "image-to-video", image }));
		expect(handle).toEqual({ via: "gemini", id: "v1_abc" });
		await expect(start(asked("gemini-omni-1.2-flash"))).rejects.toMatchObject({ billed: "unknown" });
	});

	it("takes up what the user found at the service, if it can be one", () => {
		const provider = google({ GEMINI_API_KEY: KEY, GOOGLE_VERTEX_API_KEY: VERTEX_KEY });
		expect(provider.adopt?.("v1_abc", "gemini-omni-1.2-flash")).toEqual({ via: "gemini", id: "v1_abc" });
		expect(provider.adopt?.(operation, VEO)).toEqual({ via: "vertex", operation });
		expect(() => provider.adopt?.("../v1_abc", "gemini-omni-1.2-flash")).toThrow(/^operation: /);
		expect(() => provider.adopt?.("0a-1", VEO)).toThrow(/^operation: /);
	});
});

describe("a model that Google switched off", () => {
	const PREVIEWS = ["veo-3.1-generate-preview", "veo-3.1-fast-generate-preview", "veo-3.1-lite-generate-preview"];
	const OMNI_PREVIEW = "gemini-omni-flash-preview";

	it("is off on Vertex too, where the same family goes on under another name", () => {
		for (const variables of [{ GOOGLE_CLOUD_PROJECT: "p-1" }, { GOOGLE_VERTEX_API_KEY: VERTEX_KEY }]) {
			const provider = google(variables);
			for (const id of PREVIEWS) {
				const replacement = `google:${id.replace("preview", "001")}`;
				expect(provider.model(id)).toMatchObject({ retiresOn: "2026-10-22", replacement });
				expect(provider.model(replacement.slice("google:".length))?.retiresOn).toBeUndefined();
			}
			expect(provider.model(OMNI_PREVIEW)).toMatchObject({ retiresOn: "2026-09-30" });
		}
	});

	it("may still be there behind a gateway", () => {
		const gateway = google({ GEMINI_API_KEY: KEY, GOOGLE_BASE_URL: "https://gateway.example/gemini" });
		for (const id of [...PREVIEWS, OMNI_PREVIEW]) expect(gateway.model(id)?.retiresOn).toBeUndefined();
		expect(google({ GEMINI_API_KEY: KEY }).model(OMNI_PREVIEW)).toMatchObject({ retiresOn: "2026-09-30" });
	});
});

describe("the body of an interaction", () => {
	const bodyOf = (options: Partial<ProviderRequest>) => toInteraction(asked("gemini-omni-1.2-flash", options), "uri");
	const content = (body: JsonValue) => JSON.parse(JSON.stringify(body)).input[0].content;

	it("has every option in its place, and zero as a value", () => {
		const { body, warnings } = bodyOf({ durationSeconds: 6.5, aspectRatio: "9:16", resolution: "4K", seed: 0 });
		expect(warnings).toEqual([]);
		expect(body).toEqual({
			model: "gemini-omni-1.2-flash",
			input: [{ type: "user_input", content: [{ type: "text", text: "Waves" }] }],
			background: true,
			store: true,
			response_modalities: ["video"],
			response_format: { type: "video", delivery: "uri", duration: "6.5s", aspect_ratio: "9:16", resolution: "4k" },
			generation_config: { seed: 0, video_config: { task: "text_to_video" } },
		});
	});

	it.each<[string, Partial<ProviderRequest>, number, string | undefined]>([
		["a first frame", { image: TINY_IMAGE }, 1, "image_to_video"],
		["a first and a last frame", { image: TINY_IMAGE, lastFrame: TINY_IMAGE }, 2, "image_to_video"],
		["references", { references: [TINY_IMAGE, TINY_IMAGE] }, 2, "reference_to_video"],
		["a first frame and a reference", { image: TINY_IMAGE, references: [TINY_IMAGE] }, 2, undefined],
	])("has %s before the prompt, and names the task", (_what, options, pictures, task) => {
		const { body } = bodyOf(options);
		const parts = Array.from({ length: pictures }, () => ({ type: "image", ...picture }));
		expect(content(body)).toEqual([...parts, { type: "text", text: "Waves" }]);
		expect(body["generation_config"]).toEqual(task === undefined ? {} : { video_config: { task } });
	});

	it("has the user's own fields beside ours, and the user's delivery in the place of ours", () => {
		const providerOptions = { response_format: { delivery: "inline" }, previous_interaction_id: "v1_z", labels: {} };
		const { body } = bodyOf({ resolution: "720p", providerOptions });
		expect(body).toMatchObject({
			previous_interaction_id: "v1_z",
			response_format: { delivery: "inline", resolution: "720p" },
		});
	});

	it("has the user's own task in the place of ours, beside the seed", () => {
		const providerOptions = { generation_config: { video_config: { task: "extend" } } };
		expect(bodyOf({ seed: 0, providerOptions }).body["generation_config"]).toEqual({
			seed: 0,
			video_config: { task: "extend" },
		});
		const others = { generation_config: { video_config: { shots: 2 } } };
		expect(bodyOf({ providerOptions: others }).body["generation_config"]).toEqual({
			video_config: { task: "text_to_video", shots: 2 },
		});
	});

	it("needs no word for the sound that it always makes, and has none against it", () => {
		const strict = (generateAudio: boolean) => () => bodyOf({ generateAudio, onUnsupported: "reject" });
		expect(strict(true)().warnings).toEqual([expect.stringMatching(/^generateAudio: not sent.*anyway$/)]);
		expect(strict(false)).toThrow(/^generateAudio: not sent/);
	});

	it.each<[string, Partial<ProviderRequest>]>([
		["a thing said twice", { seed: 0, providerOptions: { generation_config: { seed: 1 } } }],
		["a last frame alone", { lastFrame: TINY_IMAGE }],
		["more than 10 s between two frames", { image: TINY_IMAGE, lastFrame: TINY_IMAGE, durationSeconds: 12 }],
		["too many references", { references: Array.from({ length: 7 }, () => TINY_IMAGE) }],
	])("is refused for %s", (_what, options) => {
		expect(() => bodyOf(options)).toThrow(/^[\w.]+: .+/);
	});
});

describe("the body of a prediction", () => {
	const bodyOf = (options: Partial<ProviderRequest>) => toPrediction(asked(VEO, options));

	it("has every option in its place, and what is falsy as a value", () => {
		const { body, warnings } = bodyOf({
			...{ image: TINY_IMAGE, lastFrame: TINY_IMAGE, references: [TINY_IMAGE], durationSeconds: 8, seed: 0 },
			...{ negativePrompt: "", generateAudio: false, resolution: "4K", aspectRatio: "16:9", quality: "low" },
			providerOptions: { storageUri: "gs://bucket/folder", personGeneration: "dont_allow" },
		});
		expect(warnings).toEqual([expect.stringMatching(/^quality: /)]);
		const referenceImages = [{ image: encoded, referenceType: "asset" }];
		expect(body).toEqual({
			instances: [{ prompt: "Waves", image: encoded, lastFrame: encoded, referenceImages }],
			parameters: {
				...{ sampleCount: 1, durationSeconds: 8, seed: 0, negativePrompt: "", generateAudio: false },
				...{ resolution: "4k", aspectRatio: "16:9", storageUri: "gs://bucket/folder", personGeneration: "dont_allow" },
			},
		});
		expect(bodyOf({ providerOptions: { sampleCount: 2 } }).body).toMatchObject({ parameters: { sampleCount: 2 } });
	});

	it.each<[string, Partial<ProviderRequest>]>([
		["a thing said twice", { seed: 0, providerOptions: { seed: 1 } }],
		["a last frame alone", { lastFrame: TINY_IMAGE }],
		["too many references", { references: Array.from({ length: 4 }, () => TINY_IMAGE) }],
	])("is refused for %s", (_what, options) => {
		expect(() => bodyOf(options)).toThrow(/^[\w.]+: .+/);
	});
});
