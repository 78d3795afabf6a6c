import type { ImageMediaType } from "../provider/index.ts";
import { stripJpeg } from "./strip-jpeg.ts";
import { stripPng } from "./strip-png.ts";
import { stripWebp } from "./strip-webp.ts";

const STRIPPERS = { "image/png": stripPng, "image/jpeg": stripJpeg, "image/webp": stripWebp };

/**
 * The same picture without what its file says about people, places and devices. Blocks are copied or left
 * out, and no pixel is decoded: the picture stays the same to the last bit, with its colour profile and,
 * unless it is stored upright, its orientation.
 *
 * @param data An image that `inspectImage` took, up to its end.
 */
export function stripMetadata(mediaType: ImageMediaType, data: Uint8Array, orientation: number): Uint8Array {
	return STRIPPERS[mediaType](data, orientation);
}
