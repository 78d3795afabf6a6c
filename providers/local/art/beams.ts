import { css, type Rgb } from "./color.ts";
import { softLight } from "./soft-light.ts";
import type { Layer, Stage } from "./stage.ts";

/** Shafts of light. */
export interface Beams {
	/** Where they come from, in pixels; may be outside of the frame. */
	readonly x: number;
	readonly y: number;
	readonly color: Rgb;
	readonly strength: number;
	readonly count: number;
	/** The middle direction in radians; π/2 is straight down. */
	readonly angle: number;
	/** How far apart the outer ones are, in radians. */
	readonly spread: number;
	readonly depth: number;
}

/** Shafts that slowly brighten, fade and lean, as leaves or waves pass above. */
export function beamLayer(stage: Stage, beams: Beams, label: string): Layer {
	const { width, height } = stage;
	const random = stage.random.fork(`beams ${label}`);
	const length = Math.hypot(width, height) * 1.15;
	const shafts = Array.from({ length: beams.count }, (_, index) => ({
		angle: beams.angle + beams.spread * ((index + random.range(0.2, 0.8)) / beams.count - 0.5),
		half: random.range(0.014, 0.05),
		pace: random.range(0.25, 0.6),
		phase: random.range(0, Math.PI * 2),
		strength: random.range(0.5, 1),
	}));
	return {
		depth: beams.depth,
		paint: softLight(stage, height * 1.1, (context, { seconds }) => {
			const fade = context.createRadialGradient(beams.x, beams.y, 0, beams.x, beams.y, length);
			fade.addColorStop(0, css(beams.color, 0.9));
			fade.addColorStop(0.5, css(beams.color, 0.4));
			fade.addColorStop(1, css(beams.color, 0));
			context.fillStyle = fade;
			for (const shaft of shafts) {
				const swell = 0.55 + 0.45 * Math.sin(shaft.phase + seconds * shaft.pace);
				const angle = shaft.angle + 0.02 * Math.sin(shaft.phase * 2 + seconds * 0.3);
				// Three wedges inside each other soften the edges.
				for (const width of [1, 0.55]) {
					context.globalAlpha = beams.strength * shaft.strength * swell * 0.15;
					context.beginPath();
					context.moveTo(beams.x, beams.y);
					context.lineTo(
						beams.x + Math.cos(angle - shaft.half * width) * length,
						beams.y + Math.sin(angle - shaft.half * width) * length,
					);
					context.lineTo(
						beams.x + Math.cos(angle + shaft.half * width) * length,
						beams.y + Math.sin(angle + shaft.half * width) * length,
					);
					context.closePath();
					context.fill();
				}
			}
			context.globalAlpha = 1;
		}),
	};
}
