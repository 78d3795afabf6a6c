import { frameSize, parseAspectRatio, parseExactSize, parseResolutionClass } from "../provider-kit/index.ts";

/** A size as a model spells it. */
export interface ListedSize {
	readonly resolution: string;
	/** Absent: as it was asked for. */
	readonly aspectRatio?: string;
}

/** The ratio of a list that is the same as the one asked for, such as 16:9 for 32:18. */
export function sameRatio(asked: string, listed: readonly string[]): string | undefined {
	if (listed.includes(asked)) return asked;
	const ratio = parseAspectRatio(asked);
	return listed.find((text) => {
		const other = parseAspectRatio(text);
		return ratio !== undefined && other !== undefined && ratio.width * other.height === ratio.height * other.width;
	});
}

/**
 * What a model's list has for a resolution that it spells in another way: `4k` for 2160p, and `720p` in 16:9 for
 * 1280x720. `ratios` are those that the frame may have.
 */
export function sameSize(asked: string, listed: readonly string[], ratios: readonly string[]): ListedSize | undefined {
	const classes = listed.filter((resolution) => parseResolutionClass(resolution) !== undefined);
	const exact = parseExactSize(asked);
	if (exact === undefined) {
		const shortSide = parseResolutionClass(asked);
		const resolution = classes.find((text) => parseResolutionClass(text) === shortSide);
		return resolution === undefined ? undefined : { resolution };
	}
	for (const aspectRatio of ratios.filter((text) => parseAspectRatio(text) !== undefined)) {
		for (const resolution of classes) {
			const { width, height } = frameSize({}, { resolution, aspectRatio });
			if (width === exact.width && height === exact.height) return { resolution, aspectRatio };
		}
	}
	return undefined;
}
