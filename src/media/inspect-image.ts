import type { ImageMediaType } from "../provider/index.ts";
import { describeBytes } from "./describe-bytes.ts";
import { inspectJpeg } from "./inspect-jpeg.ts";
import { inspectPng } from "./inspect-png.ts";
import { inspectWebp } from "./inspect-webp.ts";
import type { ImageProblem, PictureFacts, PixelLimits } from "./pixel-limits.ts";
import { sniffImage } from "./sniff-image.ts";

const INSPECTORS = { "image/png": inspectPng, "image/jpeg": inspectJpeg, "image/webp": inspectWebp };

/** What an accepted image is, or why it is not taken. */
export type InspectedImage = (PictureFacts & { readonly mediaType: ImageMediaType }) | ImageProblem;

/**
 * Reads what an image file says of itself and walks it to its end, without decoding a pixel: a decoder is
 * where hostile pictures do their harm.
 */
export function inspectImage(data: Uint8Array, limits: PixelLimits): InspectedImage {
	const mediaType = sniffImage(data);
	if (mediaType === undefined) return { problem: `is ${describeBytes(data)}; give a PNG, JPEG or WebP image` };
	const inspection = INSPECTORS[mediaType](data, limits);
	return inspection.problem === undefined ? { ...inspection, mediaType } : inspection;
}
