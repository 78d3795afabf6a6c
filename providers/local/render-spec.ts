/** The picture's pixels, or the short side when the first image decides the shape. */
export type RenderFrame =
	| { readonly kind: "exact"; readonly width: number; readonly height: number }
	| { readonly kind: "like-image"; readonly shortSide: number };

/** A picture of the user's own. */
export interface RenderImage {
	/** The complete file. */
	readonly data: Uint8Array;
	/** How its pixels must be turned or mirrored to be shown, as EXIF numbers it. Absent: not at all. */
	readonly orientation?: number;
}

/** Everything that decides a video, byte for byte. It is what the render process is sent. */
export interface RenderSpec {
	readonly frame: RenderFrame;
	/** Whole frames per second. */
	readonly fps: number;
	readonly frameCount: number;
	/** A whole number from 0 to 2³²−1. */
	readonly seed: number;
	readonly prompt: string;
	/** The text in the lower third; absent for none. */
	readonly caption?: string;
	readonly quality: "low" | "medium" | "high";
	/** The picture to start from; absent: a scene is drawn. */
	readonly image?: RenderImage;
	/** The picture to end on. */
	readonly lastFrame?: RenderImage;
	/** Which encoder to take; `auto` is the native one where it has a binary. */
	readonly encoder: "auto" | EncoderName;
}

/** The encoders that a render can use: openh264 as a native module, or minih264 as WebAssembly. */
export type EncoderName = "native" | "wasm";

/** What the parent sends to a render process, one for its life. */
export type RenderOrder = { readonly kind: "render"; readonly spec: RenderSpec } | { readonly kind: "probe" };

/** What a render process answers. A video comes in chunks, so that no message holds up the parent. */
export type RenderReport =
	| { readonly kind: "progress"; readonly progress: number }
	| { readonly kind: "video"; readonly sizeBytes: number }
	| { readonly kind: "chunk"; readonly offset: number; readonly data: Uint8Array }
	| { readonly kind: "done" }
	| { readonly kind: "usable"; readonly encoder: EncoderName }
	| { readonly kind: "failed"; readonly failure: "invalid" | "internal"; readonly reason: string };
