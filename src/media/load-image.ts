import { createHash } from "node:crypto";
import { InputError } from "../errors/index.ts";
import type { InputImage } from "../provider/index.ts";
import { swapsSides, UPRIGHT } from "./exif-orientation.ts";
import { inspectImage } from "./inspect-image.ts";
import type { ImageLimits, LoadImageContext, MediaInput } from "./media-input.ts";
import { readInput } from "./read-input.ts";
import { stripMetadata } from "./strip-metadata.ts";

const DEFAULT_MAX_PIXELS = 40_000_000;
const DEFAULT_MAX_SIDE = 16_384;
const LONGEST_TYPE = 100;

/** An image that was read and checked, and what the user should know about it. */
export interface LoadedImage {
	readonly image: InputImage;
	/** One line each, starting with the field. */
	readonly warnings: readonly string[];
}

/**
 * Reads an image from wherever it is, and checks that it is one whole PNG, JPEG or WebP picture within the
 * limits. The size is checked before anything is read, and no pixel is decoded. Bytes behind the image's own
 * end are cut away, with a warning. Metadata is left out unless the context keeps it: a photo tells where it
 * was taken, when, and often by whom. Orientation and colour profile stay.
 *
 * @param field The name of the option, for errors: `image`, `lastFrame`, `references[0]`.
 *
 * Throws `InputError` that names the field and the remedy, `FileSizeError` when it has more than
 * `limits.maxBytes`, and `CancelledError` when the signal is aborted.
 */
export async function loadImage(
	field: string,
	input: MediaInput,
	limits: ImageLimits,
	context: LoadImageContext = {},
): Promise<LoadedImage> {
	const { data, declaredType } = await readInput(field, input, limits.maxBytes, context);
	const inspection = inspectImage(data, {
		maxPixels: limits.maxPixels ?? DEFAULT_MAX_PIXELS,
		maxSide: limits.maxSide ?? DEFAULT_MAX_SIDE,
	});
	if (inspection.problem !== undefined) throw new InputError(field, inspection.problem);

	const { mediaType, orientation, endOffset } = inspection;
	const warnings: string[] = [];
	const declared = normalizeType(declaredType);
	if (declared !== undefined && declared !== mediaType) {
		warnings.push(
			`${field}: called ${JSON.stringify(declared)}, but the bytes are ${mediaType}, which is what is sent`,
		);
	}
	if (endOffset < data.length) {
		warnings.push(`${field}: ${data.length - endOffset} bytes behind the end of the image are not sent`);
	}
	const whole = data.subarray(0, endOffset);
	const kept = context.keepMetadata === true ? whole : stripMetadata(mediaType, whole, orientation);
	const isOnItsSide = swapsSides(orientation);
	const image: InputImage = {
		mediaType,
		data: kept,
		width: isOnItsSide ? inspection.height : inspection.width,
		height: isOnItsSide ? inspection.width : inspection.height,
		...(orientation === UPRIGHT ? {} : { orientation }),
		sha256: createHash("sha256").update(kept).digest("hex"),
	};
	return { image, warnings };
}

/** The bare lower-case type; `undefined` when nothing in particular was declared. */
function normalizeType(declaredType: string | undefined): string | undefined {
	const type = declaredType?.slice(0, LONGEST_TYPE).split(";")[0]?.trim().toLowerCase();
	if (type === undefined || type === "" || type === "application/octet-stream") return undefined;
	return type === "image/jpg" ? "image/jpeg" : type;
}
