import type { SKRSContext2D } from "@napi-rs/canvas";
import { css, mix, rgb } from "../art/color.ts";
import type { SubjectBuilder } from "./subject.ts";

/** A loose flock that beats its wings and glides across the sky. */
export const buildBirds: SubjectBuilder = (stage, { scene, color, index }) => {
	const { width, height, unit, palette } = stage;
	const random = stage.random.fork(`birds ${index}`);
	const direction = scene.luminary.x > width / 2 ? 1 : -1;
	const shade = css(color === undefined ? mix(palette.lit(rgb("#2c3044")), palette.haze, 0.12) : palette.lit(color));
	const flock = Array.from({ length: 11 }, (_, order) => {
		const wing = order === 0 ? 0 : Math.ceil(order / 2) * (order % 2 === 0 ? 1 : -1);
		return {
			x: -Math.abs(wing) * unit * 4.6 + random.range(-1.2, 1.2) * unit,
			y: wing * unit * 2.1 + random.range(-1, 1) * unit,
			size: unit * random.range(1.7, 2.5),
			beat: random.range(5.2, 7),
			phase: random.range(0, Math.PI * 2),
		};
	});
	const y = Math.min(scene.horizon * 0.45, height * 0.36);
	return [
		{
			depth: 0.3,
			paint: (context, { seconds }) => {
				const leadX = width * (0.5 - direction * 0.16) + direction * unit * 6.5 * seconds;
				const leadY = y + unit * 2 * Math.sin(seconds * 0.5);
				context.strokeStyle = shade;
				context.fillStyle = shade;
				for (const bird of flock) {
					const glide = 0.5 + 0.5 * Math.sin(seconds * 0.8 + bird.phase);
					const lift = Math.sin(seconds * bird.beat + bird.phase) * (0.3 + 0.7 * glide);
					const x = leadX + direction * bird.x;
					drawBird(context, x, leadY + bird.y + unit * 0.6 * Math.sin(seconds * 1.3 + bird.phase), bird.size, lift);
				}
			},
		},
	];
};

function drawBird(context: SKRSContext2D, x: number, y: number, size: number, lift: number): void {
	context.beginPath();
	for (const side of [-1, 1]) {
		const tipX = x + side * size * (1.25 - 0.18 * Math.abs(lift));
		const tipY = y - size * (0.22 + 0.62 * lift);
		context.moveTo(x, y - size * 0.04);
		context.quadraticCurveTo(x + side * size * 0.5, y - size * (0.42 + 0.45 * lift), tipX, tipY);
		context.quadraticCurveTo(x + side * size * 0.5, y - size * (0.12 + 0.4 * lift), x, y + size * 0.16);
	}
	context.fill();
}
