/** The shortest long side of a frame, in pixels. */
export const MINIMUM_LONG_SIDE = 160;
/** The shortest short side, in pixels. */
export const MINIMUM_SHORT_SIDE = 90;
/** The longest long side, in pixels. */
export const MAXIMUM_LONG_SIDE = 3840;
/** The longest short side, in pixels. */
export const MAXIMUM_SHORT_SIDE = 2160;

/** The even size nearest to a picture's shape that has this short side, within the limits. */
export function sizeLikeImage(
	shortSide: number,
	image: { readonly width: number; readonly height: number },
): { readonly width: number; readonly height: number } {
	const ratio = Math.max(image.width, image.height) / Math.min(image.width, image.height);
	const short = even(Math.max(MINIMUM_SHORT_SIDE, Math.min(shortSide, MAXIMUM_SHORT_SIDE, MAXIMUM_LONG_SIDE / ratio)));
	const long = Math.min(MAXIMUM_LONG_SIDE, Math.max(MINIMUM_LONG_SIDE, even(short * ratio)));
	return image.width >= image.height ? { width: long, height: short } : { width: short, height: long };
}

function even(pixels: number): number {
	return 2 * Math.round(pixels / 2);
}
