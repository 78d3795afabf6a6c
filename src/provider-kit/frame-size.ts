import { InputError } from "../errors/index.ts";

/** Pixels across and down. */
export interface FrameSize {
	readonly width: number;
	readonly height: number;
}

const CLASS_PATTERN = /^(\d{3,4})p$/i;
const NAMED_CLASSES: Readonly<Record<string, number>> = { "2k": 1440, "4k": 2160 };
const EXACT_PATTERN = /^(\d{1,5})\s*[x×]\s*(\d{1,5})$/i;
const RATIO_PATTERN = /^(\d{1,4}):(\d{1,4})$/;
/** A given size may differ from a given ratio by rounding only. */
const RATIO_TOLERANCE = 0.02;

/** The exact size in a resolution such as `"1280x720"`; `undefined` for a class such as `"720p"`. */
export function parseExactSize(resolution: string): FrameSize | undefined {
	const match = EXACT_PATTERN.exec(resolution.trim());
	if (match === null) return undefined;
	return { width: Number(match[1]), height: Number(match[2]) };
}

/** The short side in pixels of a class such as `"720p"` or `"4k"`; `undefined` for anything else. */
export function parseResolutionClass(resolution: string): number | undefined {
	const text = resolution.trim().toLowerCase();
	const match = CLASS_PATTERN.exec(text);
	return match === null ? NAMED_CLASSES[text] : Number(match[1]);
}

/** The two numbers of a ratio such as `"16:9"`; `undefined` when it is not one. */
export function parseAspectRatio(aspectRatio: string): FrameSize | undefined {
	const match = RATIO_PATTERN.exec(aspectRatio.trim());
	if (match === null) return undefined;
	const width = Number(match[1]);
	const height = Number(match[2]);
	return width === 0 || height === 0 ? undefined : { width, height };
}

/** The ratio of a picture, in numbers that `parseAspectRatio` reads: four digits at most. */
export function aspectRatioOf({ width, height }: FrameSize): string {
	const scale = Math.max(1, width / 9_999, height / 9_999);
	return [width, height].map((side) => Math.max(1, Math.round(side / scale))).join(":");
}

/**
 * The pixels that `resolution` and `aspectRatio` ask for together. A class fixes the short side, the
 * ratio the other one, rounded to even pixels as video needs. Throws `InputError` when they contradict
 * each other or cannot be read.
 */
export function frameSize(
	request: { readonly resolution?: string | undefined; readonly aspectRatio?: string | undefined },
	fallback: { readonly resolution: string; readonly aspectRatio: string },
): FrameSize {
	const resolution = request.resolution ?? fallback.resolution;
	const exact = parseExactSize(resolution);
	const ratio = parseAspectRatio(request.aspectRatio ?? fallback.aspectRatio);
	if (ratio === undefined) {
		throw new InputError("aspectRatio", `"${request.aspectRatio}" is not a ratio; write two numbers, such as "16:9"`);
	}
	if (exact !== undefined) {
		if (exact.width === 0 || exact.height === 0) {
			throw new InputError("resolution", `"${resolution}" has no area; give both sides, such as "1280x720"`);
		}
		const contradicts = Math.abs(exact.width / exact.height / (ratio.width / ratio.height) - 1) > RATIO_TOLERANCE;
		if (request.aspectRatio !== undefined && contradicts) {
			throw new InputError(
				"aspectRatio",
				`"${request.aspectRatio}" contradicts the resolution "${resolution}"; leave one of them out`,
			);
		}
		return exact;
	}
	const shortSide = parseResolutionClass(resolution);
	if (shortSide === undefined) {
		throw new InputError("resolution", `"${resolution}" is not known; use a class such as "720p", or "1280x720"`);
	}
	const longSide = even((shortSide * Math.max(ratio.width, ratio.height)) / Math.min(ratio.width, ratio.height));
	return ratio.width >= ratio.height
		? { width: longSide, height: even(shortSide) }
		: { width: even(shortSide), height: longSide };
}

function even(pixels: number): number {
	return 2 * Math.round(pixels / 2);
}
