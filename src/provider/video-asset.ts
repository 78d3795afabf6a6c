/**
 * A finished video where the service left it. The core fetches it: an adapter never downloads.
 */
export type VideoAsset =
	| {
			readonly kind: "url";
			/** An absolute URL. It may expire and may carry a signature: it is treated as a secret. */
			readonly url: string;
			/** Headers to send, credentials included, while the URL's origin is in `credentialOrigins`. */
			readonly headers?: Readonly<Record<string, string>>;
			/** Origins (`https://host[:port]`) that may see `headers`. No other origin ever does. */
			readonly credentialOrigins?: readonly string[];
			/** The size the service named, in bytes. A download of another size fails. */
			readonly sizeBytes?: number;
			/** The checksum the service named, 64 hexadecimal digits. */
			readonly sha256?: string;
	  }
	| {
			readonly kind: "bytes";
			/** The complete file. */
			readonly data: Uint8Array;
	  }
	| {
			readonly kind: "file";
			/** An absolute path on this machine. The core copies it and leaves the original alone. */
			readonly path: string;
	  };
