import type { SKRSContext2D } from "@napi-rs/canvas";
import { css, mix, multiply, type Rgb, rgb, WHITE } from "../art/color.ts";
import { glowSprite } from "../art/sky.ts";
import { footing, type SubjectBuilder } from "./subject.ts";

/** A striped lighthouse on a rock, its beam turning when it is not day. */
export const buildLighthouse: SubjectBuilder = (stage, { scene, color, index }) => {
	const { width, unit, palette } = stage;
	const place = footing(stage, scene);
	const size = unit * 40;
	const side = scene.luminary.x > width / 2 ? -1 : 1;
	const x = width * (0.5 + side * (0.27 - 0.1 * index));
	const foot = Math.max(scene.horizon + unit * 3, place.y - unit * 6);
	const wall = palette.lit(WHITE);
	const stripe = palette.lit(color ?? rgb("#d8392f"));
	const rock = palette.lit(rgb("#4a4654"), 0.08);
	const lamp = glowSprite(palette.own(rgb("#fff1b8")), 96);
	const isLit = palette.time !== "day" || stage.weather !== "clear";
	return [
		{
			depth: 0.32,
			paint: (context, { seconds }) => {
				context.translate(x, foot);
				if (isLit) drawBeam(context, size, seconds);
				drawRock(context, size, rock);
				drawTower(context, size, wall, stripe);
				if (!isLit) return;
				const flare = unit * (9 + 2.5 * Math.sin(seconds * 1.2));
				context.globalCompositeOperation = "lighter";
				context.drawImage(lamp, -flare, -size * 0.93 - flare, flare * 2, flare * 2);
				context.globalCompositeOperation = "source-over";
			},
		},
	];
};

function drawBeam(context: SKRSContext2D, size: number, seconds: number): void {
	context.save();
	context.translate(0, -size * 0.93);
	context.globalCompositeOperation = "lighter";
	for (const turn of [0, Math.PI]) {
		const swing = Math.cos(seconds * 0.9 + turn);
		const reach = size * 3.4 * swing;
		const half = size * (0.16 + 0.2 * Math.abs(Math.sin(seconds * 0.9 + turn)));
		const light = context.createLinearGradient(0, 0, reach, 0);
		light.addColorStop(0, "rgba(255,241,184,0.6)");
		light.addColorStop(1, "rgba(255,241,184,0)");
		context.fillStyle = light;
		context.beginPath();
		context.moveTo(0, -size * 0.015);
		context.lineTo(reach, -half);
		context.lineTo(reach, half);
		context.lineTo(0, size * 0.015);
		context.fill();
	}
	context.restore();
}

function drawRock(context: SKRSContext2D, size: number, rock: Rgb): void {
	const shade = context.createLinearGradient(0, -size * 0.16, 0, size * 0.14);
	shade.addColorStop(0, css(mix(rock, WHITE, 0.12)));
	shade.addColorStop(1, css(multiply(rock, [0.5, 0.52, 0.6])));
	context.fillStyle = shade;
	context.beginPath();
	for (const [index, [x, y]] of (
		[
			[-0.62, 0.12],
			[-0.5, 0.02],
			[-0.34, -0.02],
			[-0.22, -0.12],
			[0.02, -0.14],
			[0.2, -0.11],
			[0.3, -0.03],
			[0.46, 0],
			[0.64, 0.12],
		] as const
	).entries()) {
		if (index === 0) context.moveTo(x * size, y * size);
		else context.lineTo(x * size, y * size);
	}
	context.closePath();
	context.fill();
}

