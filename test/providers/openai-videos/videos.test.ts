import { describe, expect, it } from "vitest";
import { DIALECT_NAMES, type Dialect } from "../../../providers/openai-videos/dialects.ts";
import { explainRefusal } from "../../../providers/openai-videos/errors.ts";
import { toBody, toStatus } from "../../../providers/openai-videos/map.ts";
import { CATALOGUE } from "../../../providers/openai-videos/models.ts";
import { JOB_ID, parseServerInfo, parseVideo } from "../../../providers/openai-videos/wire.ts";
import type { JsonValue, ProviderRequest } from "../../../src/provider/index.ts";
import { TINY_IMAGE } from "../../../src/testing/index.ts";

const WAN = "Wan-AI/Wan2.2-T2V-A14B-Diffusers";
const CONTENT = new URL("http://gpu:8091/v1/videos/job_1/content");
const KEY = { authorization: "Bearer videos-key" };

const answer = (status: number, json: JsonValue, headers: Record<string, string> = {}) => ({
	status,
	json,
	headers: new Headers(headers),
});
const statusOf = (json: JsonValue, dialect: Dialect = "plain") =>
	toStatus(parseVideo(answer(200, json)) ?? expect.fail(), dialect, CONTENT, KEY);

function sent(dialect: Dialect, options: Partial<ProviderRequest> = {}) {
	const request = { task: "text-to-video", model: "any", prompt: "Waves", providerOptions: {}, ...options } as const;
	const { body, warnings } = toBody(request, dialect);
	const { model: _model, prompt: _prompt, ...fields } = body instanceof FormData ? Object.fromEntries(body) : body;
	return { isForm: body instanceof FormData, fields, warnings };
}

