import { describe, expect, it } from "vitest";
import { ConfigurationError, ModelNotFoundError, UnsupportedOptionError } from "../../src/errors/index.ts";
import type { ModelCapabilities, ProviderRequest } from "../../src/provider/index.ts";
import { fitRequest, type OnUnsupported, parseModelReference, resolveChain } from "../../src/routing/index.ts";
import { EVERYTHING } from "../support/fake-provider.ts";

const PROVIDERS = ["local", "google", "huggingface", "replicate"];

describe("a model reference", () => {
	it.each([
		["local:animatic", "local", "animatic"],
		[" google:veo-3.1-fast-generate-001 ", "google", "veo-3.1-fast-generate-001"],
		["replicate:owner/name:hash", "replicate", "owner/name:hash"],
		["huggingface:Wan-AI/Wan2.2-TI2V-5B:fal-ai", "huggingface", "Wan-AI/Wan2.2-TI2V-5B:fal-ai"],
		["Wan-AI/Wan2.2-TI2V-5B", "huggingface", "Wan-AI/Wan2.2-TI2V-5B"],
		["gemini-omni-1.2-flash", "google", "gemini-omni-1.2-flash"],
		["veo-3.1-generate-001", "google", "veo-3.1-generate-001"],
	])("reads %s", (text, provider, model) => {
		expect(parseModelReference(text, "model", PROVIDERS)).toEqual({ provider, model, text: `${provider}:${model}` });
	});

	it("without a provider names the source, the providers and the nearest one", () => {
		expect(() => parseModelReference("locl", "model", PROVIDERS)).toThrow(ModelNotFoundError);
		expect(() => parseModelReference("locl", "model", PROVIDERS)).toThrow(/^model: "locl" .* Did you mean "local"\?/);
	});

	it.each([
		["veo9", "google:veo-…"],
		["gemini", "google:gemini-…"],
		["Veo-3.1-generate-001", "google:veo-3.1-generate-001"],
	])("that looks like one of Google's names it: %s", (typed, meant) => {
		expect(() => parseModelReference(typed, "--model", PROVIDERS)).toThrow(
			`--model: "${typed}" names no provider; write provider:model. Did you mean "${meant}"? Providers: local, google`,
		);
		expect(() => parseModelReference(typed, "--model", ["local"])).toThrow(/provider:model\. Providers: local$/);
	});

	it.each(["local", "local:", " google "])("without a model says so: %s", (typed) => {
		expect(() => parseModelReference(typed, "model", PROVIDERS)).toThrow(
			/^model: ".+" names no model; write (local|google):model/,
		);
	});

	it("to a provider that is not there says how to add one", () => {
		expect(() => parseModelReference("gogle:veo", "fallbacks", PROVIDERS)).toThrow(
			/^fallbacks: .*Did you mean "google"\?.*register\(\)/,
		);
	});
});

describe("a chain", () => {
	const automatic = { provider: "local", model: "animatic", text: "local:animatic" };
	const source = (model?: string, fallbacks?: string[]) => ({
		settings: { model, fallbacks },
		modelName: "MODEL",
		fallbacksName: "FALLBACKS",
		isEnvironment: true,
	});

	it("takes the model and the fallbacks each from the first source that has them", () => {
		const chain = resolveChain([source("google:a"), source("google:b", ["local:c"])], automatic, PROVIDERS);
		expect(chain.map(({ text }) => text)).toEqual(["google:a", "local:c"]);
	});

	it("counts an empty list of fallbacks as a choice", () => {
		const chain = resolveChain([source("google:a", []), source(undefined, ["local:c"])], automatic, PROVIDERS);
		expect(chain.map(({ text }) => text)).toEqual(["google:a"]);
	});

	it("names each model once, and uses the automatic one when none is named", () => {
		const chain = resolveChain([source(undefined, ["google:a", "local:animatic", "google:a"])], automatic, PROVIDERS);
		expect(chain.map(({ text }) => text)).toEqual(["local:animatic", "google:a"]);
	});

	it("blames the configuration for a bad name in a variable", () => {
		expect(() => resolveChain([source("nowhere:x")], automatic, PROVIDERS)).toThrow(ConfigurationError);
		expect(() => resolveChain([source("nowhere:x")], automatic, PROVIDERS)).toThrow(/^MODEL: /);
	});
});

