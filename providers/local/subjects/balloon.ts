import type { SKRSContext2D } from "@napi-rs/canvas";
import { css, mix, multiply, type Rgb, rgb, WHITE } from "../art/color.ts";
import type { SubjectBuilder } from "./subject.ts";

const GORES = 8;

/** A striped hot-air balloon with a basket, and two more in the distance. */
export const buildBalloon: SubjectBuilder = (stage, { scene, color, index }) => {
	const { width, height, unit, palette } = stage;
	const random = stage.random.fork(`balloon ${index}`);
	const side = scene.luminary.x > width / 2 ? -1 : 1;
	const base = palette.lit(color ?? rgb("#e4573d"));
	const second = palette.lit(color === undefined ? rgb("#f7c948") : mix(color, WHITE, 0.7));
	const others: readonly (readonly [Rgb, Rgb])[] = [
		[palette.lit(rgb("#3d8fd1"), 0.3), palette.lit(rgb("#f4f1de"), 0.3)],
		[palette.lit(rgb("#7a5cc4"), 0.5), palette.lit(rgb("#f2a7c3"), 0.5)],
	];
	const balloons = [
		{ x: 0.5 + side * (0.13 + 0.1 * index), y: 0.33, size: 15, depth: 0.45, colors: [base, second] as const },
		{ x: 0.5 - side * 0.24, y: 0.24, size: 5.6, depth: 0.22, colors: others[0] ?? ([base, second] as const) },
		{ x: 0.5 - side * 0.06, y: 0.44, size: 3.4, depth: 0.15, colors: others[1] ?? ([base, second] as const) },
	].map((balloon) => ({ ...balloon, phase: random.range(0, Math.PI * 2) }));
	return balloons.map((balloon) => ({
		depth: balloon.depth,
		paint: (context, { seconds }) => {
			const drift = unit * balloon.size * 0.1;
			context.translate(
				width * balloon.x + drift * Math.sin(seconds * 0.35 + balloon.phase) + side * -drift * 0.3 * seconds,
				height * balloon.y - drift * 0.5 * seconds + drift * 0.5 * Math.sin(seconds * 0.6 + balloon.phase),
			);
			context.rotate(0.035 * Math.sin(seconds * 0.7 + balloon.phase));
			drawBalloon(
				context,
				unit * balloon.size,
				balloon.colors,
				palette.lit(rgb("#7a4f2e"), balloon.depth < 0.3 ? 0.3 : 0),
			);
			const glow = context.createRadialGradient(
				0,
				unit * balloon.size * 0.7,
				0,
				0,
				unit * balloon.size * 0.7,
				unit * balloon.size * 1.5,
			);
			const burn = Math.max(0, Math.sin(seconds * 1.1 + balloon.phase)) ** 2 * (palette.time === "day" ? 0.2 : 0.55);
			glow.addColorStop(0, css(rgb("#ffca6b"), burn));
			glow.addColorStop(1, css(rgb("#ffca6b"), 0));
			context.fillStyle = glow;
			context.beginPath();
			envelope(context, unit * balloon.size, 1);
			context.fill();
		},
	}));
};

function envelope(context: SKRSContext2D, size: number, share: number): void {
	const half = size * share;
	context.moveTo(0, -size);
	context.bezierCurveTo(half * 1.3, -size, half * 1.22, size * 0.3, half * 0.2, size * 1.06);
	context.lineTo(-half * 0.2, size * 1.06);
	context.bezierCurveTo(-half * 1.22, size * 0.3, -half * 1.3, -size, 0, -size);
	context.closePath();
}

function drawBalloon(context: SKRSContext2D, size: number, colors: readonly [Rgb, Rgb], wicker: Rgb): void {
	// Gores from the outside in: each narrower outline covers the middle of the last.
	for (let gore = 0; gore < GORES; gore += 1) {
		const share = Math.cos((gore / GORES) * (Math.PI / 2));
		context.fillStyle = css(
			multiply(colors[gore % 2] ?? colors[0], [
				0.84 + 0.2 * (gore / GORES),
				0.84 + 0.18 * (gore / GORES),
				0.88 + 0.12 * (gore / GORES),
			]),
		);
		context.beginPath();
		envelope(context, size, share);
		context.fill();
	}
	const round = context.createRadialGradient(-size * 0.4, -size * 0.45, size * 0.1, 0, 0, size * 1.35);
	round.addColorStop(0, css(WHITE, 0.36));
	round.addColorStop(0.5, css(WHITE, 0));
	round.addColorStop(1, css([20, 10, 40], 0.42));
	context.fillStyle = round;
	context.beginPath();
	envelope(context, size, 1);
	context.fill();
	context.strokeStyle = css(multiply(wicker, [0.6, 0.6, 0.6]));
	context.lineWidth = Math.max(0.6, size * 0.018);
	context.beginPath();
	for (const x of [-0.18, -0.07, 0.07, 0.18]) {
		context.moveTo(size * x, size * 1.05);
		context.lineTo(size * x * 0.8, size * 1.36);
	}
	context.stroke();
	context.fillStyle = css(wicker);
	context.beginPath();
	context.roundRect(-size * 0.16, size * 1.34, size * 0.32, size * 0.24, size * 0.05);
	context.fill();
	context.fillStyle = css(mix(wicker, WHITE, 0.3));
	context.fillRect(-size * 0.175, size * 1.33, size * 0.35, size * 0.045);
}
