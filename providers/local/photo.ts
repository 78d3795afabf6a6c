import type { Canvas, Image, SKRSContext2D } from "@napi-rs/canvas";
import type { CameraMove } from "./art/camera.ts";
import { between, easeInOut } from "./art/easing.ts";
import type { Moment } from "./art/stage.ts";

/** A decoded picture, as it is shown. */
export type Photo = Image | Canvas;

interface Framing {
	/** How much larger than needed to cover the frame; at least 1. */
	readonly zoom: number;
	/** Where the spare picture lies: 0 shows its start, 1 its end, 0.5 its middle. */
	readonly x: number;
	readonly y: number;
	readonly roll: number;
}

const WHOLE: Framing = { zoom: 1, x: 0.5, y: 0.5, roll: 0 };
const CLOSE = 1.28;
/** A roll uncovers the corners unless the picture is this much larger. */
const ROLL = 0.045;
const ROLL_ZOOM = 1.14;

/** Where each move begins and ends. One end is always the whole picture, as far as the frame's shape allows. */
function pathOf(move: CameraMove): readonly [Framing, Framing] {
	switch (move) {
		case "static":
			return [WHOLE, WHOLE];
		case "zoom-in":
			return [WHOLE, { ...WHOLE, zoom: CLOSE, y: 0.46 }];
		case "zoom-out":
			return [{ ...WHOLE, zoom: CLOSE, y: 0.46 }, WHOLE];
		case "pan-left":
			return [
				{ ...WHOLE, zoom: 1.16, x: 1 },
				{ ...WHOLE, zoom: 1.16, x: 0 },
			];
		case "pan-right":
			return [
				{ ...WHOLE, zoom: 1.16, x: 0 },
				{ ...WHOLE, zoom: 1.16, x: 1 },
			];
		case "tilt-up":
			return [
				{ ...WHOLE, zoom: 1.16, y: 1 },
				{ ...WHOLE, zoom: 1.16, y: 0 },
			];
		case "tilt-down":
			return [
				{ ...WHOLE, zoom: 1.16, y: 0 },
				{ ...WHOLE, zoom: 1.16, y: 1 },
			];
		case "rotate":
			return [
				{ ...WHOLE, zoom: ROLL_ZOOM, roll: -ROLL },
				{ ...WHOLE, zoom: ROLL_ZOOM, roll: ROLL },
			];
		case "drift":
			return [WHOLE, { ...WHOLE, zoom: 1.12 }];
	}
}

/** An eased move over a picture that covers the frame at every moment. */
export function createPhotoShot(
	photo: Photo,
	width: number,
	height: number,
	move: CameraMove,
): (context: SKRSContext2D, moment: Moment) => void {
	const [from, to] = pathOf(move);
	const cover = Math.max(width / photo.width, height / photo.height);
	return (context, { share }) => {
		const eased = easeInOut(share);
		const scale = cover * between(from.zoom, to.zoom, eased);
		const drawnWidth = photo.width * scale;
		const drawnHeight = photo.height * scale;
		context.save();
		context.imageSmoothingQuality = scale < 0.6 ? "high" : "medium";
		context.translate(width / 2, height / 2);
		context.rotate(between(from.roll, to.roll, eased));
		context.translate(-width / 2, -height / 2);
		context.drawImage(
			photo,
			(width - drawnWidth) * between(from.x, to.x, eased),
			(height - drawnHeight) * between(from.y, to.y, eased),
			drawnWidth,
			drawnHeight,
		);
		context.restore();
	};
}
