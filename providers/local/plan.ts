import { z } from "zod";
import {
	frameSize,
	InputError,
	type InputImage,
	type ProviderRequest,
	parseExactSize,
	parseResolutionClass,
} from "../../src/provider-kit/index.ts";
import { DEFAULT_DURATION_SECONDS, DEFAULT_FPS, DURATION_LIMITS, FPS_LIMITS } from "./models.ts";
import type { RenderFrame, RenderImage, RenderSpec } from "./render-spec.ts";
import { MAXIMUM_LONG_SIDE, MAXIMUM_SHORT_SIDE, MINIMUM_LONG_SIDE, MINIMUM_SHORT_SIDE } from "./size-limits.ts";

/** What is going to be rendered, and what the user should know about it. */
export interface RenderPlan {
	readonly spec: RenderSpec;
	readonly warnings: readonly string[];
}

const PROVIDER = { provider: "local", billed: "no" } as const;
const FALLBACK = { resolution: "720p", aspectRatio: "16:9" } as const;
const providerOptionsSchema = z.strictObject({ caption: z.union([z.boolean(), z.string()]).optional() });
/** What the caption's font has: Latin with its extensions, Greek, Cyrillic, punctuation, and the euro and trademark signs. */
const CAPTION_CHARACTERS =
	/[^\u0020-\u007e\u00a0-\u02ff\u0370-\u045f\u0490\u0491\u1e00-\u1eff\u2010-\u2027\u2030-\u205e\u20ac\u2122]/gu;

/**
 * Turns a request into what the render process needs. Throws `InputError` naming the field that is
 * outside of what the renderer does.
 */
export function planRender(request: ProviderRequest): RenderPlan {
	const fps = whole("fps", request.fps ?? DEFAULT_FPS, FPS_LIMITS);
	const durationSeconds = within(
		"durationSeconds",
		request.durationSeconds ?? DEFAULT_DURATION_SECONDS,
		DURATION_LIMITS,
	);
	const warnings: string[] = [];
	const caption = captionOf(request, warnings);
	return {
		spec: {
			frame: frameOf(request),
			fps,
			frameCount: Math.round(durationSeconds * fps),
			seed: request.seed ?? 0,
			prompt: request.prompt,
			...(caption === undefined ? {} : { caption }),
			quality: request.quality ?? "medium",
			...(request.image === undefined ? {} : { image: renderImage(request.image) }),
			...(request.lastFrame === undefined ? {} : { lastFrame: renderImage(request.lastFrame) }),
			encoder: "auto",
		},
		warnings,
	};
}

function renderImage({ data, orientation }: InputImage): RenderImage {
	return orientation === undefined ? { data } : { data, orientation };
}

function frameOf(request: ProviderRequest): RenderFrame {
	const { resolution, aspectRatio } = request;
	if (request.image !== undefined && aspectRatio === undefined) {
		const shortSide = parseResolutionClass(resolution ?? FALLBACK.resolution);
		if (shortSide !== undefined)
			return {
				kind: "like-image",
				shortSide: limitSides(resolution, Math.max(shortSide, MINIMUM_LONG_SIDE), shortSide).height,
			};
	}
	const { width, height } = frameSize(request, FALLBACK);
	return { kind: "exact", ...limitSides(resolution ?? aspectRatio, width, height) };
}

function limitSides(asked: string | undefined, width: number, height: number): { width: number; height: number } {
	const long = Math.max(width, height);
	const short = Math.min(width, height);
	if (
		long > MAXIMUM_LONG_SIDE ||
		long < MINIMUM_LONG_SIDE ||
		short > MAXIMUM_SHORT_SIDE ||
		short < MINIMUM_SHORT_SIDE
	) {
		throw new InputError(
			asked !== undefined && parseExactSize(asked) === undefined && asked.includes(":") ? "aspectRatio" : "resolution",
			`${width}x${height} cannot be rendered; choose a size from ${MINIMUM_LONG_SIDE}x${MINIMUM_SHORT_SIDE} to ${MAXIMUM_LONG_SIDE}x${MAXIMUM_SHORT_SIDE}, either way up`,
			PROVIDER,
		);
	}
	if (width % 2 !== 0 || height % 2 !== 0) {
		const even = `${width - (width % 2)}x${height - (height % 2)}`;
		throw new InputError(
			"resolution",
			`${width}x${height} has an odd side, and H.264 needs even ones; use ${even}`,
			PROVIDER,
		);
	}
	return { width, height };
}

function within(field: string, value: number, limits: { readonly min: number; readonly max: number }): number {
	if (value >= limits.min && value <= limits.max) return value;
	throw new InputError(field, `${value} cannot be rendered; choose from ${limits.min} to ${limits.max}`, PROVIDER);
}

function whole(field: string, value: number, limits: { readonly min: number; readonly max: number }): number {
	if (Number.isInteger(value)) return within(field, value, limits);
	throw new InputError(
		field,
		`${value} cannot be rendered; choose a whole number from ${limits.min} to ${limits.max}`,
		PROVIDER,
	);
}

function captionOf(request: ProviderRequest, warnings: string[]): string | undefined {
	// On a picture of the user's own, a prompt such as "zoom in" is a direction and no caption.
	const { caption = request.image === undefined } = parseProviderOptions(request);
	if (caption === false) return undefined;
	const text = (caption === true ? request.prompt : caption).normalize("NFC").replace(/\s+/gu, " ").trim();
	const legible = text.replace(CAPTION_CHARACTERS, "").replace(/ {2,}/g, " ").trim();
	if (legible === text) return text === "" ? undefined : text;
	warnings.push(
		legible === ""
			? "caption: left out, because its font has none of the prompt's characters; the scene is drawn all the same"
			: "caption: its font lacks some of the characters, which are left out",
	);
	return legible === "" ? undefined : legible;
}

function parseProviderOptions(request: ProviderRequest): { caption?: string | boolean | undefined } {
	const parsed = providerOptionsSchema.safeParse(request.providerOptions);
	if (parsed.success) return parsed.data;
	const unknown = Object.keys(request.providerOptions).find((key) => key !== "caption");
	if (unknown === undefined) {
		throw new InputError("providerOptions.local.caption", "must be true, false or the text to show", PROVIDER);
	}
	throw new InputError(`providerOptions.local.${unknown}`, 'is not known; the only option is "caption"', PROVIDER);
}
