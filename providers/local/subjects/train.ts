import { css, mix, multiply, rgb, WHITE } from "../art/color.ts";
import { glowSprite } from "../art/sky.ts";
import { footing, type SubjectBuilder } from "./subject.ts";

const CARS = 3;

/** A steam train that rolls across the picture. */
export const buildTrain: SubjectBuilder = (stage, { scene, color, index }) => {
	const { width, height, unit, palette } = stage;
	const place = footing(stage, scene);
	const y = Math.min(place.y, height * 0.88);
	const size = unit * 11 * place.scale;
	const direction = stage.random.fork(`train ${index}`).next() < 0.5 ? -1 : 1;
	const engine = palette.lit(color ?? rgb("#b8352c"));
	const iron = palette.lit(rgb("#2a2c36"));
	const coach = palette.lit(color === undefined ? rgb("#2f6f62") : mix(color, WHITE, 0.3));
	const window = palette.time === "day" ? palette.lit(rgb("#cfe3ee")) : palette.own(rgb("#ffdc8a"));
	const steam = glowSprite(mix(palette.haze, WHITE, 0.55), 64);
	return [
		{
			depth: place.depth - 0.03,
			paint: (context, { seconds }) => {
				context.fillStyle = css(multiply(iron, [1.3, 1.2, 1.15]));
				context.fillRect(-width, y, width * 3, size * 0.07);
				context.translate(width * (0.5 - direction * 0.12) + direction * unit * 9 * seconds, y);
				context.scale(direction, 1);
				for (let puff = 0; puff < 14; puff += 1) {
					const age = (seconds * 0.55 + puff / 14) % 1;
					const radius = size * (0.14 + 0.5 * age);
					context.globalAlpha = 0.62 * (1 - age);
					context.drawImage(
						steam,
						size * (0.82 - 3 * age) - radius,
						-size * (1.25 + 0.75 * age + 0.1 * Math.sin(puff * 2.1)) - radius,
						radius * 2,
						radius * 2,
					);
				}
				context.globalAlpha = 1;
				for (let car = 1; car <= CARS; car += 1) {
					const x = -size * (0.3 + 2.15 * car);
					const bounce = size * 0.012 * Math.sin(seconds * 13 + car);
					context.fillStyle = css(coach);
					context.beginPath();
					context.roundRect(x, -size * 0.98 + bounce, size * 2.02, size * 0.82, size * 0.08);
					context.fill();
					context.fillStyle = css(multiply(coach, [0.6, 0.6, 0.64]));
					context.fillRect(x - size * 0.03, -size * 1.02 + bounce, size * 2.08, size * 0.1);
					context.fillStyle = css(window);
					for (let pane = 0; pane < 5; pane += 1)
						context.fillRect(x + size * (0.14 + pane * 0.37), -size * 0.78 + bounce, size * 0.25, size * 0.28);
					wheels(context, [x + size * 0.4, x + size * 1.62], size * 0.17, iron, seconds);
				}
				drawEngine(context, size, engine, iron, window);
				wheels(context, [-size * 0.05, size * 0.4, size * 0.85], size * 0.24, iron, seconds);
			},
		},
	];
};

function drawEngine(
	context: Parameters<ReturnType<SubjectBuilder>[number]["paint"]>[0],
	size: number,
	paint: Parameters<typeof css>[0],
	iron: Parameters<typeof css>[0],
	window: Parameters<typeof css>[0],
): void {
	const boiler = context.createLinearGradient(0, -size * 0.85, 0, -size * 0.2);
	boiler.addColorStop(0, css(mix(paint, WHITE, 0.3)));
	boiler.addColorStop(1, css(multiply(paint, [0.6, 0.56, 0.6])));
	context.fillStyle = boiler;
	context.beginPath();
	context.roundRect(-size * 0.1, -size * 0.84, size * 1.25, size * 0.58, size * 0.1);
	context.fill();
	context.fillRect(-size * 0.3, -size * 1.12, size * 0.58, size * 0.92);
	context.fillStyle = css(window);
	context.fillRect(-size * 0.2, -size * 0.98, size * 0.36, size * 0.3);
	context.fillStyle = css(iron);
	context.fillRect(-size * 0.38, -size * 1.18, size * 0.74, size * 0.09);
	context.fillRect(-size * 0.3, -size * 0.26, size * 1.5, size * 0.12);
	context.beginPath();
	context.moveTo(size * 0.74, -size * 0.82);
	context.lineTo(size * 0.68, -size * 1.22);
	context.lineTo(size * 0.98, -size * 1.22);
	context.lineTo(size * 0.92, -size * 0.82);
	context.moveTo(size * 1.14, -size * 0.2);
	context.lineTo(size * 1.42, 0);
	context.lineTo(size * 1.05, 0);
	context.fill();
	context.fillStyle = "#ffe9a8";
	context.beginPath();
	context.arc(size * 1.16, -size * 0.62, size * 0.08, 0, Math.PI * 2);
	context.fill();
}

function wheels(
	context: Parameters<ReturnType<SubjectBuilder>[number]["paint"]>[0],
	centers: readonly number[],
	radius: number,
	iron: Parameters<typeof css>[0],
	seconds: number,
): void {
	for (const x of centers) {
		context.fillStyle = css(iron);
		context.beginPath();
		context.arc(x, -radius * 0.92, radius, 0, Math.PI * 2);
		context.fill();
		context.strokeStyle = css(mix(iron, WHITE, 0.4));
		context.lineWidth = radius * 0.14;
		context.beginPath();
		for (let spoke = 0; spoke < 3; spoke += 1) {
			const angle = seconds * 5 + (spoke * Math.PI) / 3;
			context.moveTo(x - Math.cos(angle) * radius * 0.75, -radius * 0.92 - Math.sin(angle) * radius * 0.75);
			context.lineTo(x + Math.cos(angle) * radius * 0.75, -radius * 0.92 + Math.sin(angle) * radius * 0.75);
		}
		context.stroke();
	}
}
