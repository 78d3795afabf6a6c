/** What a picture may measure. */
export interface PixelLimits {
	/** Most pixels, width times height. */
	readonly maxPixels: number;
	/** Longest side, in pixels. */
	readonly maxSide: number;
}

/** What an image file says of itself. */
export interface PictureFacts {
	/** Pixels across and down, as they are stored. */
	readonly width: number;
	readonly height: number;
	/** How it must be turned or mirrored to be shown, as EXIF numbers it: 1 (not at all) to 8. */
	readonly orientation: number;
	/** Where the image ends, in bytes from its start. What follows belongs to something else. */
	readonly endOffset: number;
	readonly problem?: never;
}

/** Why an image is not taken, as the end of a sentence about its field. */
export interface ImageProblem {
	readonly problem: string;
}

/** What looking at an image file gives. */
export type ImageInspection = PictureFacts | ImageProblem;

/** Why a picture of this size is not taken; `undefined` when it is. */
export function sizeProblem(width: number, height: number, limits: PixelLimits): string | undefined {
	if (width === 0 || height === 0) return `has no area: its header says ${width}x${height} pixels; give another image`;
	const measure = `measures ${width}x${height} pixels`;
	if (Math.max(width, height) > limits.maxSide) {
		return `${measure}, and no side may be longer than ${limits.maxSide}; scale it down`;
	}
	if (width * height > limits.maxPixels) {
		return `${measure}, more than the limit of ${limits.maxPixels} in all; scale it down`;
	}
	return undefined;
}

/** The problem of a file that stops in the middle. */
export function cutOff(format: string, data: Uint8Array): ImageProblem {
	return { problem: `is cut off: the ${format} data stops after ${data.length} bytes; give the whole file` };
}

/** The problem of a file that breaks its format's rules. */
export function damaged(format: string, what: string): ImageProblem {
	return { problem: `is a damaged ${format} file: ${what}; save it again, or give another image` };
}

/** The problem of a picture that moves. */
export function animated(format: string): ImageProblem {
	return { problem: `is an animated ${format}; give an image with one frame` };
}
