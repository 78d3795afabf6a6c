import type { CacheMode } from "../cache/index.ts";
import { didYouMean, finishedVideosDirectory, type Settings } from "../config/index.ts";
import { ConfigurationError } from "../errors/index.ts";
import type { CacheOptions, VideoServiceOptions } from "./video-service.ts";

/** How videos are kept, with nothing left open. */
export interface ResolvedCache {
	readonly mode: CacheMode;
	readonly directory: string;
	readonly maxBytes: number;
	readonly maxAgeMs: number;
}

const NAMES: { readonly [Name in keyof CacheOptions]-?: true } = {
	mode: true,
	directory: true,
	maxBytes: true,
	maxAgeMs: true,
};

/** The option `cache` with what the environment says of the rest. Throws `ConfigurationError` that names a bad part. */
export function resolveCache(given: VideoServiceOptions["cache"], settings: Settings): ResolvedCache {
	const options: CacheOptions = typeof given === "object" && given !== null ? given : { mode: given };
	const unknown = Object.keys(options).find((name) => !Object.hasOwn(NAMES, name));
	if (unknown !== undefined) {
		const hint = didYouMean(unknown, Object.keys(NAMES));
		throw new ConfigurationError(`cache.${unknown}: there is no such option.${hint}`);
	}
	const mode = options.mode ?? settings.cache.mode;
	if (typeof mode !== "boolean" && mode !== "unseeded") {
		throw new ConfigurationError(`cache: must be true, false or "unseeded", or an object of options`);
	}
	return {
		mode,
		directory: options.directory ?? finishedVideosDirectory(settings),
		maxBytes: options.maxBytes ?? settings.cache.maxBytes,
		maxAgeMs: options.maxAgeMs ?? settings.cache.maxAgeMs,
	};
}