describe("the body of a submission", () => {
	it.each<[Dialect, Partial<ProviderRequest>, object]>([
		["vllm-omni", { durationSeconds: 5 }, { seconds: "5" }],
		["sglang", { durationSeconds: 5 }, { seconds: 5 }],
		["litellm", { durationSeconds: 8 }, { seconds: "8" }],
		["plain", { durationSeconds: 8, providerOptions: { secondsAs: "suffixed" } }, { seconds: "8s" }],
		["plain", { durationSeconds: 8, providerOptions: { secondsAs: "number" } }, { seconds: 8 }],
		["sglang", { durationSeconds: 2.5 }, { num_frames: 60, fps: 24 }],
		["fastvideo", { durationSeconds: 2.5, fps: 16 }, { num_frames: 40, fps: 16 }],
		["sglang", { durationSeconds: 5, model: WAN }, { seconds: 5, fps: 16 }],
		["sglang", { durationSeconds: 5, model: WAN, fps: 24 }, { seconds: 5, fps: 24 }],
		["sglang", { durationSeconds: 5, model: WAN, providerOptions: { fps: 8 } }, { seconds: 5, fps: 8 }],
		["plain", { durationSeconds: 5, model: WAN }, { seconds: "5" }],
	])("for %s has the length of %j as %j", (dialect, options, expected) => {
		expect(sent(dialect, options).fields).toEqual(expected);
	});

	it.each<[Partial<ProviderRequest>, string, string | undefined]>([
		[{ resolution: "1280x720" }, "1280x720", undefined],
		[{ resolution: "720p", aspectRatio: "9:16" }, "720x1280", undefined],
		[{ resolution: "720p" }, "1280x720", "resolution: sent as 1280x720, as no aspectRatio was given"],
		[{ aspectRatio: "1:1" }, "720x720", "resolution: sent as 720x720, as aspectRatio was given alone"],
		[{ aspectRatio: "16:9", resolution: "480p", model: WAN }, "848x480", undefined],
		[{ aspectRatio: "16:9", resolution: "720p", model: "Wan-AI/Wan2.2-TI2V-5B-Diffusers" }, "1280x704", undefined],
		[{ aspectRatio: "16:9", resolution: "768p", model: "MiniMaxAI/MiniMax-H3" }, "1344x768", undefined],
		[
			{ resolution: "1280x720", model: "Wan-AI/Wan2.2-TI2V-5B" },
			"1280x704",
			"resolution: 1280x720 became 1280x704, as Wan-AI/Wan2.2-TI2V-5B renders multiples of 32",
		],
		[
			{ resolution: "720p", image: { ...TINY_IMAGE, width: 6_000, height: 8_000 } },
			"720x960",
			"resolution: sent as 720x960, as no aspectRatio was given",
		],
	])("has the frame of %j as %s", (options, size, warning) => {
		const { fields, warnings } = sent("sglang", options);
		expect([fields["size"], warnings]).toEqual([size, warning === undefined ? [] : [warning]]);
	});

	it("has ratio and resolution as they are for a server that wants them so", () => {
		const options = { resolution: "720p", aspectRatio: "9:16", providerOptions: { frameAs: "ratio" } };
		expect(sent("plain", options).fields).toEqual({ resolution: "720p", aspect_ratio: "9:16" });
	});

	it("refuses a frame that contradicts itself", () => {
		expect(() => sent("plain", { resolution: "1280x720", aspectRatio: "9:16" })).toThrow(/contradicts/);
	});

	it("is a form where the server wants one, or there is a picture to upload", async () => {
		const forms = DIALECT_NAMES.map((name) => [name, sent(name).isForm, sent(name, { image: TINY_IMAGE }).isForm]);
		expect(forms).toEqual([
			["vllm-omni", true, true],
			["sglang", false, false],
			["fastvideo", false, false],
			["litellm", false, true],
			["plain", false, true],
		]);
		const { fields } = sent("vllm-omni", {
			image: TINY_IMAGE,
			providerOptions: { lora: { name: "ink" }, flow_shift: 0 },
		});
		expect(fields).toMatchObject({ lora: '{"name":"ink"}', flow_shift: "0" });
		const file = fields["input_reference"];
		expect(file).toMatchObject({ type: "image/png", name: "image.png" });
		expect(Buffer.from(await (file as File).arrayBuffer())).toEqual(Buffer.from(TINY_IMAGE.data));
	});

	it("has the picture as a data URL where files would lose the other options", () => {
		const { fields } = sent("sglang", { image: TINY_IMAGE });
		expect(fields).toEqual({ reference_url: expect.stringMatching(/^data:image\/png;base64,/) });
	});

	it("has zero, false and nothing as values", () => {
		const options = { seed: 0, negativePrompt: "", guidanceScale: 0, generateAudio: false };
		expect(sent("vllm-omni", options).fields).toEqual({
			seed: "0",
			negative_prompt: "",
			guidance_scale: "0",
			generate_sound: "false",
		});
		expect(sent("sglang", options)).toMatchObject({
			fields: { seed: 0, negative_prompt: "", guidance_scale: 0 },
			warnings: [expect.stringMatching(/^generateAudio: not sent/)],
		});
	});

	it("says which options are not in the protocol that it was sent by", () => {
		const options = { seed: 7, negativePrompt: "fog", fps: 24, numInferenceSteps: 4, guidanceScale: 1, quality: "low" };
		const { fields, warnings } = sent("litellm", options as Partial<ProviderRequest>);
		expect(fields).toEqual({ seed: 7, negative_prompt: "fog", fps: 24, num_inference_steps: 4, guidance_scale: 1 });
		const names = ["quality", "negativePrompt", "fps", "seed", "numInferenceSteps", "guidanceScale"];
		expect(warnings.map((warning) => warning.split(":")[0])).toEqual(names);
	});

	it("is refused when it would lose a meaning, or says a thing twice", () => {
		for (const options of [
			{ lastFrame: TINY_IMAGE },
			{ references: [TINY_IMAGE] },
			{ generateAudio: true },
			{ seed: 7, providerOptions: { seed: 8 } },
			{ image: TINY_IMAGE, providerOptions: { reference_url: "https://pictures.example/a.png" } },
			{ providerOptions: { secondsAs: "minutes" } },
		]) {
			expect(() => sent("sglang", options)).toThrow(expect.objectContaining({ phase: "input" }));
		}
		expect(sent("sglang", { references: [] }).fields).toEqual({});
	});

	it("rounds a rate for an engine, and says so", () => {
		expect(sent("sglang", { fps: 23.976 })).toMatchObject({
			fields: { fps: 24 },
			warnings: ["fps: 23.976 became 24, as the server takes whole numbers"],
		});
	});
});

