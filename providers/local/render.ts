import { createCanvas } from "@napi-rs/canvas";
import { createAnimation } from "./animation.ts";
import { decodePhoto } from "./decode-photo.ts";
import { rgbaToI420 } from "./encode/i420.ts";
import { muxMp4 } from "./encode/mux.ts";
import { openEncoder } from "./encode/open-encoder.ts";
import type { Photo } from "./photo.ts";
import type { EncoderName, RenderFrame, RenderImage, RenderSpec } from "./render-spec.ts";
import { sizeLikeImage } from "./size-limits.ts";

/** A finished MP4, or why the inputs cannot become one. */
export type RenderOutcome =
	| { readonly kind: "video"; readonly video: Uint8Array }
	| { readonly kind: "invalid"; readonly reason: string };

/** Bits per second for 1280×720 at 24 frames per second. */
const BITRATES: Readonly<Record<RenderSpec["quality"], number>> = {
	low: 1_800_000,
	medium: 4_000_000,
	high: 9_000_000,
};
const REFERENCE_PIXELS = 1280 * 720;
const REFERENCE_FPS = 24;
const MINIMUM_BITRATE = 250_000;

/** Draws and encodes the whole clip. `onProgress` is told 0 to 1, at most about a hundred times. */
export async function renderVideo(
	spec: RenderSpec,
	onProgress: (progress: number) => Promise<void>,
): Promise<RenderOutcome> {
	const image = await decode("image", spec.image);
	if (typeof image === "string") return { kind: "invalid", reason: image };
	const lastFrame = await decode("lastFrame", spec.lastFrame);
	if (typeof lastFrame === "string") return { kind: "invalid", reason: lastFrame };
	const { width, height } = frameOf(spec.frame, image ?? lastFrame);
	const draw = createAnimation(spec, width, height, {
		...(image === undefined ? {} : { image }),
		...(lastFrame === undefined ? {} : { lastFrame }),
	});
	const settings = { width, height, fps: spec.fps, bitrate: bitrateOf(spec, width, height) };
	const encoder = await openEncoder(spec.encoder, settings);
	const canvas = createCanvas(width, height);
	const context = canvas.getContext("2d", { alpha: false });
	const planes = new Uint8Array((width * height * 3) / 2);
	const step = Math.max(1, Math.floor(spec.frameCount / 100));
	for (let frame = 0; frame < spec.frameCount; frame += 1) {
		draw(context, frame);
		rgbaToI420(canvas.data(), width, height, planes);
		await encoder.add(planes);
		if (frame % step === 0) await onProgress(frame / spec.frameCount);
		// The pixels of a frame are freed, and a lost parent is noticed, only when the loop is given a turn.
		await new Promise((resolve) => setImmediate(resolve));
	}
	return { kind: "video", video: await muxMp4(await encoder.finish(), settings) };
}

/** Opens an encoder and throws it away: which one works here. Throws what keeps both from working. */
export async function probeRenderer(): Promise<EncoderName> {
	const settings = { width: 160, height: 90, fps: 24, bitrate: MINIMUM_BITRATE };
	const encoder = await openEncoder("auto", settings);
	await encoder.add(new Uint8Array((settings.width * settings.height * 3) / 2));
	await encoder.finish();
	return encoder.name;
}

/** The picture, `undefined` for none, or the reason why it cannot be read. */
async function decode(field: string, image: RenderImage | undefined): Promise<Photo | string | undefined> {
	if (image === undefined) return undefined;
	return (await decodePhoto(image)) ?? `${field}: cannot be decoded to its end; save the picture again, or use another`;
}

function frameOf(frame: RenderFrame, photo: Photo | undefined): { readonly width: number; readonly height: number } {
	return frame.kind === "exact" ? frame : sizeLikeImage(frame.shortSide, photo ?? { width: 16, height: 9 });
}

/** Grows more slowly than the number of pixels, since larger pictures have smoother ones. */
function bitrateOf(spec: RenderSpec, width: number, height: number): number {
	const pixels = ((width * height) / REFERENCE_PIXELS) ** 0.8;
	const rate = (spec.fps / REFERENCE_FPS) ** 0.7;
	return Math.round(Math.max(MINIMUM_BITRATE, BITRATES[spec.quality] * pixels * rate));
}
