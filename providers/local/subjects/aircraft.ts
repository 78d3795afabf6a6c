import type { SKRSContext2D } from "@napi-rs/canvas";
import { css, mix, multiply, type Rgb, rgb, WHITE } from "../art/color.ts";
import { glowSprite } from "../art/sky.ts";
import type { SubjectBuilder } from "./subject.ts";

/** A small airliner with a trail behind it. */
export const buildAirplane: SubjectBuilder = (stage, { scene, color, index }) => {
	const { width, height, unit, palette } = stage;
	const direction = scene.luminary.x > width / 2 ? 1 : -1;
	const size = unit * 13;
	const paint = palette.lit(color ?? rgb("#f6f7fa"));
	const accent = palette.lit(color === undefined ? rgb("#e2483d") : mix(color, WHITE, 0.6));
	const trail = mix(palette.lit(WHITE), palette.light, 0.4);
	return [
		{
			depth: 0.4,
			paint: (context, { seconds }) => {
				const x = width * (0.5 - direction * 0.2) + direction * unit * 6 * seconds;
				const y = height * (0.34 + 0.08 * index) - unit * 1.1 * seconds + unit * 0.6 * Math.sin(seconds * 0.9);
				context.translate(x, y);
				context.scale(direction, 1);
				context.rotate(-0.14 + 0.012 * Math.sin(seconds * 1.1));
				for (const high of [0.02, 0.09]) {
					const fade = context.createLinearGradient(-size * 6, 0, -size * 0.4, 0);
					fade.addColorStop(0, css(trail, 0));
					fade.addColorStop(1, css(trail, 0.55));
					context.fillStyle = fade;
					context.beginPath();
					context.moveTo(-size * 0.3, size * high);
					context.lineTo(-size * 6, size * (high - 0.09));
					context.lineTo(-size * 6, size * (high + 0.12));
					context.closePath();
					context.fill();
				}
				drawAirplane(context, size, paint, accent);
			},
		},
	];
};

function drawAirplane(context: SKRSContext2D, size: number, paint: Rgb, accent: Rgb): void {
	const shade = css(multiply(paint, [0.74, 0.77, 0.84]));
	context.fillStyle = shade;
	context.beginPath();
	context.moveTo(size * 0.12, -size * 0.02);
	context.lineTo(-size * 0.22, -size * 0.34);
	context.lineTo(-size * 0.34, -size * 0.34);
	context.lineTo(-size * 0.12, 0);
	context.fill();
	context.fillStyle = css(accent);
	context.beginPath();
	context.moveTo(-size * 0.52, -size * 0.04);
	context.lineTo(-size * 0.76, -size * 0.34);
	context.lineTo(-size * 0.9, -size * 0.34);
	context.lineTo(-size * 0.82, -size * 0.02);
	context.fill();
	const body = context.createLinearGradient(0, -size * 0.12, 0, size * 0.13);
	body.addColorStop(0, css(mix(paint, WHITE, 0.4)));
	body.addColorStop(0.55, css(paint));
	body.addColorStop(1, css(multiply(paint, [0.68, 0.7, 0.8])));
	context.fillStyle = body;
	context.beginPath();
	context.moveTo(size * 0.92, size * 0.02);
	context.quadraticCurveTo(size * 0.86, -size * 0.1, size * 0.6, -size * 0.11);
	context.lineTo(-size * 0.6, -size * 0.08);
	context.lineTo(-size * 0.92, -size * 0.06);
	context.quadraticCurveTo(-size * 0.6, size * 0.1, -size * 0.2, size * 0.11);
	context.lineTo(size * 0.62, size * 0.11);
	context.quadraticCurveTo(size * 0.88, size * 0.09, size * 0.92, size * 0.02);
	context.fill();
	context.fillStyle = css(accent);
	context.fillRect(-size * 0.66, size * 0.025, size * 1.46, size * 0.022);
	context.fillStyle = css(rgb("#35506e"), 0.85);
	for (let window = 0; window < 15; window += 1) {
		context.beginPath();
		context.arc(size * (0.62 - window * 0.078), -size * 0.03, size * 0.017, 0, Math.PI * 2);
		context.fill();
	}
	context.fillStyle = css(multiply(paint, [0.86, 0.88, 0.94]));
	context.beginPath();
	context.moveTo(size * 0.18, size * 0.05);
	context.lineTo(-size * 0.36, size * 0.44);
	context.lineTo(-size * 0.5, size * 0.44);
	context.lineTo(-size * 0.16, size * 0.06);
	context.fill();
	context.fillStyle = css(accent);
	context.beginPath();
	context.ellipse(-size * 0.02, size * 0.22, size * 0.11, size * 0.05, 0, 0, Math.PI * 2);
	context.fill();
}

