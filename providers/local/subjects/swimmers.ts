import type { SKRSContext2D } from "@napi-rs/canvas";
import { css, mix, multiply, type Rgb, rgb } from "../art/color.ts";
import type { SubjectBuilder } from "./subject.ts";

/** A large fish, or a few, that swim through the picture. */
export const buildFish: SubjectBuilder = (stage, { scene, color, index }) => {
	const { width, height, unit, palette } = stage;
	const random = stage.random.fork(`fish ${index}`);
	const tones = color === undefined ? ["#ff8c42", "#ffd166", "#f25c8a"].map(rgb) : [color, color, color];
	const inWater = scene.medium === "water";
	return tones.map((tone, order) => {
		const paint = inWater ? palette.own(tone) : palette.lit(tone);
		const direction = (order + index) % 2 === 0 ? 1 : -1;
		const size = unit * (9 - 2 * order);
		return fishLayer(size, direction, paint);
	});

	function fishLayer(size: number, direction: number, paint: Rgb): ReturnType<SubjectBuilder>[number] {
		const y = height * (inWater ? random.range(0.3, 0.62) : random.range(0.74, 0.86));
		const start = width * (0.5 - direction * random.range(0.08, 0.34));
		const phase = random.range(0, Math.PI * 2);
		return {
			depth: 0.56,
			paint: (context, { seconds }) => {
				context.translate(start + direction * size * 0.42 * seconds, y + size * 0.16 * Math.sin(seconds * 0.9 + phase));
				context.scale(direction, 1);
				context.rotate(0.06 * Math.sin(seconds * 0.9 + phase + 1.5));
				drawFish(context, size, paint, Math.sin(seconds * 5 + phase));
			},
		};
	}
};

function drawFish(context: SKRSContext2D, size: number, color: Rgb, beat: number): void {
	const fin = css(multiply(color, [0.84, 0.72, 0.7]));
	context.fillStyle = fin;
	context.beginPath();
	context.moveTo(-size * 0.55, 0);
	context.quadraticCurveTo(-size * 0.8, -size * 0.1, -size * 1.02, -size * (0.42 + 0.12 * beat));
	context.quadraticCurveTo(-size * 0.86, 0, -size * 1.02, size * (0.42 - 0.12 * beat));
	context.quadraticCurveTo(-size * 0.8, size * 0.1, -size * 0.55, 0);
	context.moveTo(size * 0.2, -size * 0.34);
	context.quadraticCurveTo(-size * 0.1, -size * 0.68, -size * 0.42, -size * 0.46);
	context.lineTo(-size * 0.3, -size * 0.2);
	context.fill();
	const body = context.createLinearGradient(0, -size * 0.45, 0, size * 0.45);
	body.addColorStop(0, css(multiply(color, [0.9, 0.86, 0.9])));
	body.addColorStop(0.55, css(color));
	body.addColorStop(1, css(mix(color, [255, 250, 235], 0.6)));
	context.fillStyle = body;
	context.beginPath();
	context.moveTo(size * 0.82, size * 0.02);
	context.bezierCurveTo(size * 0.5, -size * 0.52, -size * 0.25, -size * 0.46, -size * 0.66, 0);
	context.bezierCurveTo(-size * 0.25, size * 0.44, size * 0.5, size * 0.5, size * 0.82, size * 0.02);
	context.fill();
	context.fillStyle = css([255, 255, 255], 0.75);
	for (const x of [0.28, -0.16]) {
		context.beginPath();
		context.ellipse(size * x, 0, size * 0.055, size * 0.33, 0.1, 0, Math.PI * 2);
		context.fill();
	}
	context.fillStyle = fin;
	context.beginPath();
	context.moveTo(size * 0.16, size * 0.08);
	context.quadraticCurveTo(-size * 0.1, size * (0.16 + 0.08 * beat), -size * 0.2, size * (0.34 + 0.1 * beat));
	context.quadraticCurveTo(size * 0.06, size * 0.3, size * 0.16, size * 0.08);
	context.fill();
	context.fillStyle = "#fff";
	context.beginPath();
	context.arc(size * 0.55, -size * 0.09, size * 0.08, 0, Math.PI * 2);
	context.fill();
	context.fillStyle = "#14151f";
	context.beginPath();
	context.arc(size * 0.565, -size * 0.085, size * 0.045, 0, Math.PI * 2);
	context.fill();
}

