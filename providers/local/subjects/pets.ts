import type { SKRSContext2D } from "@napi-rs/canvas";
import { css, mix, multiply, type Rgb, rgb } from "../art/color.ts";
import { footing, type SubjectBuilder } from "./subject.ts";

/** A cat that sits with its back to us, looks out, and swings its tail. */
export const buildCat: SubjectBuilder = (stage, placement) => sitting(stage, placement, rgb("#2b2a36"), drawCat);

/** A dog that sits with its back to us, and wags. */
export const buildDog: SubjectBuilder = (stage, placement) => sitting(stage, placement, rgb("#7a4e2d"), drawDog);

type Draw = (context: SKRSContext2D, size: number, color: Rgb, rim: Rgb, seconds: number) => void;

function sitting(
	stage: Parameters<SubjectBuilder>[0],
	{ scene, color, index }: Parameters<SubjectBuilder>[1],
	coat: Rgb,
	draw: Draw,
): ReturnType<SubjectBuilder> {
	const { width, unit, palette } = stage;
	const place = footing(stage, scene);
	const side = scene.luminary.x > width / 2 ? -1 : 1;
	const base = palette.lit(color ?? coat);
	const rim = mix(base, palette.light, 0.55 * palette.lightStrength);
	return [
		{
			depth: Math.max(place.depth, 0.72),
			paint: (context, { seconds }) => {
				context.translate(width * (0.5 + side * (0.14 - 0.34 * index)), place.y + unit * 6);
				context.scale(side, 1);
				draw(context, unit * 19 * place.scale, base, rim, seconds);
			},
		},
	];
}

function drawCat(context: SKRSContext2D, size: number, color: Rgb, rim: Rgb, seconds: number): void {
	const swing = Math.sin(seconds * 1.4);
	context.strokeStyle = css(color);
	context.lineCap = "round";
	context.lineWidth = size * 0.085;
	context.beginPath();
	context.moveTo(size * 0.24, -size * 0.06);
	context.bezierCurveTo(
		size * 0.55,
		0,
		size * (0.62 + 0.06 * swing),
		-size * 0.2,
		size * (0.54 + 0.12 * swing),
		-size * (0.4 + 0.05 * swing),
	);
	context.stroke();
	const fur = context.createLinearGradient(-size * 0.4, 0, size * 0.36, 0);
	fur.addColorStop(0, css(rim));
	fur.addColorStop(0.3, css(color));
	fur.addColorStop(1, css(multiply(color, [0.7, 0.7, 0.76])));
	context.fillStyle = fur;
	context.beginPath();
	context.moveTo(-size * 0.3, 0);
	context.bezierCurveTo(-size * 0.42, -size * 0.3, -size * 0.22, -size * 0.5, -size * 0.15, -size * 0.68);
	context.lineTo(size * 0.15, -size * 0.68);
	context.bezierCurveTo(size * 0.22, -size * 0.5, size * 0.42, -size * 0.3, size * 0.3, 0);
	context.closePath();
	context.fill();
	const turn = 0.05 * Math.sin(seconds * 0.6);
	context.save();
	context.translate(0, -size * 0.76);
	context.rotate(turn);
	context.beginPath();
	context.ellipse(0, 0, size * 0.215, size * 0.18, 0, 0, Math.PI * 2);
	context.fill();
	const twitch = 0.03 * Math.max(0, Math.sin(seconds * 2.7)) ** 8;
	for (const side of [-1, 1]) {
		context.beginPath();
		context.moveTo(side * size * 0.2, -size * 0.06);
		context.lineTo(side * size * (0.185 + twitch), -size * 0.31);
		context.quadraticCurveTo(side * size * 0.1, -size * 0.24, side * size * 0.045, -size * 0.16);
		context.closePath();
		context.fill();
	}
	context.restore();
}

function drawDog(context: SKRSContext2D, size: number, color: Rgb, rim: Rgb, seconds: number): void {
	const wag = Math.sin(seconds * 6);
	context.strokeStyle = css(multiply(color, [0.86, 0.86, 0.9]));
	context.lineCap = "round";
	context.lineWidth = size * 0.09;
	context.beginPath();
	context.moveTo(size * 0.22, -size * 0.08);
	context.quadraticCurveTo(size * 0.42, -size * 0.12, size * (0.44 + 0.08 * wag), -size * 0.34);
	context.stroke();
	const fur = context.createLinearGradient(-size * 0.4, 0, size * 0.36, 0);
	fur.addColorStop(0, css(rim));
	fur.addColorStop(0.32, css(color));
	fur.addColorStop(1, css(multiply(color, [0.66, 0.64, 0.68])));
	context.fillStyle = fur;
	context.beginPath();
	context.moveTo(-size * 0.3, 0);
	context.bezierCurveTo(-size * 0.38, -size * 0.34, -size * 0.24, -size * 0.56, -size * 0.16, -size * 0.78);
	context.lineTo(size * 0.16, -size * 0.78);
	context.bezierCurveTo(size * 0.24, -size * 0.56, size * 0.38, -size * 0.34, size * 0.3, 0);
	context.closePath();
	context.fill();
	context.save();
	context.translate(0, -size * 0.88);
	context.rotate(0.07 * Math.sin(seconds * 0.8));
	context.beginPath();
	context.ellipse(0, 0, size * 0.2, size * 0.19, 0, 0, Math.PI * 2);
	context.fill();
	const flap = 0.02 * wag;
	context.fillStyle = css(multiply(color, [0.66, 0.62, 0.64]));
	for (const side of [-1, 1]) {
		context.beginPath();
		context.moveTo(side * size * 0.1, -size * 0.17);
		context.quadraticCurveTo(side * size * (0.33 + flap), -size * 0.16, side * size * (0.3 + flap), size * 0.14);
		context.quadraticCurveTo(side * size * 0.2, size * 0.12, side * size * 0.15, -size * 0.04);
		context.closePath();
		context.fill();
	}
	context.restore();
	context.fillStyle = css(rgb("#c9433b"));
	context.fillRect(-size * 0.155, -size * 0.74, size * 0.31, size * 0.045);
}
