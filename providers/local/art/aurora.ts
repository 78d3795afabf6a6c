import { css, rgb } from "./color.ts";
import { createNoise } from "./random.ts";
import { softLight } from "./soft-light.ts";
import type { Layer, Stage } from "./stage.ts";

const CURTAINS = [
	{ low: "#3dffb0", high: "#7a5cff" },
	{ low: "#5dffd8", high: "#c05cff" },
	{ low: "#38f0a0", high: "#3d7bff" },
] as const;

/** Northern lights: curtains of thin rays that wave above `horizon` pixels. */
export function aurora(stage: Stage, horizon: number): Layer {
	const { width, unit, palette } = stage;
	const random = stage.random.fork("aurora");
	const curtains = CURTAINS.map((colors, index) => ({
		low: palette.own(rgb(colors.low)),
		high: palette.own(rgb(colors.high)),
		y: horizon * (0.42 + 0.15 * index),
		sway: createNoise(random.fork(`sway ${index}`)),
		light: createNoise(random.fork(`light ${index}`)),
		tall: unit * random.range(34, 46),
	}));
	const step = Math.max(2, unit * 1.5);
	return {
		depth: 0.02,
		paint: softLight(stage, horizon, (context, { seconds }) => {
			for (const curtain of curtains) {
				const fill = context.createLinearGradient(0, -1, 0, 0.12);
				fill.addColorStop(0, css(curtain.high, 0));
				fill.addColorStop(0.45, css(curtain.high, 0.35));
				fill.addColorStop(0.86, css(curtain.low, 0.9));
				fill.addColorStop(1, css(curtain.low, 0));
				context.fillStyle = fill;
				for (let x = -unit * 10; x < width + unit * 10; x += step) {
					const along = x / (unit * 42);
					const bright = 0.5 + 0.5 * curtain.light(along * 2.4 + seconds * 0.16);
					const fold = 0.5 + 0.5 * curtain.light(along * 11 - seconds * 0.3);
					const y = curtain.y + unit * 15 * curtain.sway(along + seconds * 0.07);
					context.globalAlpha = 0.6 * bright * (0.35 + 0.65 * fold);
					context.save();
					context.translate(x, y);
					context.scale(1, curtain.tall * (0.6 + 0.7 * fold * bright));
					context.fillRect(0, -1, step + 0.5, 1.12);
					context.restore();
				}
			}
			context.globalAlpha = 1;
		}),
	};
}
