import { describe, expect, it } from "vitest";
import { ENVIRONMENT, misspelledVariables } from "../../src/config/index.ts";

/** What other programs read; some of it differs from ours in two letters. */
const OF_OTHERS = [
	"AI_GATEWAY_API_KEY",
	"ANTHROPIC_API_KEY",
	"ANTHROPIC_BASE_URL",
	"API_KEY",
	"AWS_ACCESS_KEY_ID",
	"AWS_SECRET_ACCESS_KEY",
	"AWS_SESSION_TOKEN",
	"AZURE_OPENAI_API_KEY",
	"BASE_URL",
	"CI_JOB_TOKEN",
	"COHERE_API_KEY",
	"DATABASE_URL",
	"DEEPSEEK_API_KEY",
	"DO_TOKEN",
	"ELEVENLABS_API_KEY",
	"FAL_KEY_ID",
	"FAL_KEY_SECRET",
	"FIGMA_TOKEN",
	"FLY_API_TOKEN",
	"GH_TOKEN",
	"GITHUB_TOKEN",
	"GITLAB_TOKEN",
	"GOOGLE_API_KEY",
	"GOOGLE_APPLICATION_CREDENTIALS",
	"GOOGLE_CLOUD_QUOTA_PROJECT",
	"GOOGLE_CLOUD_REGION",
	"GROQ_API_KEY",
	"HA_TOKEN",
	"HF_ENDPOINT",
	"HF_HOME",
	"HF_HUB_CACHE",
	"HF_HUB_OFFLINE",
	"HUB_TOKEN",
	"HUGGING_FACE_HUB_TOKEN",
	"JWT_KEY",
	"LUMAAI_API_KEY",
	"MISTRAL_API_KEY",
	"NODE_AUTH_TOKEN",
	"NPM_TOKEN",
	"OPENAI_API_KEY",
	"OPENAI_BASE_URL",
	"OPENAI_ORG_ID",
	"OPENROUTER_API_KEY",
	"PERPLEXITY_API_KEY",
	"REDIS_URL",
	"RUNWAYML_API_SECRET",
	"SLACK_BOT_TOKEN",
	"SSL_KEY",
	"STRIPE_SECRET_KEY",
	"TOGETHERAI_API_KEY",
	"VAULT_TOKEN",
	"XAI_API_KEY",
	"XAI_KEY",
];

const CANARY = "canary-1234567890";

describe("a variable with a typing error", () => {
	it("is pointed out where its name could only be ours", () => {
		expect(misspelledVariables({ DEFAULT_TEXT_TO_VIDEO_MODELS: "x", REELAY_CACHE_DIR: "y", PATH: "/bin" })).toEqual([
			'DEFAULT_TEXT_TO_VIDEO_MODELS: reelay reads no such variable. Did you mean "DEFAULT_TEXT_TO_VIDEO_MODEL"?',
			'REELAY_CACHE_DIR: reelay reads no such variable. Did you mean "REELAY_CACHE_DIRECTORY"?',
		]);
	});

	it.each([
		["FAL_KY", "FAL_KEY"],
		["FAL_KEYS", "FAL_KEY"],
		["FAL_KYE", "FAL_KEY"],
		["FALL_KEY", "FAL_KEY"],
		["FALKEY", "FAL_KEY"],
		["fal_key", "FAL_KEY"],
		["FAL_BASE_ULR", "FAL_BASE_URL"],
		["HF_TOKENS", "HF_TOKEN"],
		["HF_TOEKN", "HF_TOKEN"],
		["GEMINI_API_KEYS", "GEMINI_API_KEY"],
		["GEMNI_API_KEY", "GEMINI_API_KEY"],
		["GEMINI_APIKEY", "GEMINI_API_KEY"],
		["GOOGLE_CLOUD_PROJET", "GOOGLE_CLOUD_PROJECT"],
		["GOOGLE_BASE_URLS", "GOOGLE_BASE_URL"],
		["REPLICATE_API_TOKENS", "REPLICATE_API_TOKEN"],
		["OPENAI_VIDEO_API_KEY", "OPENAI_VIDEOS_API_KEY"],
		["OPENAI_VIDEOS_BASE_UR", "OPENAI_VIDEOS_BASE_URL"],
	])("is pointed out where it is near to a service's: %s", (name, meant) => {
		expect(misspelledVariables({ [name]: CANARY })).toEqual([
			`${name}: reelay reads no such variable. Did you mean "${meant}"?`,
		]);
	});

	it("is found in the name of any variable, whatever letter is left out, doubled or replaced", () => {
		const overlooked = ENVIRONMENT.flatMap(({ name }) =>
			[...name].flatMap((letter, index) => {
				const [before, after] = [name.slice(0, index), name.slice(index + 1)];
				const typed = [before + after, before + letter + letter + after, `${before}8${after}`];
				const isFirstWord = name.startsWith("HF_") && index < 2;
				return isFirstWord ? [] : typed.filter((wrong) => misspelledVariables({ [wrong]: "x" }).length === 0);
			}),
		);
		expect(overlooked).toEqual([]);
	});

	it("is none in a variable of another program", () => {
		const environment = Object.fromEntries(OF_OTHERS.map((name) => [name, CANARY]));
		expect(misspelledVariables(environment)).toEqual([]);
	});

	it("is none where the right one is set too, or where there is no value", () => {
		expect(misspelledVariables({ HF_TOKEN: "x", HF_TOKEN2: "y", FAL_KY: " " })).toEqual([]);
	});

	it("never shows the value", () => {
		const hints = misspelledVariables({ FAL_KY: CANARY, REELAY_KEY: CANARY });
		expect(hints).toHaveLength(2);
		expect(hints.join()).not.toContain("canary");
	});
});
