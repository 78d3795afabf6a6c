import type { SKRSContext2D } from "@napi-rs/canvas";
import { css, type Rgb, rgb } from "./color.ts";
import { createRoughNoise } from "./random.ts";
import { glowSprite } from "./sky.ts";
import type { Layer, Stage } from "./stage.ts";

/** From the outside of the fire to its heart. */
const SHELLS = [
	{ color: "#ff4d1c", reach: 1, alpha: 0.55 },
	{ color: "#ff7a1f", reach: 0.82, alpha: 0.8 },
	{ color: "#ffb52e", reach: 0.62, alpha: 0.9 },
	{ color: "#ffe27a", reach: 0.42, alpha: 0.95 },
	{ color: "#fff6d8", reach: 0.24, alpha: 0.95 },
] as const;
const TONGUES = 7;

/** A wood fire whose foot stands at (x, y); `size` is its height in pixels. */
export function flameLayer(
	stage: Stage,
	fire: { readonly x: number; readonly y: number; readonly size: number },
): Layer {
	const random = stage.random.fork("flames");
	const noise = createRoughNoise(random, 3, 0.5);
	const colors = SHELLS.map((shell) => stage.palette.own(rgb(shell.color)));
	const heart = glowSprite(stage.palette.own(rgb("#ffcf6b")), 96);
	const bark = stage.palette.own(rgb("#2a1812"));
	const ember = stage.palette.own(rgb("#ff6a2a"));
	const tongues = Array.from({ length: TONGUES }, (_, index) => {
		const place = index / (TONGUES - 1) - 0.5;
		return { place, tall: (1 - Math.abs(place) * 1.15) * random.range(0.85, 1.1), offset: random.range(0, 90) };
	});
	return {
		depth: 0.57,
		paint: (context, { seconds }) => {
			drawStones(context, fire, stage, ember);
			for (const [index, shell] of SHELLS.entries()) {
				context.fillStyle = css(colors[index] ?? ember, shell.alpha);
				context.beginPath();
				for (const tongue of tongues) {
					const gust = noise(tongue.offset + seconds * 2.3);
					const tall = fire.size * tongue.tall * shell.reach * (0.86 + 0.3 * noise(tongue.offset + 40 + seconds * 3.1));
					const lean = fire.size * 0.16 * gust;
					addTongue(
						context,
						fire.x + tongue.place * fire.size * 0.5 * shell.reach,
						fire.y,
						tall,
						fire.size * 0.15 * shell.reach ** 0.6,
						lean,
					);
				}
				context.fill();
			}
			context.globalCompositeOperation = "lighter";
			context.globalAlpha = 0.5;
			const reach = fire.size * 0.62;
			context.drawImage(heart, fire.x - reach, fire.y - fire.size * 0.28 - reach, reach * 2, reach * 2);
			context.globalAlpha = 1;
			context.globalCompositeOperation = "source-over";
			drawLogs(context, fire, bark, ember);
		},
	};
}

function addTongue(context: SKRSContext2D, x: number, y: number, tall: number, half: number, lean: number): void {
	context.moveTo(x - half, y);
	context.bezierCurveTo(
		x - half * 1.5,
		y - tall * 0.35,
		x - half * 0.2 + lean * 0.3,
		y - tall * 0.6,
		x + lean,
		y - tall,
	);
	context.bezierCurveTo(x + half * 0.6 + lean * 0.4, y - tall * 0.62, x + half * 1.5, y - tall * 0.35, x + half, y);
	context.closePath();
}

function drawLogs(context: SKRSContext2D, fire: { x: number; y: number; size: number }, bark: Rgb, ember: Rgb): void {
	context.lineCap = "round";
	for (const [fromX, toX, rise] of [
		[-0.42, 0.26, 0.13],
		[0.44, -0.24, 0.15],
		[-0.3, 0.34, 0.02],
	] as const) {
		context.beginPath();
		context.moveTo(fire.x + fromX * fire.size, fire.y + fire.size * 0.05);
		context.lineTo(fire.x + toX * fire.size, fire.y - rise * fire.size);
		context.lineWidth = fire.size * 0.1;
		context.strokeStyle = css(bark);
		context.stroke();
		context.lineWidth = fire.size * 0.022;
		context.strokeStyle = css(ember, 0.75);
		context.stroke();
	}
}

function drawStones(
	context: SKRSContext2D,
	fire: { x: number; y: number; size: number },
	stage: Stage,
	ember: Rgb,
): void {
	const stone = stage.palette.own(rgb("#3a3336"));
	for (let index = 0; index < 9; index += 1) {
		const angle = Math.PI * (0.02 + 0.96 * (index / 8));
		const x = fire.x + Math.cos(angle) * fire.size * 0.6;
		const y = fire.y + fire.size * 0.06 + Math.sin(angle) * fire.size * 0.09;
		context.beginPath();
		context.ellipse(x, y, fire.size * 0.085, fire.size * 0.06, 0, 0, Math.PI * 2);
		context.fillStyle = css(stone);
		context.fill();
		context.beginPath();
		context.ellipse(x, y - fire.size * 0.02, fire.size * 0.06, fire.size * 0.03, 0, 0, Math.PI * 2);
		context.fillStyle = css(ember, 0.4);
		context.fill();
	}
}
