/**
 * A picture as a caller may give it. A `string` is a `data:` or `https:` URL, else a file path relative to
 * the current folder. A `URL` is `https:`, `data:` or `file:`. Bytes are copied, so the caller may reuse them.
 */
export type MediaInput = Uint8Array | Blob | URL | string | EncodedMediaInput;

/** Data with an optional name of its format. */
export interface EncodedMediaInput {
	/** The file: bytes, or base64 in the standard alphabet with its padding. Never a path or a URL. */
	readonly data: Uint8Array | Blob | string;
	/** What the caller believes it is, such as `image/png`. The bytes decide; a difference is a warning. */
	readonly mediaType?: string | undefined;
}

/** What an image may be at most. A limit itself is allowed. */
export interface ImageLimits {
	/** Largest file, in bytes. Users set it with `MAX_IMAGE_SIZE`. */
	readonly maxBytes: number;
	/**
	 * Most pixels, width times height.
	 * @default 40_000_000
	 */
	readonly maxPixels?: number | undefined;
	/**
	 * Longest side, in pixels.
	 * @default 16384
	 */
	readonly maxSide?: number | undefined;
}

/** Fetches a URL that a caller gave as an image, and never reads more than `maxBytes`. */
export type FetchUrl = (field: string, url: URL, maxBytes: number, signal?: AbortSignal) => Promise<Uint8Array>;

/** What reading an input may use. */
export interface LoadImageContext {
	/** Ends the reading with a `CancelledError`. */
	readonly signal?: AbortSignal | undefined;
	/** Fetches `https:` inputs. Absent: they are refused. */
	readonly fetchUrl?: FetchUrl | undefined;
	/**
	 * Whether the file's metadata (EXIF with its location, XMP, IPTC, comments, thumbnails) goes to the provider.
	 * @default false
	 */
	readonly keepMetadata?: boolean | undefined;
}
