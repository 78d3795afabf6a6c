import { css, type Rgb } from "./color.ts";
import { type Layer, OVERSCAN, type Stage } from "./stage.ts";

/** What grows in the foreground. */
export interface Meadow {
	/** Pixels from the top, for each `x`. */
	readonly groundAt: (x: number) => number;
	readonly depth: number;
	readonly color: Rgb;
	/** Height of a usual blade, in units. */
	readonly size: number;
	readonly count: number;
	/** Colours of flowers between the blades; absent for none. */
	readonly flowers?: readonly [Rgb, ...Rgb[]];
}

/** Blades that bow in the wind as it passes over them, with flowers among them. */
export function grassLayer(stage: Stage, meadow: Meadow, label: string): Layer {
	const { width, unit, wind } = stage;
	const random = stage.random.fork(`grass ${label}`);
	const blades = Array.from({ length: meadow.count }, (_, index) => {
		const x = width * (-OVERSCAN + (1 + 2 * OVERSCAN) * ((index + random.next()) / meadow.count));
		return {
			x,
			y: meadow.groundAt(x) + unit * random.range(0, 2.4),
			size: unit * meadow.size * random.range(0.55, 1.25),
			lean: random.range(-0.3, 0.3),
			phase: random.range(0, 0.9),
		};
	});
	const { flowers } = meadow;
	const blossoms =
		flowers === undefined
			? []
			: blades
					.filter((_, index) => index % 3 === 0)
					.map((blade) => ({
						...blade,
						size: blade.size * random.range(1, 1.35),
						radius: unit * meadow.size * random.range(0.09, 0.15),
						color: random.pick(flowers),
					}));
	const bow = (x: number, phase: number, seconds: number): number =>
		(0.2 + 0.25 * wind) * (Math.sin(seconds * (1.1 + 0.4 * wind) - x / (unit * 22) + phase) + 0.35);
	return {
		depth: meadow.depth,
		paint: (context, { seconds }) => {
			context.beginPath();
			for (const blade of blades) {
				const tip = blade.x + blade.size * (blade.lean + bow(blade.x, blade.phase, seconds));
				const thick = unit * 0.28;
				context.moveTo(blade.x - thick, blade.y + unit);
				context.quadraticCurveTo(blade.x - thick, blade.y - blade.size * 0.6, tip, blade.y - blade.size);
				context.quadraticCurveTo(blade.x + thick, blade.y - blade.size * 0.5, blade.x + thick, blade.y + unit);
			}
			context.fillStyle = css(meadow.color);
			context.fill();
			for (const flower of blossoms) {
				const tip = flower.x + flower.size * (flower.lean + bow(flower.x, flower.phase, seconds));
				context.beginPath();
				context.moveTo(flower.x, flower.y + unit);
				context.quadraticCurveTo(flower.x, flower.y - flower.size * 0.6, tip, flower.y - flower.size);
				context.lineWidth = unit * 0.22;
				context.strokeStyle = css(meadow.color);
				context.stroke();
				context.beginPath();
				for (let petal = 0; petal < 5; petal += 1) {
					const angle = petal * 1.2566 + flower.phase * 4;
					const x = tip + Math.cos(angle) * flower.radius * 0.72;
					const y = flower.y - flower.size + Math.sin(angle) * flower.radius * 0.6;
					context.moveTo(x + flower.radius * 0.62, y);
					context.arc(x, y, flower.radius * 0.62, 0, Math.PI * 2);
				}
				context.fillStyle = css(flower.color);
				context.fill();
				context.beginPath();
				context.arc(tip, flower.y - flower.size, flower.radius * 0.42, 0, Math.PI * 2);
				context.fillStyle = "#ffd65a";
				context.fill();
			}
		},
	};
}