/** A rocket that climbs on its flame. */
export const buildRocket: SubjectBuilder = (stage, { scene, color, index }) => {
	const { width, height, unit, palette } = stage;
	const inSpace = scene.medium === "space";
	const side = scene.luminary.x > width / 2 ? 1 : -1;
	const size = unit * 17;
	const hull = inSpace ? palette.own(rgb("#eef0f6")) : palette.lit(rgb("#eef0f6"));
	const accent = inSpace ? palette.own(color ?? rgb("#e2483d")) : palette.lit(color ?? rgb("#e2483d"));
	const flame = glowSprite(rgb("#ffb347"), 96);
	const core = glowSprite(rgb("#fff3c4"), 64);
	return [
		{
			depth: 0.55,
			paint: (context, { seconds }) => {
				const travel = unit * 4.4 * seconds;
				const angle = 0.5 * side;
				context.translate(
					width * (0.5 + (inSpace ? side * 0.2 : -side * 0.16)) - unit * 12 * index + Math.sin(angle) * travel,
					height * 0.6 - Math.cos(angle) * travel,
				);
				context.rotate(angle + 0.02 * Math.sin(seconds * 2.1));
				const flicker = 1 + 0.12 * Math.sin(seconds * 31) + 0.08 * Math.sin(seconds * 47);
				context.globalCompositeOperation = "lighter";
				for (let puff = 0; puff < 7; puff += 1) {
					const reach = size * (0.26 - 0.026 * puff);
					context.globalAlpha = 0.75 - 0.09 * puff;
					context.drawImage(flame, -reach, size * (0.5 + 0.15 * puff * flicker) - reach, reach * 2, reach * 2);
				}
				context.globalAlpha = 1;
				context.drawImage(core, -size * 0.16, size * 0.46, size * 0.32, size * 0.5 * flicker);
				context.globalCompositeOperation = "source-over";
				drawRocket(context, size, hull, accent);
			},
		},
	];
};

function drawRocket(context: SKRSContext2D, size: number, hull: Rgb, accent: Rgb): void {
	for (const side of [-1, 1]) {
		context.fillStyle = css(side < 0 ? accent : multiply(accent, [0.7, 0.66, 0.72]));
		context.beginPath();
		context.moveTo(side * size * 0.15, size * 0.12);
		context.quadraticCurveTo(side * size * 0.36, size * 0.26, side * size * 0.32, size * 0.56);
		context.lineTo(side * size * 0.12, size * 0.44);
		context.closePath();
		context.fill();
	}
	const body = context.createLinearGradient(-size * 0.2, 0, size * 0.2, 0);
	body.addColorStop(0, css(mix(hull, WHITE, 0.5)));
	body.addColorStop(0.45, css(hull));
	body.addColorStop(1, css(multiply(hull, [0.52, 0.55, 0.68])));
	context.fillStyle = body;
	context.beginPath();
	context.moveTo(0, -size * 0.72);
	context.bezierCurveTo(size * 0.26, -size * 0.4, size * 0.24, size * 0.16, size * 0.13, size * 0.48);
	context.lineTo(-size * 0.13, size * 0.48);
	context.bezierCurveTo(-size * 0.24, size * 0.16, -size * 0.26, -size * 0.4, 0, -size * 0.72);
	context.fill();
	context.save();
	context.clip();
	context.fillStyle = css(accent);
	context.fillRect(-size * 0.3, -size * 0.8, size * 0.6, size * 0.34);
	context.fillRect(-size * 0.3, size * 0.3, size * 0.6, size * 0.06);
	context.restore();
	context.beginPath();
	context.arc(0, -size * 0.18, size * 0.1, 0, Math.PI * 2);
	context.fillStyle = css(multiply(hull, [0.5, 0.53, 0.62]));
	context.fill();
	context.beginPath();
	context.arc(0, -size * 0.18, size * 0.072, 0, Math.PI * 2);
	context.fillStyle = css(rgb("#6fd3ff"));
	context.fill();
	context.beginPath();
	context.arc(-size * 0.022, -size * 0.2, size * 0.022, 0, Math.PI * 2);
	context.fillStyle = css(WHITE, 0.85);
	context.fill();
}
