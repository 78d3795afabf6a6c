import type { SKRSContext2D } from "@napi-rs/canvas";
import { between, easeInOut } from "./easing.ts";
import type { Random } from "./random.ts";
import type { Moment, Stage } from "./stage.ts";

/** A move that a prompt can ask for. */
export type CameraMove =
	| "drift"
	| "static"
	| "pan-left"
	| "pan-right"
	| "tilt-up"
	| "tilt-down"
	| "zoom-in"
	| "zoom-out"
	| "rotate";

/** Where the camera looks: offsets as shares of the frame, zoom as a factor, roll in radians. */
export interface View {
	readonly x: number;
	readonly y: number;
	readonly zoom: number;
	readonly roll: number;
}

interface Path {
	readonly from: View;
	readonly to: View;
}

const STILL: View = { x: 0, y: 0, zoom: 1.02, roll: 0 };

/** The start and the end of each move. All stay inside the overscan. */
function pathOf(move: CameraMove, random: Random): Path {
	const side = random.next() < 0.5 ? -1 : 1;
	switch (move) {
		case "static":
			return { from: STILL, to: STILL };
		case "pan-left":
			return { from: { ...STILL, x: 0.13 }, to: { ...STILL, x: -0.13 } };
		case "pan-right":
			return { from: { ...STILL, x: -0.13 }, to: { ...STILL, x: 0.13 } };
		case "tilt-up":
			return { from: { ...STILL, y: 0.1 }, to: { ...STILL, y: -0.08 } };
		case "tilt-down":
			return { from: { ...STILL, y: -0.08 }, to: { ...STILL, y: 0.1 } };
		case "zoom-in":
			return { from: STILL, to: { ...STILL, zoom: 1.3 } };
		case "zoom-out":
			return { from: { ...STILL, zoom: 1.3 }, to: STILL };
		case "rotate":
			return { from: { ...STILL, zoom: 1.12, roll: -0.03 * side }, to: { ...STILL, zoom: 1.12, roll: 0.03 * side } };
		case "drift":
			return { from: { ...STILL, x: -0.03 * side }, to: { x: 0.03 * side, y: -0.008, zoom: 1.07, roll: 0 } };
	}
}

/** Where the camera looks at each moment of a move. */
export function createCamera(move: CameraMove, random: Random): (moment: Moment) => View {
	const { from, to } = pathOf(move, random);
	return ({ share }) => {
		// Between linear and fully eased: it starts and stops softly, but never seems to stand still.
		const eased = between(share, easeInOut(share), 0.6);
		return {
			x: between(from.x, to.x, eased),
			y: between(from.y, to.y, eased),
			zoom: between(from.zoom, to.zoom, eased),
			roll: between(from.roll, to.roll, eased),
		};
	};
}

/** Moves the context to where a layer of this depth appears. */
export function lookThrough(context: SKRSContext2D, stage: Stage, view: View, depth: number): void {
	const { width, height } = stage;
	const zoom = 1 + (view.zoom - 1) * (0.15 + 0.85 * depth);
	context.translate(width / 2, height / 2);
	context.rotate(view.roll * depth);
	context.scale(zoom, zoom);
	context.translate(-width / 2 - view.x * width * depth, -height / 2 - view.y * height * depth);
}
