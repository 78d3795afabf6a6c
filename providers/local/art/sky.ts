import { type Canvas, createCanvas } from "@napi-rs/canvas";
import type { Glow } from "./backdrop.ts";
import { css, mix, type Rgb, WHITE } from "./color.ts";
import type { Layer, Stage } from "./stage.ts";

/** Where the sun or the moon stands, in pixels. */
export interface Luminary {
	readonly x: number;
	readonly y: number;
	readonly radius: number;
	readonly kind: "sun" | "moon";
	/** Below this many pixels it is hidden. */
	readonly horizon: number;
}

/** Places the sun or moon for the time of day above a horizon at `horizon` pixels. */
export function placeLuminary(stage: Stage, horizon: number): Luminary {
	const { width, unit, palette } = stage;
	const random = stage.random.fork("luminary");
	const side = random.next() < 0.5 ? random.range(0.2, 0.36) : random.range(0.64, 0.8);
	if (palette.time === "night") {
		return { x: width * side, y: horizon * random.range(0.22, 0.38), radius: unit * 5.2, kind: "moon", horizon };
	}
	if (palette.time === "day") {
		return { x: width * side, y: horizon * random.range(0.16, 0.26), radius: unit * 5, kind: "sun", horizon };
	}
	return { x: width * side, y: horizon - unit * random.range(5, 10), radius: unit * 7, kind: "sun", horizon };
}

/** The light that the sun or moon spreads over the backdrop. */
export function luminaryGlows(stage: Stage, luminary: Luminary): readonly Glow[] {
	const { palette, unit } = stage;
	const { x, y, radius } = luminary;
	const strength = palette.lightStrength;
	if (luminary.kind === "moon") {
		return [
			{ x, y, radius: unit * 75, color: palette.light, strength: 0.28 * strength },
			{ x, y, radius: radius * 4, color: palette.light, strength: 0.5 * strength },
		];
	}
	const low = palette.time !== "day";
	const warm = low ? palette.light : mix(palette.light, WHITE, 0.3);
	return [
		{ x, y, radius: unit * 105, stretch: low ? 1.9 : 1.3, color: warm, strength: 0.5 * strength },
		{ x, y, radius: unit * 46, stretch: low ? 1.3 : 1, color: mix(warm, WHITE, 0.25), strength: 0.7 * strength },
		{ x, y, radius: radius * 2.4, color: mix(warm, WHITE, 0.7), strength: 0.75 * strength },
	];
}

/** The disc itself. A low sun climbs at dawn and sinks at dusk. */
export function luminaryLayer(stage: Stage, luminary: Luminary): Layer | undefined {
	const { palette, unit } = stage;
	const { x, y, radius } = luminary;
	if (palette.lightStrength < 0.2) return undefined;
	const alpha = Math.min(1, palette.lightStrength + 0.35);
	const top = mix(palette.light, WHITE, luminary.kind === "moon" ? 0.3 : 0.9);
	const bottom = mix(palette.light, WHITE, luminary.kind === "moon" ? 0.1 : palette.time === "day" ? 0.7 : 0.25);
	const climb = palette.time === "dawn" ? -unit * 2.5 : palette.time === "dusk" ? unit * 2.5 : 0;
	const marks = luminary.kind === "moon" ? moonMarks(stage, radius) : [];
	return {
		depth: 0.02,
		paint: (context, { share }) => {
			const centerY = y + climb * (share - 0.5);
			context.save();
			context.beginPath();
			context.rect(x - radius * 2, 0, radius * 4, luminary.horizon);
			context.clip();
			const face = context.createLinearGradient(0, centerY - radius, 0, centerY + radius);
			face.addColorStop(0, css(top, alpha));
			face.addColorStop(1, css(bottom, alpha));
			context.fillStyle = face;
			context.beginPath();
			context.arc(x, centerY, radius, 0, Math.PI * 2);
			context.fill();
			context.fillStyle = css(mix(palette.light, palette.haze, 0.5), 0.28);
			for (const mark of marks) {
				context.beginPath();
				context.arc(x + mark.x, centerY + mark.y, mark.radius, 0, Math.PI * 2);
				context.fill();
			}
			context.restore();
		},
	};
}

function moonMarks(stage: Stage, radius: number): readonly { x: number; y: number; radius: number }[] {
	const random = stage.random.fork("moon");
	return Array.from({ length: 6 }, () => {
		const angle = random.range(0, Math.PI * 2);
		const distance = radius * random.range(0, 0.6);
		return {
			x: Math.cos(angle) * distance,
			y: Math.sin(angle) * distance,
			radius: radius * random.range(0.09, 0.24),
		};
	});
}

/** Stars above `bottom` pixels, each with a slow twinkle of its own. */
export function starLayer(
	stage: Stage,
	bottom: number,
	count: number,
	colors: readonly [Rgb, ...Rgb[]] = [WHITE],
): Layer {
	const { width, unit } = stage;
	const random = stage.random.fork("stars");
	const stars = Array.from({ length: count }, () => {
		const height = random.next() ** 1.3;
		return {
			x: random.range(-0.05, 1.05) * width,
			y: height * bottom,
			size: unit * (0.1 + 0.26 * random.next() ** 4),
			color: css(random.pick(colors)),
			strength: random.range(0.35, 1) * (1 - 0.75 * height),
			pace: random.range(0.6, 2.2),
			phase: random.range(0, Math.PI * 2),
		};
	});
	return {
		depth: 0.01,
		paint: (context, { seconds }) => {
			for (const star of stars) {
				context.globalAlpha = star.strength * (0.72 + 0.28 * Math.sin(star.phase + seconds * star.pace));
				context.fillStyle = star.color;
				context.beginPath();
				context.arc(star.x, star.y, Math.max(star.size, 0.55), 0, Math.PI * 2);
				context.fill();
			}
			context.globalAlpha = 1;
		},
	};
}

/** A soft round light that can be drawn anywhere at any size; cheaper than a gradient a frame. */
export function glowSprite(color: Rgb, size = 128): Canvas {
	const canvas = createCanvas(size, size);
	const context = canvas.getContext("2d");
	const gradient = context.createRadialGradient(size / 2, size / 2, 0, size / 2, size / 2, size / 2);
	for (let stop = 0; stop <= 8; stop += 1) {
		const fade = (1 - (stop / 8) ** 2) ** 2;
		gradient.addColorStop(stop / 8, css(color, fade));
	}
	context.fillStyle = gradient;
	context.fillRect(0, 0, size, size);
	return canvas;
}
