import type { ValueKind } from "./parse-value.ts";

/** One variable that reelay reads. `docs/environment.md` and `reelay doctor` are made from these rows. */
export interface EnvironmentVariable {
	/** The variable's name. */
	readonly name: string;
	/** What its value must look like. */
	readonly kind: ValueKind;
	/** What it does, in one sentence, with units. */
	readonly description: string;
	/** What holds when it is unset, as text. */
	readonly defaultText: string;
	/** The provider that reads it; absent for reelay's own. */
	readonly provider?: string;
	/** Others that read it too. */
	readonly alsoFor?: readonly string[];
}

const MEBIBYTE = 1_048_576;

/** What holds where nothing is set. Durations in seconds, sizes in bytes, lengths in characters. */
export const DEFAULTS = {
	maxDurationSeconds: 30,
	maxVideoBytes: 500 * MEBIBYTE,
	maxImageBytes: 20 * MEBIBYTE,
	maxPromptLength: 2000,
	quality: "medium",
	cacheBytes: 2048 * MEBIBYTE,
	cacheDays: 30,
} as const;

/** Every variable that is read, in the order in which it is shown. */
export const ENVIRONMENT: readonly EnvironmentVariable[] = [
	{
		name: "DEFAULT_TEXT_TO_VIDEO_MODEL",
		kind: "model",
		description: "Model for text to video, `provider:model`.",
		defaultText: "that of the first provider with a key, else `local:animatic`",
	},
	{
		name: "DEFAULT_IMAGE_TO_VIDEO_MODEL",
		kind: "model",
		description: "Model for image to video, `provider:model`.",
		defaultText: "that of the first provider with a key, else `local:animatic`",
	},
	{
		name: "FALLBACK_TEXT_TO_VIDEO_MODELS",
		kind: "models",
		description: "Models to try next for text to video, comma separated, in order.",
		defaultText: "none",
	},
	{
		name: "FALLBACK_IMAGE_TO_VIDEO_MODELS",
		kind: "models",
		description: "Models to try next for image to video, comma separated, in order.",
		defaultText: "none",
	},
	{
		name: "MAX_VIDEO_DURATION",
		kind: "positive-number",
		description: "Longest clip that may be asked for, in seconds.",
		defaultText: `\`${DEFAULTS.maxDurationSeconds}\``,
	},
	{
		name: "MAX_VIDEO_FILE_SIZE",
		kind: "positive-integer",
		description: "Largest video that is kept, in bytes.",
		defaultText: `\`${DEFAULTS.maxVideoBytes}\``,
	},
	{
		name: "MAX_IMAGE_SIZE",
		kind: "positive-integer",
		description: "Largest image that is taken, in bytes.",
		defaultText: `\`${DEFAULTS.maxImageBytes}\``,
	},
	{
		name: "MAX_PROMPT_LENGTH",
		kind: "positive-integer",
		description: "Longest prompt that is taken, in characters.",
		defaultText: `\`${DEFAULTS.maxPromptLength}\``,
	},
	{
		name: "VIDEO_QUALITY_PRESET",
		kind: "quality",
		description: "Effort where a model offers a choice: `low`, `medium` or `high`.",
		defaultText: `\`${DEFAULTS.quality}\``,
	},
	key("GEMINI_API_KEY", "google", "Key of the Gemini API, or of the gateway at `GOOGLE_BASE_URL`."),
	key(
		"GOOGLE_VERTEX_API_KEY",
		"google",
		"Key for Google's models on Vertex, in place of application default credentials.",
	),
	setting("GOOGLE_CLOUD_PROJECT", "google", "Project for Google's models on Vertex."),
	{
		...setting("GOOGLE_CLOUD_LOCATION", "google", "Location for Google's models on Vertex."),
		defaultText: "`us-central1` for Veo, `global` for Omni",
	},
	baseUrl("google"),
	key(
		"HF_TOKEN",
		"huggingface",
		"Access token of Hugging Face, or the own key of the inference provider that the model reference names.",
	),
	setting("HF_BILL_TO", "huggingface", "Organization of Hugging Face that pays."),
	key("NOVITA_API_KEY", "huggingface", "Own key of Novita, for when there is no `HF_TOKEN`."),
	key("WAVESPEED_API_KEY", "huggingface", "Own key of WaveSpeed, for when there is no `HF_TOKEN`."),
	key("TOGETHER_API_KEY", "huggingface", "Own key of Together, for when there is no `HF_TOKEN`."),
	baseUrl("huggingface"),
	{ ...key("FAL_KEY", "fal", "Key of fal."), alsoFor: ["huggingface"] },
	baseUrl("fal"),
	{ ...key("REPLICATE_API_TOKEN", "replicate", "Token of Replicate."), alsoFor: ["huggingface"] },
	baseUrl("replicate"),
	key("OPENAI_VIDEOS_API_KEY", "openai-videos", "Key of a server that speaks `/v1/videos`, if it wants one."),
	{
		name: baseUrlVariable("openai-videos"),
		provider: "openai-videos",
		kind: "urls",
		description: "The server, or several with commas between, with or without `/v1`. Trusted as given.",
		defaultText: "none",
	},
	setting(
		"OPENAI_VIDEOS_DIALECT",
		"openai-videos",
		"How they speak: `vllm-omni`, `sglang`, `fastvideo`, `litellm` or `plain`; unset, each is asked.",
	),
	{
		name: "REELAY_STATE_DIRECTORY",
		kind: "path",
		description: "Folder for what must not be lost: the ledger, `ledger.sqlite`. Must be on a disk of this machine.",
		defaultText: "`reelay` in the system's data folder",
	},
	{
		name: "REELAY_LEDGER",
		kind: "ledger",
		description:
			"`sqlite` keeps jobs in that folder; `memory` forgets them with the process, so use it for tests only.",
		defaultText: "`sqlite`",
	},
	{
		name: "REELAY_PROVIDERS",
		kind: "modules",
		description:
			"Modules with providers for the command line, comma separated: paths or package names, each exporting `provider` or `providers`.",
		defaultText: "none",
	},
	{
		name: "REELAY_KEEP_IMAGE_METADATA",
		kind: "flag",
		description: "`1` sends images with what cameras write into them, the place included. Otherwise it is taken out.",
		defaultText: "`0`",
	},
	{
		name: "REELAY_CACHE_DIRECTORY",
		kind: "path",
		description: "Folder for what can be made again; results without an `output` go to its `videos` folder.",
		defaultText: "`reelay` in the system's cache folder",
	},
	{
		name: "REELAY_CACHE",
		kind: "cache",
		description:
			"Which finished videos are kept and handed out again: `1` those of requests with a seed, `unseeded` all, `0` none.",
		defaultText: "`1`",
	},
	{
		name: "REELAY_CACHE_SIZE",
		kind: "positive-integer",
		description: "Most that the kept videos may take together, in bytes.",
		defaultText: `\`${DEFAULTS.cacheBytes}\``,
	},
	{
		name: "REELAY_CACHE_DAYS",
		kind: "positive-number",
		description: "How long each of them is kept, in days.",
		defaultText: `\`${DEFAULTS.cacheDays}\``,
	},
	{
		name: "REELAY_LOG_LEVEL",
		kind: "log-level",
		description: "Writes log lines to stderr: `debug`, `info`, `warn`, `error` or `silent`.",
		defaultText: "`silent`",
	},
	{
		name: "REELAY_ALLOW_PRIVATE_NETWORK",
		kind: "flag",
		description: "`1` lets result and image URLs lead to private addresses and plain `http`. For development only.",
		defaultText: "`0`",
	},
];

/** The name of the variable that moves a provider to another address. */
function baseUrlVariable(provider: string): string {
	return `${provider.toUpperCase().replaceAll("-", "_")}_BASE_URL`;
}

function key(name: string, provider: string, description: string): EnvironmentVariable {
	return { name, provider, description, kind: "secret", defaultText: "none" };
}

function setting(name: string, provider: string, description: string): EnvironmentVariable {
	return { name, provider, description, kind: "text", defaultText: "none" };
}

function baseUrl(provider: string): EnvironmentVariable {
	return {
		name: baseUrlVariable(provider),
		provider,
		kind: "url",
		description: `Where \`${provider}\` is called. Trusted as given.`,
		defaultText: "the service's own address",
	};
}