/** A whale that glides past, below or above the surface. */
export const buildWhale: SubjectBuilder = (stage, { scene, color, index }) => {
	const { width, height, unit, palette } = stage;
	const inWater = scene.medium === "water";
	const back = inWater ? palette.own(color ?? rgb("#27507a")) : palette.lit(color ?? rgb("#35597a"));
	const belly = inWater ? palette.own(rgb("#b9d6e6")) : palette.lit(rgb("#cfe0ea"));
	const size = unit * (inWater ? 30 : 24);
	const y = inWater ? height * 0.42 : (scene.water?.y ?? height * 0.8) + size * 0.1;
	const direction = stage.random.fork(`whale ${index}`).next() < 0.5 ? -1 : 1;
	return [
		{
			depth: inWater ? 0.44 : (scene.water?.depth ?? 0.4) + 0.01,
			paint: (context, { seconds }) => {
				const beat = Math.sin(seconds * 1.5);
				context.save();
				if (!inWater) {
					context.beginPath();
					context.rect(-width, -height, width * 3, height + y + size * 0.02);
					context.clip();
				}
				context.translate(
					width * (0.5 - direction * 0.1) + direction * unit * 3.4 * seconds,
					y + unit * 2.2 * Math.sin(seconds * 0.75),
				);
				context.scale(direction, 1);
				context.rotate((inWater ? -0.05 : -0.16) + 0.05 * Math.cos(seconds * 0.75));
				drawWhale(context, size, back, belly, beat);
				context.restore();
			},
		},
	];
};

function drawWhale(context: SKRSContext2D, size: number, back: Rgb, belly: Rgb, beat: number): void {
	const tailY = -size * 0.06 * beat;
	const skin = context.createLinearGradient(0, -size * 0.3, 0, size * 0.32);
	skin.addColorStop(0, css(mix(back, [255, 255, 255], 0.14)));
	skin.addColorStop(0.52, css(back));
	skin.addColorStop(0.62, css(mix(back, belly, 0.55)));
	skin.addColorStop(1, css(belly));
	context.fillStyle = skin;
	context.beginPath();
	context.moveTo(size * 0.78, size * 0.04);
	context.bezierCurveTo(size * 0.74, -size * 0.26, size * 0.2, -size * 0.34, -size * 0.16, -size * 0.18);
	context.bezierCurveTo(-size * 0.42, -size * 0.06, -size * 0.6, -size * 0.02, -size * 0.78, tailY - size * 0.03);
	context.lineTo(-size * 0.78, tailY + size * 0.03);
	context.bezierCurveTo(-size * 0.56, size * 0.08, -size * 0.3, size * 0.24, size * 0.1, size * 0.27);
	context.bezierCurveTo(size * 0.46, size * 0.3, size * 0.78, size * 0.24, size * 0.78, size * 0.04);
	context.fill();
	context.fillStyle = css(multiply(back, [0.86, 0.86, 0.9]));
	context.beginPath();
	context.moveTo(-size * 0.72, tailY);
	context.bezierCurveTo(
		-size * 0.86,
		tailY - size * 0.04,
		-size * 0.94,
		tailY - size * 0.2 - size * 0.06 * beat,
		-size * 1.08,
		tailY - size * 0.2,
	);
	context.quadraticCurveTo(-size * 0.98, tailY - size * 0.04, -size * 0.94, tailY);
	context.quadraticCurveTo(-size * 0.98, tailY + size * 0.04, -size * 1.06, tailY + size * 0.12);
	context.bezierCurveTo(-size * 0.94, tailY + size * 0.12, -size * 0.84, tailY + size * 0.06, -size * 0.72, tailY);
	context.fill();
	context.beginPath();
	context.moveTo(size * 0.3, size * 0.16);
	context.quadraticCurveTo(size * 0.16, size * (0.34 + 0.05 * beat), -size * 0.06, size * (0.44 + 0.07 * beat));
	context.quadraticCurveTo(size * 0.06, size * 0.26, size * 0.14, size * 0.16);
	context.fill();
	context.strokeStyle = css(multiply(belly, [0.7, 0.76, 0.82]), 0.6);
	context.lineWidth = size * 0.008;
	for (let groove = 0; groove < 5; groove += 1) {
		context.beginPath();
		context.moveTo(size * 0.74, size * (0.09 + groove * 0.03));
		context.quadraticCurveTo(size * 0.5, size * (0.15 + groove * 0.03), size * 0.26, size * (0.15 + groove * 0.028));
		context.stroke();
	}
	context.fillStyle = "#10131c";
	context.beginPath();
	context.arc(size * 0.56, size * 0.02, size * 0.016, 0, Math.PI * 2);
	context.fill();
}
