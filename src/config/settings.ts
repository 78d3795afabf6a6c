import { join } from "node:path";
import envPaths from "env-paths";
import { ConfigurationError, isVideoError } from "../errors/index.ts";
import type { ProviderSettings, SecretValue, VideoQuality, VideoTask } from "../provider/index.ts";
import { DEFAULTS, ENVIRONMENT, type EnvironmentVariable } from "./environment.ts";
import { nodeVersionProblem } from "./node-version.ts";
import { type LedgerKind, type LogLevel, type ParsedValue, parseValue, type ValueKind } from "./parse-value.ts";

/** Variables by name, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A model and what to try after it; absent parts come from the next source. */
export interface ChainSettings {
	/** The reference of the model to use, `provider:model`. */
	readonly model?: string | undefined;
	/** The references to try next, in order. `[]` means none. */
	readonly fallbacks?: readonly string[] | undefined;
}

/** The limits of a request and of its result. */
export interface LimitSettings {
	/** Longest clip that may be asked for, in seconds. @default 30 */
	readonly maxDurationSeconds: number;
	/** Largest video that is kept, in bytes. @default 524288000 */
	readonly maxVideoBytes: number;
	/** Largest image that is taken, in bytes. @default 20971520 */
	readonly maxImageBytes: number;
	/** Longest prompt that is taken, in characters. @default 2000 */
	readonly maxPromptLength: number;
}

/** Everything that the environment says, parsed. */
export interface Settings {
	readonly chains: Readonly<Record<VideoTask, ChainSettings>>;
	readonly limits: LimitSettings;
	/** The preset, and whether the user chose it. */
	readonly quality: { readonly preset: VideoQuality; readonly chosen: boolean };
	readonly providers: Readonly<Record<string, ProviderSettings>>;
	readonly stateDirectory: string;
	readonly ledger: LedgerKind;
	/** Modules with providers, for the command line. */
	readonly providerModules: readonly string[];
	readonly cacheDirectory: string;
	/** Which finished videos are kept, how much of them in bytes, and how long in milliseconds. */
	readonly cache: {
		readonly mode: boolean | "unseeded";
		readonly maxBytes: number;
		readonly maxAgeMs: number;
	};
	readonly logLevel: LogLevel;
	readonly allowPrivateNetwork: boolean;
	/** Whether images keep what cameras write into them. */
	readonly keepImageMetadata: boolean;
}

/** How one variable stands, for `reelay doctor`. The value of a secret is never part of it. */
export interface VariableState {
	readonly variable: EnvironmentVariable;
	readonly state: "set" | "unset" | "wrong";
	/** The value, unless it is a secret or unset. */
	readonly value?: string;
	/** What is wrong with it. */
	readonly problem?: string;
}

/** The process's own environment. The only place that reads it. */
export function processEnvironment(): Environment {
	return process.env;
}

/**
 * Parses the environment. An empty value counts as unset.
 *
 * Throws `ConfigurationError` that names every bad variable and never shows a secret, and on a Node that is
 * too old: nothing works without settings.
 */
