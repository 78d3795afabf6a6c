import { Path2D, type SKRSContext2D } from "@napi-rs/canvas";
import { css, mix, type Rgb, rgb } from "./color.ts";
import type { Random } from "./random.ts";
import { type Layer, OVERSCAN, type Stage } from "./stage.ts";

const CORALS = ["#ff6f61", "#ff9e6d", "#e05fa0", "#b46be0", "#f5c04e"] as const;

/** A group of small fish that turn together. */
export function shoalLayer(stage: Stage, random: Random, depth: number, color: Rgb): Layer {
	const { width, height, unit } = stage;
	const direction = random.next() < 0.5 ? -1 : 1;
	const size = unit * (1.1 + 2.2 * depth);
	const fish = Array.from({ length: 16 }, () => ({
		x: random.range(-13, 13) * unit,
		y: random.range(-5, 5) * unit,
		size: size * random.range(0.75, 1.2),
		phase: random.range(0, Math.PI * 2),
	}));
	const start = random.range(-0.1, 0.6);
	const y = height * random.range(0.26, 0.6);
	const speed = unit * random.range(4, 7);
	const span = width * 1.6;
	return {
		depth,
		paint: (context, { seconds }) => {
			const travelled = (((start * width + speed * seconds) % span) + span) % span;
			const lead = direction > 0 ? travelled - width * 0.2 : width * 1.2 - travelled;
			context.fillStyle = css(color, 0.85);
			context.beginPath();
			for (const one of fish) {
				const x = lead + one.x + unit * 0.8 * Math.sin(seconds * 1.1 + one.phase);
				const high = y + one.y + unit * 1.4 * Math.sin(seconds * 0.7 + one.phase * 0.6 + lead / (unit * 30));
				addSmallFish(context, x, high, one.size * direction, one.size, Math.sin(seconds * 9 + one.phase));
			}
			context.fill();
		},
	};
}

function addSmallFish(context: SKRSContext2D, x: number, y: number, long: number, size: number, beat: number): void {
	context.moveTo(x + long, y);
	context.quadraticCurveTo(x + long * 0.2, y - size * 0.52, x - long * 0.7, y);
	context.lineTo(x - long * 1.15, y - size * (0.34 + 0.1 * beat));
	context.lineTo(x - long * 1.15, y + size * (0.34 - 0.1 * beat));
	context.lineTo(x - long * 0.7, y);
	context.quadraticCurveTo(x + long * 0.2, y + size * 0.52, x + long, y);
	context.closePath();
}

/** Ribbons of weed that sway from the root. */
export function weedLayer(
	stage: Stage,
	outline: (x: number) => number,
	index: number,
	color: Rgb,
	depth: number,
): Layer {
	const { width, unit } = stage;
	const random = stage.random.fork(`weed ${index}`);
	const plants = Array.from({ length: 26 }, () => {
		const clump = random.pick([0.08, 0.2, 0.62, 0.8, 0.95] as const);
		const x = width * (clump + random.range(-0.07, 0.07) + (random.next() - 0.5) * OVERSCAN);
		return {
			x,
			y: outline(x) + unit,
			tall: unit * (9 + 8 * index) * random.range(0.5, 1.3),
			thick: unit * (0.5 + 0.35 * index) * random.range(0.7, 1.2),
			phase: random.range(0, Math.PI * 2),
		};
	});
	return {
		depth,
		paint: (context, { seconds }) => {
			context.fillStyle = css(color);
			context.beginPath();
			for (const plant of plants) {
				const left: [number, number][] = [];
				const right: [number, number][] = [];
				for (let step = 0; step <= 7; step += 1) {
					const share = step / 7;
					const bend = plant.tall * 0.2 * share * Math.sin(seconds * 1.1 + plant.phase - share * 2.6);
					const half = plant.thick * (1 - share) ** 0.6 * (1 + 0.25 * Math.sin(share * 9 + plant.phase));
					left.push([plant.x + bend - half, plant.y - plant.tall * share]);
					right.push([plant.x + bend + half, plant.y - plant.tall * share]);
				}
				for (const [step, [x, y]] of [...left, ...right.reverse()].entries()) {
					if (step === 0) context.moveTo(x, y);
					else context.lineTo(x, y);
				}
				context.closePath();
			}
			context.fill();
		},
	};
}

/** Branching and rounded corals along the bed. */
export function coralLayer(
	stage: Stage,
	random: Random,
	outline: (x: number) => number,
	depth: number,
	index: number,
	deep: Rgb,
): Layer {
	const { width, unit, palette } = stage;
	const corals = Array.from({ length: 15 }, () => {
		const x = width * random.range(-OVERSCAN, 1 + OVERSCAN);
		const path = new Path2D();
		const size = unit * (4.5 + 3.4 * index) * random.range(0.6, 1.3);
		if (random.next() < 0.55) addBranches(path, random, x, outline(x) + unit * 0.5, size, -Math.PI / 2, 4);
		else addMound(path, random, x, outline(x) + unit, size);
		return { path, color: css(mix(palette.own(rgb(random.pick(CORALS))), deep, 0.55 - 0.19 * index)) };
	});
	return {
		depth,
		paint: (context) => {
			for (const coral of corals) {
				context.fillStyle = coral.color;
				context.fill(coral.path);
			}
		},
	};
}

function addBranches(
	path: Path2D,
	random: Random,
	x: number,
	y: number,
	size: number,
	angle: number,
	level: number,
): void {
	const endX = x + Math.cos(angle) * size * 0.5;
	const endY = y + Math.sin(angle) * size * 0.5;
	const half = size * 0.07 * (level / 3);
	const acrossX = -Math.sin(angle) * half;
	const acrossY = Math.cos(angle) * half;
	path.moveTo(x - acrossX, y - acrossY);
	path.lineTo(endX - acrossX * 0.75, endY - acrossY * 0.75);
	path.lineTo(endX + acrossX * 0.75, endY + acrossY * 0.75);
	path.lineTo(x + acrossX, y + acrossY);
	path.closePath();
	path.moveTo(endX + half, endY);
	path.arc(endX, endY, half, 0, Math.PI * 2);
	if (level === 0) return;
	for (const side of [-1, 0.15, 1]) {
		addBranches(
			path,
			random,
			endX,
			endY,
			size * random.range(0.66, 0.86),
			angle + side * random.range(0.3, 0.6),
			level - 1,
		);
	}
}

function addMound(path: Path2D, random: Random, x: number, y: number, size: number): void {
	for (let lobe = 0; lobe < 7; lobe += 1) {
		const radius = size * random.range(0.2, 0.4);
		const centerX = x + size * random.range(-0.55, 0.55);
		const centerY = y - size * random.range(0.05, 0.4);
		path.moveTo(centerX + radius, centerY);
		path.arc(centerX, centerY, radius, 0, Math.PI * 2);
	}
}
