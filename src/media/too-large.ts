import { FileSizeError } from "../errors/index.ts";

/** Throws `FileSizeError` when an image is larger than the limit. The limit itself is allowed. */
export function throwIfTooLarge(field: string, sizeBytes: number, maxBytes: number): void {
	if (sizeBytes <= maxBytes) return;
	throw new FileSizeError(
		field,
		`${sizeBytes} bytes are more than the limit of ${maxBytes}; make the image smaller, or raise MAX_IMAGE_SIZE`,
		{ maxBytes, sizeBytes },
	);
}