function drawTower(context: SKRSContext2D, size: number, wall: Rgb, stripe: Rgb): void {
	const outline = (): void => {
		context.beginPath();
		context.moveTo(-size * 0.115, -size * 0.1);
		context.lineTo(-size * 0.07, -size * 0.84);
		context.lineTo(size * 0.07, -size * 0.84);
		context.lineTo(size * 0.115, -size * 0.1);
		context.closePath();
	};
	context.save();
	outline();
	context.clip();
	context.fillStyle = css(wall);
	context.fillRect(-size, -size, size * 2, size * 2);
	context.fillStyle = css(stripe);
	for (const y of [-0.76, -0.5, -0.24]) context.fillRect(-size, y * size, size * 2, size * 0.13);
	const round = context.createLinearGradient(-size * 0.12, 0, size * 0.12, 0);
	round.addColorStop(0, "rgba(255,255,255,0.2)");
	round.addColorStop(0.4, "rgba(255,255,255,0)");
	round.addColorStop(1, "rgba(10,10,40,0.45)");
	context.fillStyle = round;
	context.fillRect(-size, -size, size * 2, size * 2);
	context.restore();
	context.fillStyle = css(multiply(stripe, [0.42, 0.42, 0.48]));
	context.fillRect(-size * 0.1, -size * 0.865, size * 0.2, size * 0.03);
	context.fillStyle = css(rgb("#ffe9a8"));
	context.fillRect(-size * 0.052, -size * 0.96, size * 0.104, size * 0.1);
	context.fillStyle = css(multiply(stripe, [0.6, 0.58, 0.64]));
	context.beginPath();
	context.moveTo(-size * 0.08, -size * 0.955);
	context.quadraticCurveTo(0, -size * 1.08, size * 0.08, -size * 0.955);
	context.fill();
}

/** A cottage with lit windows and smoke from its chimney. */
export const buildHouse: SubjectBuilder = (stage, { scene, color, index }) => {
	const { width, unit, palette } = stage;
	const place = footing(stage, scene);
	const size = unit * 17 * place.scale;
	const side = scene.luminary.x > width / 2 ? -1 : 1;
	const x = width * (0.5 + side * (0.17 + 0.16 * index));
	const wall = palette.lit(color ?? rgb("#efe3cf"));
	const roof = palette.lit(rgb(stage.weather === "snow" ? "#f2f6ff" : "#a4493a"));
	const smoke = glowSprite(mix(palette.haze, WHITE, 0.4), 48);
	const window = palette.time === "day" ? palette.lit(rgb("#7fa6bf")) : palette.own(rgb("#ffd37a"));
	return [
		{
			depth: place.depth,
			paint: (context, { seconds }) => {
				context.translate(x, place.y + size * 0.06);
				for (let puff = 0; puff < 9; puff += 1) {
					const age = (seconds * 0.28 + puff / 9) % 1;
					const radius = size * (0.05 + 0.17 * age);
					context.globalAlpha = 0.4 * (1 - age) * Math.min(1, age * 6);
					context.drawImage(
						smoke,
						size * (0.25 + 0.34 * age * age) + size * 0.04 * Math.sin(age * 7 + puff) - radius,
						-size * (0.92 + 0.85 * age) - radius,
						radius * 2,
						radius * 2,
					);
				}
				context.globalAlpha = 1;
				drawHouse(context, size, wall, roof, window);
			},
		},
	];
};

