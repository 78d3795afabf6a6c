import { UnsupportedOptionError } from "../errors/index.ts";
import type {
	GenerationOptions,
	ModelCapabilities,
	NumberLimits,
	ProviderRequest,
	SizeLimits,
	VideoQuality,
} from "../provider/index.ts";
import { frameSize, parseExactSize } from "../provider-kit/index.ts";
import { describeLimits, nearestAllowed } from "./number-limits.ts";
import { sameRatio, sameSize } from "./same-size.ts";

/**
 * What to do with an option that a model cannot take as it is. `auto`: numbers move to the nearest
 * allowed value, and options that only steer are left out, each with a warning; what would change the
 * meaning (an image, sound) is an error. `reject`: everything is an error. `adjust`: nothing is, and
 * every change is a warning.
 */
export type OnUnsupported = "auto" | "reject" | "adjust";

/** A request that a model can take, and what was changed for it. */
export interface FittedRequest {
	readonly request: ProviderRequest;
	readonly warnings: readonly string[];
}

/** Options whose loss changes what the video means. */
const MEANINGFUL: ReadonlySet<keyof GenerationOptions> = new Set(["lastFrame", "references", "generateAudio"]);

/**
 * Fits a request to a model: every option is honoured, adjusted with a warning, or rejected.
 *
 * Throws `UnsupportedOptionError` when the model cannot honour an option under `onUnsupported`.
 */
export function fitRequest(
	request: ProviderRequest,
	model: ModelCapabilities | undefined,
	reference: string,
	onUnsupported: OnUnsupported,
	quality: { readonly preset: VideoQuality; readonly chosen: boolean },
): FittedRequest {
	if (model === undefined) {
		return {
			request,
			warnings: [`model: ${reference} is not in the catalogue; the request is passed on without knowing its limits`],
		};
	}
	const fit = new Fit(request, reference, onUnsupported);
	for (const name of Object.keys(model.options) as (keyof GenerationOptions)[]) fit.option(name, model.options[name]);
	if (model.durationSeconds !== undefined) fit.number("durationSeconds", model.durationSeconds);
	if (model.fps !== undefined) fit.number("fps", model.fps);
	fit.audio(model.audio);
	fit.size(model);
	fit.quality(model.options.quality, quality);
	return { request: fit.request as ProviderRequest, warnings: fit.warnings };
}

class Fit {
	readonly request: { -readonly [Name in keyof ProviderRequest]: ProviderRequest[Name] };
	readonly warnings: string[] = [];
	readonly #reference: string;
	readonly #onUnsupported: OnUnsupported;

	constructor(request: ProviderRequest, reference: string, onUnsupported: OnUnsupported) {
		this.request = { ...request };
		this.#reference = reference;
		this.#onUnsupported = onUnsupported;
	}

	option(name: keyof GenerationOptions, support: boolean | null): void {
		const value = this.request[name];
		if (value === undefined || support === true) return;
		if (support === null) {
			this.warnings.push(`${name}: it is not known whether ${this.#reference} honours it; it was passed on`);
			return;
		}
		// Asking for silence, or for no references, is honoured by a model that has neither.
		if (value === false || (Array.isArray(value) && value.length === 0)) {
			delete this.request[name];
			return;
		}
		this.#refuse(name, "does not take it", MEANINGFUL.has(name));
		delete this.request[name];
		this.warnings.push(`${name}: left out, because ${this.#reference} does not take it`);
	}

	number(name: "durationSeconds" | "fps", limits: NumberLimits): void {
		const value = this.request[name];
		if (value === undefined) return;
		const nearest = nearestAllowed(value, limits);
		if (nearest === value) return;
		this.#refuse(name, `takes ${describeLimits(limits)}, not ${value}`, false);
		this.request[name] = nearest;
		this.warnings.push(`${name}: ${value} became ${nearest}, the nearest that ${this.#reference} takes`);
	}

