/** The image formats that every provider can be handed. The service sniffs them from the bytes. */
export type ImageMediaType = "image/png" | "image/jpeg" | "image/webp";

/**
 * An image input, read and checked by the core before any provider sees it. A provider encodes it
 * the way its service wants it (data URL, bare base64, multipart part).
 */
export interface InputImage {
	/** What the bytes are, from their own header, never from a file name. */
	readonly mediaType: ImageMediaType;
	/** The complete file. Providers must not change it. */
	readonly data: Uint8Array;
	/** Pixels across, as the picture is shown: turned as its metadata says. */
	readonly width: number;
	/** Pixels down, as the picture is shown. */
	readonly height: number;
	/**
	 * How the stored pixels must be turned or mirrored to be shown, as EXIF numbers it: 2 to 8. `data` says it
	 * too, and most services go by that. Absent: they are stored as they are shown.
	 */
	readonly orientation?: number;
	/** SHA-256 of `data`, 64 lower-case hexadecimal digits. Safe to store and to compare. */
	readonly sha256: string;
}
