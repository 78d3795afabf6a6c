import type { Canvas } from "@napi-rs/canvas";
import { css, mix, multiply, type Rgb, rgb, WHITE } from "./color.ts";
import { between } from "./easing.ts";
import { skyAt } from "./palette.ts";
import { glowSprite, type Luminary } from "./sky.ts";
import { type Layer, OVERSCAN, type Stage } from "./stage.ts";

/** What a stretch of water looks like. */
export interface Water {
	/** Pixels at which it meets the sky. */
	readonly horizon: number;
	/** Height of the nearest waves as a share of the usual. */
	readonly roughness: number;
	readonly deep: Rgb;
	readonly shallow: Rgb;
}

/** The usual sea in the palette's light. */
export function seaWater(stage: Stage, horizon: number): Water {
	const { palette, weather, wind } = stage;
	const [zenith = palette.haze, high = palette.haze, middle = palette.haze] = palette.sky;
	const sky = palette.time === "day" ? 0.15 : 0.62;
	return {
		horizon,
		roughness: 0.55 + 0.5 * wind + (weather === "storm" ? 0.6 : 0),
		deep: mix(palette.lit(rgb("#0f4068")), multiply(mix(zenith, high, 0.35), [0.62, 0.66, 0.78]), sky),
		shallow: mix(palette.lit(rgb("#2b93b4")), mix(high, middle, 0.6), sky),
	};
}

/** The colour of the water's surface in the backdrop, at `y` pixels: the sky near the horizon, its own depth near us. */
export function waterRow(stage: Stage, water: Water, y: number): Rgb {
	const share = Math.min(1, Math.max(0, (y - water.horizon) / (stage.height - water.horizon)));
	const sky = multiply(skyAt(stage.palette, 0.96 - share * 0.8), [0.92, 0.86, 0.92]);
	const own = mix(water.shallow, water.deep, Math.min(1, 0.25 + share));
	return mix(own, sky, (stage.palette.time === "day" ? 0.45 : 0.97) * (1 - 0.72 * share));
}

/** Rows of swell from the horizon to the viewer, each with a lit crest. */
export function waveLayers(stage: Stage, water: Water, rows = 11): Layer[] {
	const { width, height, unit, palette, wind } = stage;
	const random = stage.random.fork("waves");
	const left = -OVERSCAN * width;
	const right = width * (1 + OVERSCAN);
	return Array.from({ length: rows }, (_, row) => {
		const share = ((row + 0.4) / rows) ** 1.7;
		const base = between(water.horizon + unit * 0.6, height * 1.02, share);
		const swell = unit * (0.14 + 3.6 * share) * water.roughness;
		const length = unit * (7 + 46 * share);
		const pace = (0.35 + 0.5 * wind) * (0.6 + 0.5 * share) * (row % 2 === 0 ? 1 : -0.8);
		const phase = random.range(0, 100);
		const body = mix(waterRow(stage, water, base), water.deep, 0.1 + 0.42 * share);
		const crestColor = mix(waterRow(stage, water, base), mix(palette.light, WHITE, 0.3), 0.4);
		const crest = css(crestColor, 0.12 + 0.3 * share);
		const bottom = Math.min(height * (1 + OVERSCAN), base + unit * (3 + 17 * share));
		const step = Math.max(unit * 0.8, length / 14);
		const surface = (x: number, seconds: number): number =>
			base +
			swell * 0.55 * Math.sin(x / length + phase + seconds * pace) +
			swell * 0.3 * Math.sin(x / (length * 0.46) - phase * 1.7 - seconds * pace * 1.35) +
			swell * 0.15 * Math.sin(x / (length * 0.21) + phase * 2.3 + seconds * pace * 2.1);
		return {
			depth: 0.06 + 0.8 * share,
			paint: (context, { seconds }) => {
				const fill = context.createLinearGradient(0, base - swell, 0, bottom);
				fill.addColorStop(0, css(mix(body, crestColor, 0.16), 0.6));
				fill.addColorStop(0.3, css(mix(body, water.deep, 0.45), 0.46));
				fill.addColorStop(1, css(body, 0));
				context.beginPath();
				context.moveTo(left, surface(left, seconds));
				for (let x = left + step; x < right + step; x += step) context.lineTo(x, surface(x, seconds));
				context.lineWidth = Math.max(0.6, unit * (0.1 + 0.3 * share));
				context.strokeStyle = crest;
				context.stroke();
				context.lineTo(right + step, bottom);
				context.lineTo(left, bottom);
				context.closePath();
				context.fillStyle = fill;
				context.fill();
			},
		};
	});
}