export function readSettings(environment: Environment): Settings {
	const tooOld = nodeVersionProblem();
	if (tooOld !== undefined) throw new ConfigurationError(tooOld);
	const problems = inspectEnvironment(environment).filter((state) => state.state === "wrong");
	if (problems.length > 0) throw new ConfigurationError(problems.map((state) => state.problem).join(" · "));

	function read<Kind extends ValueKind>(name: string, kind: Kind): ParsedValue<Kind> | undefined {
		const raw = lookUp(environment, name);
		return raw === undefined ? undefined : parseValue(name, kind, raw);
	}
	const folders = envPaths("reelay", { suffix: "" });
	const quality = read("VIDEO_QUALITY_PRESET", "quality");
	return {
		chains: {
			"text-to-video": {
				model: read("DEFAULT_TEXT_TO_VIDEO_MODEL", "model"),
				fallbacks: read("FALLBACK_TEXT_TO_VIDEO_MODELS", "models"),
			},
			"image-to-video": {
				model: read("DEFAULT_IMAGE_TO_VIDEO_MODEL", "model"),
				fallbacks: read("FALLBACK_IMAGE_TO_VIDEO_MODELS", "models"),
			},
		},
		limits: {
			maxDurationSeconds: read("MAX_VIDEO_DURATION", "positive-number") ?? DEFAULTS.maxDurationSeconds,
			maxVideoBytes: read("MAX_VIDEO_FILE_SIZE", "positive-integer") ?? DEFAULTS.maxVideoBytes,
			maxImageBytes: read("MAX_IMAGE_SIZE", "positive-integer") ?? DEFAULTS.maxImageBytes,
			maxPromptLength: read("MAX_PROMPT_LENGTH", "positive-integer") ?? DEFAULTS.maxPromptLength,
		},
		quality: { preset: quality ?? DEFAULTS.quality, chosen: quality !== undefined },
		providers: readProviders(environment),
		stateDirectory: read("REELAY_STATE_DIRECTORY", "path") ?? folders.data,
		ledger: read("REELAY_LEDGER", "ledger") ?? "sqlite",
		providerModules: read("REELAY_PROVIDERS", "modules") ?? [],
		cacheDirectory: read("REELAY_CACHE_DIRECTORY", "path") ?? folders.cache,
		cache: {
			mode: read("REELAY_CACHE", "cache") ?? true,
			maxBytes: read("REELAY_CACHE_SIZE", "positive-integer") ?? DEFAULTS.cacheBytes,
			maxAgeMs: (read("REELAY_CACHE_DAYS", "positive-number") ?? DEFAULTS.cacheDays) * 86_400_000,
		},
		logLevel: read("REELAY_LOG_LEVEL", "log-level") ?? "silent",
		keepImageMetadata: read("REELAY_KEEP_IMAGE_METADATA", "flag") ?? false,
		allowPrivateNetwork: read("REELAY_ALLOW_PRIVATE_NETWORK", "flag") ?? false,
	};
}

/** How every variable of the table stands. */
export function inspectEnvironment(environment: Environment): readonly VariableState[] {
	return ENVIRONMENT.map((variable) => {
		const raw = lookUp(environment, variable.name);
		if (raw === undefined) return { variable, state: "unset" };
		try {
			parseValue(variable.name, variable.kind, raw);
		} catch (error) {
			if (!isVideoError(error)) throw error;
			return { variable, state: "wrong", problem: error.message };
		}
		return variable.kind === "secret" ? { variable, state: "set" } : { variable, state: "set", value: raw };
	});
}

/** The folder for results that nobody gave a place. */
export function defaultOutputDirectory(settings: Settings): string {
	return join(settings.cacheDirectory, "videos");
}

/** The folder for finished videos that are kept for the next time. */
export function finishedVideosDirectory(settings: Settings): string {
	return join(settings.cacheDirectory, "finished");
}

/** The file of the ledger, when it is one. */
export function ledgerPath(settings: Settings): string {
	return join(settings.stateDirectory, "ledger.sqlite");
}

/** The file for what is known of the services' health. */
export function healthPath(settings: Settings): string {
	return join(settings.stateDirectory, "health.json");
}

function readProviders(environment: Environment): Record<string, ProviderSettings> {
	const providers: Record<string, ProviderSettings> = {};
	for (const id of new Set(ENVIRONMENT.flatMap(({ provider }) => provider ?? []))) {
		const credentials: Record<string, SecretValue> = {};
		const variables: Record<string, string> = {};
		let baseUrl: string | undefined;
		for (const { name, kind, provider, alsoFor = [] } of ENVIRONMENT) {
			const raw = lookUp(environment, name);
			if ((provider !== id && !alsoFor.includes(id)) || raw === undefined) continue;
			if (kind === "secret") credentials[name] = parseValue(name, "secret", raw);
			if (kind === "text") variables[name] = parseValue(name, "text", raw);
			if (kind === "url" || kind === "urls") baseUrl = parseValue(name, kind, raw);
		}
		providers[id] = { credentials, variables, ...(baseUrl === undefined ? {} : { baseUrl }) };
	}
	return providers;
}

/** The value of a variable; `undefined` when it is empty. */
export function lookUp(environment: Environment, name: string): string | undefined {
	const raw = environment[name]?.trim();
	return raw === "" ? undefined : raw;
}