describe("what a server says of a job", () => {
	it.each([
		["queued", "queued"],
		["in_progress", "running"],
		["throttled", "running"],
		["never_heard_of", "running"],
		["completed", "succeeded"],
		["failed", "failed"],
		["deleted", "failed"],
		["requires_action", "failed"],
	])("is read: %s is %s", (status, state) => {
		expect(statusOf({ id: "job_1", status }).state).toBe(state);
	});

	it("is read whatever it leaves out or has null", () => {
		const bare = { status: "failed", error: null, progress: null, url: null, output: null };
		expect(statusOf(bare)).toMatchObject({ kind: "internal", reason: "the server gave no reason" });
		expect(statusOf({ status: "failed", error: "out of memory" })).toMatchObject({ reason: "out of memory" });
	});

	it("has a progress only where something was measured", () => {
		expect(statusOf({ status: "in_progress", progress: 0 })).toEqual({ state: "running" });
		expect(statusOf({ status: "in_progress", progress: 40 })).toEqual({ state: "running", progress: 0.4 });
		expect(statusOf({ status: "in_progress", progress: 4_000 })).toEqual({ state: "running" });
	});

	it.each<[string | number, string]>([
		["content_policy_violation", "refused"],
		["moderation_blocked", "refused"],
		[400, "invalid"],
		["422", "invalid"],
		[500, "internal"],
		["server_error", "internal"],
		["timeout", "expired"],
	])("has a code for its failure: %s means %s", (code, kind) => {
		expect(statusOf({ status: "failed", error: { code, message: "no" } })).toMatchObject({ kind, reason: "no" });
	});

	it("was billed by no engine, and perhaps by what is behind a gateway", () => {
		const billed = DIALECT_NAMES.map((name) => {
			const status = statusOf({ status: "failed", error: { message: "no" } }, name);
			return status.state === "failed" ? status.billed : status.state;
		});
		expect(billed).toEqual(["no", "no", "no", "unknown", "unknown"]);
	});

	it.each<[JsonValue, object]>([
		[{}, { url: CONTENT.href, headers: KEY, credentialOrigins: [CONTENT.origin] }],
		[{ url: "http://gpu:8091/files/a.mp4" }, { url: "http://gpu:8091/files/a.mp4", headers: KEY }],
		[{ url: "https://bucket.example/a.mp4" }, { url: "https://bucket.example/a.mp4" }],
		[{ output: [{ url: "https://bucket.example/b.mp4" }] }, { url: "https://bucket.example/b.mp4" }],
		[{ output: ["https://bucket.example/c.mp4"] }, { url: "https://bucket.example/c.mp4" }],
		[{ url: "/srv/outputs/a.mp4" }, { url: CONTENT.href }],
	])("leads with %j to its video", (more, expected) => {
		const status = statusOf({ status: "completed", ...(more as object) });
		const [asset] = status.state === "succeeded" ? status.assets : [];
		expect(asset).toMatchObject({ kind: "url", ...expected });
		const isForeign = asset?.kind === "url" && new URL(asset.url).origin !== CONTENT.origin;
		expect(asset !== undefined && "headers" in asset).toBe(!isForeign);
	});
});

describe("who answers", () => {
	const models = (owner: string) => ({ object: "list", data: [{ id: "m", owned_by: owner }] });

	it.each<[string, Record<string, string>, Dialect]>([
		["vllm", {}, "vllm-omni"],
		["vllm-omni", {}, "vllm-omni"],
		["sglang", {}, "sglang"],
		["fastvideo", {}, "fastvideo"],
		["openai", {}, "plain"],
		["vllm", { "x-litellm-version": "1.90.0" }, "litellm"],
	])("is told by the owner %s and the headers %j: %s", (owner, headers, dialect) => {
		expect(parseServerInfo(answer(200, models(owner), headers))).toEqual({ dialect, models: ["m"] });
	});

	it("is nobody special when the answer has no list", () => {
		expect(parseServerInfo(answer(200, { data: "none" }))).toEqual({ dialect: "plain", models: [] });
	});
});

describe("a refusal", () => {
	it("of the content is told by its code", () => {
		const error = { code: "content_policy_violation", message: "Not this." };
		expect(explainRefusal(answer(400, { error }))).toMatchObject({ code: "content_refused", reasons: ["Not this."] });
	});

	it("of anything else is not called one of the content", () => {
		expect(explainRefusal(answer(400, { error: { code: null, message: "safety first" } }))).toBeUndefined();
		expect(explainRefusal(answer(422, { detail: [{ msg: "field required" }] }))).toBeUndefined();
	});
});

describe("the ids of jobs", () => {
	it.each(["video_gen_0a1b", "6f1c2d3e-0000", "video_bGl0ZWxsbTo/Ow==", "video_ab/cd+ef="])("may be %s", (id) => {
		expect(JOB_ID.test(id)).toBe(true);
	});

	it.each(["", "..", "a/b", "video_../x", "video_a/../b", "a?b", "a#b", " a", "a\n", "%2e%2e", "a".repeat(401)])(
		"are never %j",
		(id) => {
			expect(JOB_ID.test(id)).toBe(false);
		},
	);
});

describe("the models", () => {
	it("are those with open weights, and none is refused for its size or length", () => {
		for (const model of CATALOGUE.models()) {
			expect(model.resolutions ?? model.durationSeconds ?? model.priceUsdPerSecond).toBeUndefined();
			expect(model.tasks.length).toBeGreaterThan(0);
		}
	});
});
