import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { didYouMean, ENVIRONMENT, inspectEnvironment, readSettings } from "../../src/config/index.ts";
import { ConfigurationError } from "../../src/errors/index.ts";

describe("the environment", () => {
	it("has defaults for everything", () => {
		const settings = readSettings({});
		expect(settings.limits).toEqual({
			maxDurationSeconds: 30,
			maxVideoBytes: 524_288_000,
			maxImageBytes: 20_971_520,
			maxPromptLength: 2000,
		});
		expect(settings.quality).toEqual({ preset: "medium", chosen: false });
		expect(settings.chains["text-to-video"].model).toBeUndefined();
		expect(settings.logLevel).toBe("silent");
		expect(settings.allowPrivateNetwork).toBe(false);
	});

	it("takes an empty value for unset", () => {
		const empty = Object.fromEntries(ENVIRONMENT.map(({ name }) => [name, " "]));
		expect(readSettings(empty)).toEqual(readSettings({}));
	});

	it("reads models, limits and keys", () => {
		const settings = readSettings({
			DEFAULT_TEXT_TO_VIDEO_MODEL: "local:animatic",
			FALLBACK_TEXT_TO_VIDEO_MODELS: "google:a, fal:b/c,,",
			MAX_VIDEO_DURATION: "12.5",
			VIDEO_QUALITY_PRESET: "HIGH",
			FAL_KEY: "key-123456",
			FAL_BASE_URL: "http://127.0.0.1:8080/base/",
			GOOGLE_CLOUD_PROJECT: "demo",
			REELAY_ALLOW_PRIVATE_NETWORK: "1",
		});
		expect(settings.chains["text-to-video"]).toEqual({ model: "local:animatic", fallbacks: ["google:a", "fal:b/c"] });
		expect(settings.limits.maxDurationSeconds).toBe(12.5);
		expect(settings.quality).toEqual({ preset: "high", chosen: true });
		expect(settings.providers["fal"]?.credentials["FAL_KEY"]?.reveal()).toBe("key-123456");
		expect(settings.providers["fal"]?.baseUrl).toBe("http://127.0.0.1:8080/base");
		expect(settings.providers["google"]?.variables).toEqual({ GOOGLE_CLOUD_PROJECT: "demo" });
		expect(settings.allowPrivateNetwork).toBe(true);
	});

	it.each([
		["MAX_VIDEO_DURATION", "-1"],
		["MAX_VIDEO_DURATION", "0"],
		["MAX_VIDEO_DURATION", "ten"],
		["MAX_VIDEO_DURATION", "1e3"],
		["MAX_VIDEO_FILE_SIZE", "1.5"],
		["MAX_IMAGE_SIZE", "20MB"],
		["MAX_PROMPT_LENGTH", "99999999999999999999"],
		["VIDEO_QUALITY_PRESET", "hgih"],
		["REELAY_LOG_LEVEL", "verbose"],
		["REELAY_ALLOW_PRIVATE_NETWORK", "yes"],
		["FAL_BASE_URL", "127.0.0.1:80"],
		["GOOGLE_BASE_URL", "file:///etc/passwd"],
		["REPLICATE_BASE_URL", "https://user:secret@host/"],
		["HUGGINGFACE_BASE_URL", "https://host/?key=secret"],
	])("refuses %s=%s and names the variable", (name, value) => {
		expect(() => readSettings({ [name]: value })).toThrow(ConfigurationError);
		expect(() => readSettings({ [name]: value })).toThrow(new RegExp(`^${name}: `));
	});

	it("names every bad variable at once", () => {
		expect(() => readSettings({ MAX_IMAGE_SIZE: "big", REELAY_LOG_LEVEL: "loud" })).toThrow(
			/MAX_IMAGE_SIZE: .* · REELAY_LOG_LEVEL: /,
		);
	});

	it.each([
		'"hf_canary1234567890"',
		"'hf_canary1234567890",
		"hf_canary1234567890`",
		"HF_TOKEN=hf_canary1234567890",
		'FAL_KEY="canary1234567890"',
	])("refuses a key that brought its quotes or its name, and never shows it: %s", (value) => {
		const [state] = inspectEnvironment({ HF_TOKEN: value }).filter(({ variable }) => variable.name === "HF_TOKEN");
		expect(state).toMatchObject({
			state: "wrong",
			problem: expect.stringMatching(/^HF_TOKEN: .*write the key alone$/),
		});
		expect(inspect(state, { depth: 12 })).not.toContain("canary");
	});

	it.each(["own-key=", "QUJDREVG==", "id:secret=part", "sb+Xy12/9QwErTyUiOp=="])(
		"takes a key as it is: %s",
		(value) => {
			const { providers } = readSettings({ FAL_KEY: value });
			expect(providers["fal"]?.credentials["FAL_KEY"]?.reveal()).toBe(value);
		},
	);

	it("refuses a key with white space, and never shows it", () => {
		const canary = "hf_canary\n1234567890";
		let message = "";
		try {
			readSettings({ HF_TOKEN: canary });
		} catch (error) {
			message = inspect(error, { depth: 12, showHidden: true });
		}
		expect(message).toContain("HF_TOKEN: ");
		expect(message).not.toContain("canary");
	});

	it("shows no secret when settings are printed", () => {
		const settings = readSettings({ GEMINI_API_KEY: "canary-1234567890" });
		expect(inspect(settings, { depth: 12, showHidden: true })).not.toContain("canary");
		expect(JSON.stringify(settings)).not.toContain("canary");
	});

	it("is listed with the state of every variable, secrets without their value", () => {
		const states = inspectEnvironment({
			HF_TOKEN: "canary-1234567890",
			MAX_IMAGE_SIZE: "x",
			FAL_BASE_URL: "http://x/",
		});
		expect(states).toHaveLength(ENVIRONMENT.length);
		expect(states.find(({ variable }) => variable.name === "HF_TOKEN")).toMatchObject({ state: "set" });
		expect(states.find(({ variable }) => variable.name === "MAX_IMAGE_SIZE")).toMatchObject({ state: "wrong" });
		expect(states.find(({ variable }) => variable.name === "FAL_BASE_URL")).toMatchObject({ value: "http://x/" });
		expect(JSON.stringify(states)).not.toContain("canary");
	});
});

describe("did you mean", () => {
	it("names the nearest candidate, and none when nothing is near", () => {
		expect(didYouMean("locl", ["local", "google"])).toBe(' Did you mean "local"?');
		expect(didYouMean("zebra", ["local", "google"])).toBe("");
	});
});
