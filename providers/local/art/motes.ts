import type { Rgb } from "./color.ts";
import { glowSprite } from "./sky.ts";
import type { Layer, Stage } from "./stage.ts";

/** Small lights in the air: fireflies, embers, pollen, bubbles of light. */
export interface Motes {
	readonly color: Rgb;
	readonly count: number;
	readonly depth: number;
	/** The part of the frame they live in, in pixels. */
	readonly area: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };
	/** Radius in units. */
	readonly size: number;
	/** Units per second; negative sinks. */
	readonly rise: number;
	/** How far they wander, in units. */
	readonly wander: number;
	/** Whether they go out and come on, or stay lit. */
	readonly blink: boolean;
	readonly strength: number;
}

/** Soft points of light that wander; those that leave the area at one edge come back at the other. */
export function moteLayer(stage: Stage, motes: Motes, label: string): Layer {
	const { unit } = stage;
	const { area } = motes;
	const random = stage.random.fork(`motes ${label}`);
	const sprite = glowSprite(motes.color, 64);
	const points = Array.from({ length: motes.count }, () => ({
		x: random.range(area.left, area.right),
		y: random.next(),
		size: unit * motes.size * random.range(0.5, 1.3),
		rise: unit * motes.rise * random.range(0.6, 1.4),
		wander: unit * motes.wander * random.range(0.5, 1.3),
		pace: random.range(0.5, 1.4),
		phase: random.range(0, Math.PI * 2),
	}));
	const span = area.bottom - area.top;
	return {
		depth: motes.depth,
		paint: (context, { seconds }) => {
			context.globalCompositeOperation = "lighter";
			for (const point of points) {
				const travelled = (((point.y * span - point.rise * seconds) % span) + span) % span;
				const share = travelled / span;
				const edge = Math.min(1, share * 6, (1 - share) * 6);
				const glow = motes.blink ? Math.max(0, Math.sin(point.phase + seconds * point.pace * 1.6)) ** 1.5 : 0.85;
				if (glow * edge < 0.02) continue;
				const x = point.x + point.wander * Math.sin(point.phase + seconds * point.pace);
				const y = area.top + travelled + point.wander * 0.5 * Math.cos(point.phase * 1.7 + seconds * point.pace * 0.8);
				context.globalAlpha = glow * edge * motes.strength;
				context.drawImage(sprite, x - point.size, y - point.size, point.size * 2, point.size * 2);
			}
			context.globalAlpha = 1;
			context.globalCompositeOperation = "source-over";
		},
	};
}