	audio(audio: ModelCapabilities["audio"]): void {
		if (this.request.generateAudio !== false || audio !== "always") return;
		this.#refuse("generateAudio", "always makes sound", true);
		delete this.request.generateAudio;
		this.warnings.push(`generateAudio: false was left out, because ${this.#reference} always makes sound`);
	}

	size(model: ModelCapabilities): void {
		const { resolutions, aspectRatios } = model;
		if (this.request.aspectRatio !== undefined && aspectRatios !== undefined) {
			const listed = sameRatio(this.request.aspectRatio, aspectRatios);
			if (listed === undefined) {
				throw this.#unsupported("aspectRatio", `takes ${aspectRatios.join(", ")}, not "${this.request.aspectRatio}"`);
			}
			this.request.aspectRatio = listed;
		}
		const { resolution, aspectRatio } = this.request;
		if (resolution === undefined || resolutions === undefined) return;
		if (isList(resolutions)) {
			this.#listedSize(resolution, resolutions, model);
			return;
		}
		const size =
			parseExactSize(resolution) ?? frameSize({ resolution, aspectRatio }, { resolution, aspectRatio: "16:9" });
		if (!fits(size, resolutions)) {
			const { minWidth, minHeight, maxWidth, maxHeight, multipleOf } = resolutions;
			throw this.#unsupported(
				"resolution",
				`takes ${minWidth}x${minHeight} to ${maxWidth}x${maxHeight} in multiples of ${multipleOf}, ` +
					`not ${size.width}x${size.height}`,
			);
		}
	}

	quality(support: boolean | null, quality: { readonly preset: VideoQuality; readonly chosen: boolean }): void {
		if (this.request.quality !== undefined) return;
		if (support === true) this.request.quality = quality.preset;
		else if (quality.chosen) {
			this.warnings.push(`VIDEO_QUALITY_PRESET: left out, because ${this.#reference} offers no choice of quality`);
		}
	}

	#listedSize(
		resolution: string,
		resolutions: readonly string[],
		{ options, aspectRatios = [] }: ModelCapabilities,
	): void {
		if (resolutions.some((allowed) => allowed.toLowerCase() === resolution.toLowerCase())) return;
		const { aspectRatio } = this.request;
		const ratios = aspectRatio === undefined ? aspectRatios : [aspectRatio];
		const listed = sameSize(resolution, resolutions, options.aspectRatio === true ? ratios : []);
		const why = `takes ${resolutions.join(", ")}, not "${resolution}"`;
		if (listed === undefined) throw this.#unsupported("resolution", why);
		this.request.resolution = listed.resolution;
		if (listed.aspectRatio === undefined) return;
		// A class names a size and does not fix it: what a model calls 720p may be 1248x704.
		this.#refuse("resolution", why, false);
		this.request.aspectRatio = listed.aspectRatio;
		const became = `${listed.resolution} in ${listed.aspectRatio}`;
		this.warnings.push(
			`resolution: ${resolution} became ${became}, as ${this.#reference} takes ${resolutions.join(", ")}`,
		);
	}

	#refuse(name: keyof GenerationOptions, why: string, changesMeaning: boolean): void {
		if (this.#onUnsupported === "reject" || (this.#onUnsupported === "auto" && changesMeaning)) {
			throw this.#unsupported(name, why);
		}
	}

	#unsupported(name: keyof GenerationOptions, why: string): UnsupportedOptionError {
		return new UnsupportedOptionError(name, `${this.#reference} ${why}; change it or choose another model`, {
			model: this.#reference,
		});
	}
}

function isList(resolutions: readonly string[] | SizeLimits): resolutions is readonly string[] {
	return Array.isArray(resolutions);
}

function fits(size: { readonly width: number; readonly height: number }, limits: SizeLimits): boolean {
	// The limits are those of a landscape frame; a portrait one may be as long the other way.
	const [long, short] = size.width >= size.height ? [size.width, size.height] : [size.height, size.width];
	return (
		long >= limits.minWidth &&
		short >= limits.minHeight &&
		long <= limits.maxWidth &&
		short <= limits.maxHeight &&
		size.width % limits.multipleOf === 0 &&
		size.height % limits.multipleOf === 0
	);
}
