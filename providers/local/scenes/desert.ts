import { Path2D } from "@napi-rs/canvas";
import { css, mix, type Rgb, rgb } from "../art/color.ts";
import { createNoise, type Random } from "../art/random.ts";
import { type Layer, OVERSCAN, type Stage } from "../art/stage.ts";
import { openSky } from "./open-sky.ts";
import type { SceneBuilder } from "./scene.ts";

/** Dunes with a lit and a shaded side, blown sand, and a great sun. */
export const buildDesert: SceneBuilder = (stage) => {
	const { width, height, unit, palette } = stage;
	const horizon = height * 0.6;
	const sky = openSky(stage, horizon);
	const random = stage.random.fork("desert");
	const towards = sky.luminary.x > width / 2 ? 1 : -1;
	const dunes = Array.from({ length: 5 }, (_, index) => {
		const distance = Math.max(0, 0.62 - 0.2 * index);
		return duneLayer(
			stage,
			random.fork(`dune ${index}`),
			{
				y: height * (0.6 + 0.025 * index + 0.016 * index * index),
				rise: unit * (5 + 3.2 * index),
				length: unit * (42 + 20 * index),
				depth: 0.08 + 0.2 * index,
			},
			{
				lit: mix(palette.lit(rgb("#eab676"), distance), palette.light, 0.22 * palette.lightStrength),
				shade: palette.lit(rgb("#8f5a4a"), distance * 0.9),
			},
			towards,
		);
	});
	return {
		backdrop: sky.backdrop,
		layers: [...sky.layers, ...dunes, sandLayer(stage)],
		horizon,
		luminary: sky.luminary,
		ground: { y: height * 0.76, depth: 0.5, scale: 0.9 },
	};
};

function duneLayer(
	stage: Stage,
	random: Random,
	shape: { y: number; rise: number; length: number; depth: number },
	colors: { lit: Rgb; shade: Rgb },
	towards: number,
): Layer {
	const { width, height, unit } = stage;
	const noise = createNoise(random);
	const left = -OVERSCAN * width;
	const right = width * (1 + OVERSCAN);
	const bottom = height * (1 + OVERSCAN);
	const crestAt = (x: number): number => {
		const wave = noise(x / shape.length + 30);
		return shape.y - shape.rise * (1 - Math.abs(wave) * 1.7);
	};
	const body = new Path2D();
	body.moveTo(left, bottom);
	for (let x = left; x <= right + unit; x += unit) body.lineTo(x, crestAt(x));
	body.lineTo(right, bottom);
	body.closePath();
	// From each crest a winding edge runs down towards us: sun on one side of it, shade on the other.
	const shades: Path2D[] = [];
	for (let x = left + unit; x < right; x += unit) {
		if (crestAt(x) > crestAt(x - unit) || crestAt(x) > crestAt(x + unit)) continue;
		let end = x;
		while (Math.abs(end - x) < shape.length * 1.2 && crestAt(end - towards * unit) >= crestAt(end))
			end -= towards * unit;
		const drop = (crestAt(end) - crestAt(x)) * random.range(2.6, 3.4);
		const reach = end - x;
		const shade = new Path2D();
		shade.moveTo(x, crestAt(x));
		shade.bezierCurveTo(
			x + reach * 0.45,
			crestAt(x) + drop * 0.25,
			x - reach * 0.28,
			crestAt(x) + drop * 0.62,
			x + reach * 0.62,
			crestAt(x) + drop,
		);
		shade.quadraticCurveTo(x + reach * 0.72, crestAt(x) + drop * 0.55, end, crestAt(end));
		for (let share = 1; share >= 0; share -= 0.05) shade.lineTo(x + reach * share, crestAt(x + reach * share));
		shade.closePath();
		shades.push(shade);
	}
	return {
		depth: shape.depth,
		paint: (context) => {
			const top = shape.y - shape.rise;
			const sun = context.createLinearGradient(0, top, 0, top + shape.rise * 6);
			sun.addColorStop(0, css(colors.lit));
			sun.addColorStop(1, css(mix(colors.lit, colors.shade, 0.62)));
			context.fillStyle = sun;
			context.fill(body);
			const shadow = context.createLinearGradient(0, top, 0, top + shape.rise * 3);
			shadow.addColorStop(0, css(colors.shade, 0.85));
			shadow.addColorStop(1, css(colors.shade, 0));
			context.fillStyle = shadow;
			for (const shade of shades) context.fill(shade);
		},
	};
}

/** Grains that the wind carries low over the ground. */
function sandLayer(stage: Stage): Layer {
	const { width, height, unit, palette, wind } = stage;
	const random = stage.random.fork("sand");
	const color = css(mix(palette.lit(rgb("#ffe0a8")), palette.light, 0.4), 0.45);
	const grains = Array.from({ length: 130 }, () => ({
		x: random.next(),
		y: height * (0.6 + 0.42 * random.next()),
		length: unit * random.range(0.8, 3.2),
		speed: unit * random.range(12, 34) * (0.5 + wind),
		bob: random.range(0.6, 2),
	}));
	const span = width * 1.5;
	return {
		depth: 0.7,
		paint: (context, { seconds }) => {
			context.beginPath();
			for (const grain of grains) {
				const x = ((grain.x * span + grain.speed * seconds) % span) - width * 0.25;
				const y = grain.y + unit * grain.bob * Math.sin(seconds * grain.bob * 1.4 + grain.x * 40);
				context.moveTo(x, y);
				context.lineTo(x + grain.length, y);
			}
			context.lineCap = "round";
			context.lineWidth = Math.max(0.7, unit * 0.18);
			context.strokeStyle = color;
			context.stroke();
		},
	};
}
