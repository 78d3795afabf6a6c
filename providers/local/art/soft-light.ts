import { createCanvas, type SKRSContext2D } from "@napi-rs/canvas";
import { type Moment, OVERSCAN, type Stage } from "./stage.ts";

/** Soft light has no detail: a quarter of the resolution looks the same and costs a tenth. */
const COARSENESS = 4;

/**
 * A painter of light that is added to what lies below. `paint` draws in the frame's own pixels on a
 * coarse sheet that reaches down to `bottom` pixels.
 */
export function softLight(
	stage: Stage,
	bottom: number,
	paint: (context: SKRSContext2D, moment: Moment) => void,
): (context: SKRSContext2D, moment: Moment) => void {
	const { width } = stage;
	const left = OVERSCAN * width;
	const fullWidth = width * (1 + 2 * OVERSCAN);
	const sheet = createCanvas(Math.ceil(fullWidth / COARSENESS), Math.ceil(bottom / COARSENESS));
	const coarse = sheet.getContext("2d");
	return (context, moment) => {
		coarse.setTransform(1, 0, 0, 1, 0, 0);
		coarse.globalCompositeOperation = "source-over";
		coarse.clearRect(0, 0, sheet.width, sheet.height);
		coarse.scale(sheet.width / fullWidth, sheet.height / bottom);
		coarse.translate(left, 0);
		coarse.globalCompositeOperation = "lighter";
		paint(coarse, moment);
		context.globalCompositeOperation = "lighter";
		context.drawImage(sheet, -left, 0, fullWidth, bottom);
		context.globalCompositeOperation = "source-over";
	};
}
