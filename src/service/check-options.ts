import { didYouMean } from "../config/index.ts";
import { ConfigurationError } from "../errors/index.ts";
import type { VideoServiceOptions } from "./video-service.ts";

/** Every option there is: one that is added and not named here does not compile. */
const OPTIONS: { readonly [Name in keyof VideoServiceOptions]-?: true } = {
	env: true,
	providers: true,
	textToVideo: true,
	imageToVideo: true,
	routing: true,
	ledger: true,
	cache: true,
	policies: true,
	limits: true,
	egress: true,
	keepImageMetadata: true,
	outputDirectory: true,
	fetch: true,
	clock: true,
	random: true,
	logger: true,
};

/** Throws `ConfigurationError` for options that are none, and for one that does not exist. */
export function checkOptions(options: VideoServiceOptions): void {
	if (typeof options !== "object" || options === null) {
		throw new ConfigurationError("createVideoService takes an object of options, or nothing");
	}
	const names = Object.keys(OPTIONS);
	const unknown = Object.keys(options).find((name) => !names.includes(name));
	if (unknown === undefined) return;
	throw new ConfigurationError(`${unknown}: there is no such option.${didYouMean(unknown, names)}`);
}