/** The glitter of the sun or moon on the water: a column of short strokes that flare and go. */
export function glitterLayer(stage: Stage, water: Water, luminary: Luminary): Layer | undefined {
	const { height, unit, palette } = stage;
	if (palette.lightStrength < 0.2) return undefined;
	const random = stage.random.fork("glitter");
	const depth = height - water.horizon;
	const sprite = glowSprite(mix(palette.light, WHITE, 0.35), 64);
	const sheen = lowerHalf(glowSprite(palette.light, 128));
	const sparks = Array.from({ length: 210 }, () => {
		const share = random.next() ** 1.5;
		const spread = unit * (4.5 + 26 * share);
		return {
			y: water.horizon + unit * 0.3 + depth * share,
			offset: (random.next() + random.next() + random.next() - 1.5) * spread,
			length: unit * (1.6 + 7.5 * share) * random.range(0.5, 1.3),
			thickness: unit * (0.28 + 0.85 * share),
			pace: random.range(1.2, 3.2),
			phase: random.range(0, Math.PI * 2),
			sway: unit * 1.4 * share,
		};
	});
	const strength = palette.lightStrength * (luminary.kind === "moon" ? 0.8 : 1) * (palette.time === "day" ? 0.6 : 1);
	return {
		depth: 0.3,
		paint: (context, { seconds }) => {
			context.globalCompositeOperation = "lighter";
			context.globalAlpha = 0.34 * strength;
			context.drawImage(sheen, luminary.x - unit * 34, water.horizon - depth * 0.5, unit * 68, depth);
			for (const spark of sparks) {
				const flare = Math.sin(spark.phase + seconds * spark.pace);
				if (flare <= 0) continue;
				context.globalAlpha = flare * flare * 0.8 * strength;
				const x = luminary.x + spark.offset + spark.sway * Math.sin(seconds * 0.8 + spark.phase);
				const length = spark.length * (0.6 + 0.4 * flare);
				context.drawImage(sprite, x - length, spark.y - spark.thickness, length * 2, spark.thickness * 2);
			}
			context.globalAlpha = 1;
			context.globalCompositeOperation = "source-over";
		},
	};
}

/** Thin bright lines that widen and fade where the wind touches the water. */
export function rippleLayer(stage: Stage, shore: number, strength: number): Layer {
	const { width, height, unit, palette } = stage;
	const random = stage.random.fork("ripples");
	const color = css(mix(mix(palette.haze, palette.light, 0.3 * palette.lightStrength), WHITE, 0.4));
	const ripples = Array.from({ length: 80 }, () => {
		const share = random.next() ** 1.6;
		return {
			x: random.range(-0.2, 1.2) * width,
			y: shore + unit * 0.5 + (height - shore) * share,
			length: unit * (2 + 20 * share) * random.range(0.5, 1.3),
			thickness: Math.max(0.6, unit * (0.08 + 0.24 * share)),
			pace: random.range(0.4, 1),
			phase: random.range(0, Math.PI * 2),
			drift: unit * (0.6 + 2.4 * share),
		};
	});
	return {
		depth: 0.3,
		paint: (context, { seconds }) => {
			context.strokeStyle = color;
			context.lineCap = "round";
			for (const ripple of ripples) {
				const swell = Math.sin(ripple.phase + seconds * ripple.pace);
				if (swell <= 0) continue;
				const x = ripple.x + ripple.drift * seconds;
				context.globalAlpha = strength * swell;
				context.lineWidth = ripple.thickness;
				context.beginPath();
				context.moveTo(x - ripple.length * swell * 0.5, ripple.y);
				context.lineTo(x + ripple.length * swell * 0.5, ripple.y);
				context.stroke();
			}
			context.globalAlpha = 1;
		},
	};
}

/** A glow without its upper half: light on water ends at the horizon. */
function lowerHalf(sprite: Canvas): Canvas {
	sprite.getContext("2d").clearRect(0, 0, sprite.width, sprite.height / 2);
	return sprite;
}

/** A soft line of haze where the water meets the sky. */
export function horizonHaze(stage: Stage, horizon: number): Layer {
	const { width, unit, palette } = stage;
	return {
		depth: 0.07,
		paint: (context) => {
			const band = context.createLinearGradient(0, horizon - unit * 1.6, 0, horizon + unit * 3);
			band.addColorStop(0, css(palette.haze, 0));
			band.addColorStop(0.36, css(mix(palette.haze, WHITE, 0.15), 0.5));
			band.addColorStop(1, css(palette.haze, 0));
			context.fillStyle = band;
			context.fillRect(-width, horizon - unit * 1.6, width * 3, unit * 4.6);
		},
	};
}