function drawHouse(context: SKRSContext2D, size: number, wall: Rgb, roof: Rgb, window: Rgb): void {
	context.fillStyle = css(multiply(wall, [0.6, 0.55, 0.56]));
	context.fillRect(size * 0.2, -size * 0.92, size * 0.1, size * 0.3);
	const plaster = context.createLinearGradient(-size * 0.45, 0, size * 0.45, 0);
	plaster.addColorStop(0, css(mix(wall, WHITE, 0.12)));
	plaster.addColorStop(1, css(multiply(wall, [0.74, 0.72, 0.78])));
	context.fillStyle = plaster;
	context.fillRect(-size * 0.42, -size * 0.46, size * 0.84, size * 0.46);
	const tiles = context.createLinearGradient(0, -size * 0.84, 0, -size * 0.42);
	tiles.addColorStop(0, css(mix(roof, WHITE, 0.14)));
	tiles.addColorStop(1, css(multiply(roof, [0.8, 0.78, 0.82])));
	context.fillStyle = tiles;
	context.beginPath();
	context.moveTo(-size * 0.52, -size * 0.42);
	context.lineTo(-size * 0.34, -size * 0.82);
	context.lineTo(size * 0.34, -size * 0.82);
	context.lineTo(size * 0.52, -size * 0.42);
	context.closePath();
	context.fill();
	context.fillStyle = css(multiply(roof, [0.5, 0.46, 0.46]));
	context.beginPath();
	context.roundRect(-size * 0.07, -size * 0.27, size * 0.15, size * 0.27, [size * 0.07, size * 0.07, 0, 0]);
	context.fill();
	for (const x of [-0.31, 0.17]) {
		context.fillStyle = css(window);
		context.fillRect(size * x, -size * 0.34, size * 0.16, size * 0.15);
		context.fillStyle = css(multiply(wall, [0.55, 0.5, 0.5]));
		context.fillRect(size * (x + 0.072), -size * 0.34, size * 0.016, size * 0.15);
		context.fillRect(size * x, -size * 0.273, size * 0.16, size * 0.014);
	}
}

/** A windmill whose sails turn with the wind. */
export const buildWindmill: SubjectBuilder = (stage, { scene, color, index }) => {
	const { width, unit, palette, wind } = stage;
	const place = footing(stage, scene);
	const size = unit * 30 * place.scale;
	const side = scene.luminary.x > width / 2 ? -1 : 1;
	const x = width * (0.5 + side * (0.2 - 0.34 * index));
	const wall = palette.lit(color ?? rgb("#f1e6d2"));
	const cap = palette.lit(rgb("#8a4b3a"));
	const cloth = palette.lit(rgb("#fff8ea"));
	return [
		{
			depth: place.depth - 0.02,
			paint: (context, { seconds }) => {
				context.translate(x, place.y + unit);
				const tower = context.createLinearGradient(-size * 0.2, 0, size * 0.2, 0);
				tower.addColorStop(0, css(mix(wall, WHITE, 0.2)));
				tower.addColorStop(1, css(multiply(wall, [0.66, 0.64, 0.72])));
				context.fillStyle = tower;
				context.beginPath();
				context.moveTo(-size * 0.2, 0);
				context.lineTo(-size * 0.11, -size * 0.78);
				context.lineTo(size * 0.11, -size * 0.78);
				context.lineTo(size * 0.2, 0);
				context.fill();
				context.fillStyle = css(cap);
				context.beginPath();
				context.ellipse(0, -size * 0.78, size * 0.135, size * 0.13, 0, Math.PI, Math.PI * 2);
				context.fill();
				context.beginPath();
				context.roundRect(-size * 0.05, -size * 0.15, size * 0.1, size * 0.15, [size * 0.05, size * 0.05, 0, 0]);
				context.fill();
				context.translate(0, -size * 0.8);
				context.rotate(seconds * (0.35 + 0.5 * wind));
				for (let sail = 0; sail < 4; sail += 1) {
					context.rotate(Math.PI / 2);
					context.fillStyle = css(cap);
					context.fillRect(-size * 0.012, -size * 0.62, size * 0.024, size * 0.62);
					context.fillStyle = css(cloth, 0.92);
					context.fillRect(size * 0.012, -size * 0.6, size * 0.12, size * 0.46);
					context.strokeStyle = css(cap, 0.6);
					context.lineWidth = size * 0.008;
					for (let rung = 0; rung < 5; rung += 1) {
						context.beginPath();
						context.moveTo(size * 0.012, -size * (0.2 + rung * 0.09));
						context.lineTo(size * 0.132, -size * (0.2 + rung * 0.09));
						context.stroke();
					}
				}
				context.fillStyle = css(cap);
				context.beginPath();
				context.arc(0, 0, size * 0.03, 0, Math.PI * 2);
				context.fill();
			},
		},
	];
};