describe("fitting a request to a model", () => {
	const request: ProviderRequest = { task: "text-to-video", model: "m", prompt: "p", providerOptions: {} };
	const quality = { preset: "medium", chosen: false } as const;
	const adapt = (
		options: Partial<ProviderRequest>,
		model: Partial<ModelCapabilities>,
		onUnsupported: OnUnsupported = "auto",
	) =>
		fitRequest(
			{ ...request, ...options },
			{ id: "m", tasks: ["text-to-video"], options: EVERYTHING, ...model },
			"fake:m",
			onUnsupported,
			quality,
		);

	it("passes what the model takes, zero and false and the empty text included", () => {
		const options = { seed: 0, guidanceScale: 0, generateAudio: false, negativePrompt: "" };
		const fitted = adapt(options, {});
		expect(fitted.request).toMatchObject(options);
		expect(fitted.warnings).toEqual([]);
	});

	it("moves a length to the nearest that the model takes, with a warning", () => {
		const fitted = adapt({ durationSeconds: 5.2 }, { durationSeconds: { values: [4, 6, 8] } });
		expect(fitted.request.durationSeconds).toBe(6);
		expect(fitted.warnings).toEqual(["durationSeconds: 5.2 became 6, the nearest that fake:m takes"]);
		expect(adapt({ durationSeconds: 30 }, { durationSeconds: { min: 3, max: 15 } }).request.durationSeconds).toBe(15);
		expect(
			adapt({ durationSeconds: 4.4 }, { durationSeconds: { min: 1, max: 9, step: 1 } }).request.durationSeconds,
		).toBe(4);
	});

	it("leaves out an option that only steers, with a warning", () => {
		const fitted = adapt({ seed: 0 }, { options: { ...EVERYTHING, seed: false } });
		expect("seed" in fitted.request).toBe(false);
		expect(fitted.warnings).toEqual(["seed: left out, because fake:m does not take it"]);
	});

	it("says so when nobody knows whether an option is honoured", () => {
		const fitted = adapt({ seed: 1 }, { options: { ...EVERYTHING, seed: null } });
		expect(fitted.request.seed).toBe(1);
		expect(fitted.warnings[0]).toMatch(/^seed: it is not known/);
	});

	it("rejects sound from a silent model, and takes a wish for silence", () => {
		const silent = { options: { ...EVERYTHING, generateAudio: false } };
		expect(() => adapt({ generateAudio: true }, silent)).toThrow(UnsupportedOptionError);
		expect(adapt({ generateAudio: false }, silent).warnings).toEqual([]);
		expect(() => adapt({ generateAudio: false }, { audio: "always" })).toThrow(/^generateAudio: /);
	});

	it("rejects everything with reject, and nothing that can be left out with adjust", () => {
		const model = { options: { ...EVERYTHING, seed: false, generateAudio: false }, durationSeconds: { values: [4] } };
		expect(() => adapt({ seed: 1 }, model, "reject")).toThrow(/^seed: /);
		expect(() => adapt({ durationSeconds: 5 }, model, "reject")).toThrow(/^durationSeconds: /);
		expect(adapt({ generateAudio: true, seed: 1 }, model, "adjust").warnings).toHaveLength(2);
	});

	it("keeps to the sizes of the model, upright frames included", () => {
		const resolutions = { minWidth: 160, minHeight: 90, maxWidth: 3840, maxHeight: 2160, multipleOf: 2 };
		expect(adapt({ resolution: "1080x1920" }, { resolutions }).warnings).toEqual([]);
		expect(() => adapt({ resolution: "158x90" }, { resolutions })).toThrow(/^resolution: .*160x90 to 3840x2160/);
		expect(() => adapt({ resolution: "3842x2160" }, { resolutions })).toThrow(UnsupportedOptionError);
		expect(() => adapt({ resolution: "999p" }, { resolutions: ["720p", "1080p"] })).toThrow(/720p, 1080p, not "999p"/);
	});

	it("passes a request to an unknown model on, with a warning", () => {
		const fitted = fitRequest({ ...request, seed: 3 }, undefined, "fake:new", "auto", quality);
		expect(fitted.request.seed).toBe(3);
		expect(fitted.warnings[0]).toMatch(/^model: fake:new is not in the catalogue/);
	});

	it("uses the quality preset where there is a choice, and says when a chosen one is lost", () => {
		expect(adapt({}, {}).request.quality).toBe("medium");
		const none = { id: "m", tasks: ["text-to-video"], options: { ...EVERYTHING, quality: false } } as const;
		const chosen = fitRequest(request, none, "fake:m", "auto", { preset: "high", chosen: true });
		expect(chosen.warnings[0]).toMatch(/^VIDEO_QUALITY_PRESET: left out/);
	});
});
