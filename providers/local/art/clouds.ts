import { type Canvas, createCanvas, type SKRSContext2D } from "@napi-rs/canvas";
import { css, mix, type Rgb, WHITE } from "./color.ts";
import type { Random } from "./random.ts";
import type { Luminary } from "./sky.ts";
import type { Layer, Stage } from "./stage.ts";

interface Puff {
	readonly x: number;
	readonly y: number;
	readonly radius: number;
}

/** Clouds between two heights (pixels) that drift with the wind. `amount` is about how many are in view. */
export function cloudLayers(stage: Stage, luminary: Luminary, top: number, bottom: number, amount: number): Layer[] {
	const { width, unit, wind } = stage;
	const random = stage.random.fork(`clouds ${Math.round(top)}`);
	const { lit, shade } = cloudColors(stage);
	const direction = random.next() < 0.5 ? -1 : 1;
	const sprites = Array.from({ length: 4 }, (_, index) =>
		paintCloud(random.fork(`shape ${index}`), unit, { lit, shade, towards: luminary.x > width / 2 ? 1 : -1 }),
	);
	const clouds = Array.from({ length: amount }, (_, index) => {
		const nearness = (index + 0.5) / amount;
		const sprite = sprites[index % sprites.length] as Canvas;
		const scale = 0.35 + 0.75 * nearness * random.range(0.8, 1.2);
		return {
			sprite,
			depth: 0.05 + 0.22 * nearness,
			start: ((index * 0.618 + random.range(-0.06, 0.06)) % 1) * (width * 1.5 + sprite.width * scale),
			y: bottom + (top - bottom) * nearness + random.range(-0.06, 0.06) * (bottom - top),
			width: sprite.width * scale,
			height: sprite.height * scale,
			speed: unit * (0.5 + 1.6 * nearness) * (0.5 + wind) * direction,
			alpha: 0.55 + 0.45 * nearness,
		};
	});
	return clouds.map((cloud) => ({
		depth: cloud.depth,
		paint: (context, { seconds }) => {
			// It leaves and comes back far enough outside of the frame not to be seen doing so.
			const span = width * 1.5 + cloud.width;
			const travelled = cloud.start + cloud.speed * seconds;
			const x = (((travelled % span) + span) % span) - width * 0.25 - cloud.width;
			context.globalAlpha = cloud.alpha;
			context.drawImage(cloud.sprite, x, cloud.y - cloud.height, cloud.width, cloud.height);
			context.globalAlpha = 1;
		},
	}));
}

/** A low sun paints them in its own colour against the colour of the high sky. */
function cloudColors({ palette, weather }: Stage): { readonly lit: Rgb; readonly shade: Rgb } {
	const [zenith = palette.haze, high = palette.haze, middle = palette.haze] = palette.sky;
	if (weather === "rain" || weather === "storm") {
		return { lit: palette.lit([176, 184, 196], 0.1), shade: mix(palette.lit([92, 100, 116]), zenith, 0.3) };
	}
	switch (palette.time) {
		case "day":
			return { lit: palette.lit([255, 253, 250]), shade: mix(palette.lit([200, 214, 234]), high, 0.16) };
		case "night":
			return { lit: mix(palette.lit([150, 160, 190]), palette.light, 0.16), shade: mix(high, middle, 0.6) };
		default:
			return { lit: mix(palette.light, middle, 0.2), shade: mix(mix(high, middle, 0.55), palette.haze, 0.22) };
	}
}

/** One cumulus: many soft puffs, dark below and lit from the side of the sun, with a flat foot. */
function paintCloud(random: Random, unit: number, look: { lit: Rgb; shade: Rgb; towards: number }): Canvas {
	const width = Math.ceil(unit * random.range(46, 66));
	const height = Math.ceil(unit * random.range(20, 27));
	const canvas = createCanvas(width, height);
	const context = canvas.getContext("2d");
	const foot = height * 0.8;
	const peak = random.range(0.36, 0.64);
	const puffs: Puff[] = Array.from({ length: 46 }, () => {
		const along = random.range(0.12, 0.88);
		const rise = Math.max(0, 1 - Math.abs(along - peak) / (along < peak ? peak : 1 - peak)) ** 0.8;
		const radius = height * (0.07 + 0.15 * rise) * random.range(0.75, 1.15);
		return { x: along * width, y: foot - radius * 0.7 - random.next() * rise * height * 0.4, radius };
	}).sort((first, second) => first.y - second.y);
	for (const puff of puffs) {
		const share = 1 - (foot - puff.y) / (foot * 0.85);
		drawPuff(context, puff, mix(mix(look.lit, look.shade, 0.35), look.shade, Math.max(0, share)), 0.9);
		const rim = {
			x: puff.x + puff.radius * 0.22 * look.towards,
			y: puff.y - puff.radius * 0.26,
			radius: puff.radius * 0.82,
		};
		drawPuff(context, rim, mix(look.lit, WHITE, 0.3), 0.62 * (1 - 0.7 * Math.max(0, share)));
	}
	context.globalCompositeOperation = "destination-out";
	const fade = context.createLinearGradient(0, foot - height * 0.16, 0, foot + height * 0.12);
	fade.addColorStop(0, "rgba(0,0,0,0)");
	fade.addColorStop(1, "rgba(0,0,0,1)");
	context.fillStyle = fade;
	context.fillRect(0, 0, width, height);
	return canvas;
}

function drawPuff(context: SKRSContext2D, puff: Puff, color: Rgb, alpha: number): void {
	const gradient = context.createRadialGradient(puff.x, puff.y, 0, puff.x, puff.y, puff.radius);
	gradient.addColorStop(0, css(color, alpha));
	gradient.addColorStop(0.62, css(color, alpha * 0.86));
	gradient.addColorStop(1, css(color, 0));
	context.fillStyle = gradient;
	context.beginPath();
	context.arc(puff.x, puff.y, puff.radius, 0, Math.PI * 2);
	context.fill();
}
