import { type Canvas, createCanvas } from "@napi-rs/canvas";
import { paintBackdrop } from "../art/backdrop.ts";
import { css, mix, multiply, type Rgb, rgb, WHITE } from "../art/color.ts";
import { createCloudNoise, type Random } from "../art/random.ts";
import { starLayer } from "../art/sky.ts";
import type { Layer, Stage } from "../art/stage.ts";
import type { SceneBuilder } from "./scene.ts";

type Nebula = readonly [deep: string, middle: string, bright: string];
const NEBULAE: readonly [Nebula, ...Nebula[]] = [
	["#3a1c71", "#d76d77", "#ffaf7b"],
	["#0f3460", "#1fa2a8", "#9be8d8"],
	["#2b1055", "#7a4fd0", "#f59fd0"],
	["#1b2a6b", "#4b6fe0", "#ffd6a5"],
];
const PLANETS = ["#e8a15c", "#5aa9e6", "#c06bd6", "#d9785f", "#6cc2a1"] as const;
const STARS: readonly [Rgb, ...Rgb[]] = [WHITE, rgb("#cfe0ff"), rgb("#ffe9c9"), rgb("#bcd2ff")];

/** A nebula, stars, and a planet with rings. */
export const buildSpace: SceneBuilder = (stage) => {
	const { width, height, unit, palette } = stage;
	const random = stage.random.fork("space");
	const colors = random.pick(NEBULAE).map((code) => palette.own(rgb(code)));
	const side = random.next() < 0.5 ? -1 : 1;
	const light = { x: width * (0.5 - side * 0.62), y: -height * 0.2 };
	const planet = { x: width * (0.5 + side * 0.22), y: height * 0.42, radius: unit * random.range(19, 24) };
	const moon = { x: width * (0.5 - side * 0.27), y: height * 0.24, radius: unit * 4.2 };
	const backdrop = paintBackdrop(stage, () => palette.own(rgb("#05060f")), [
		{ x: light.x, y: light.y, radius: unit * 150, color: colors[0] ?? WHITE, strength: 0.5 },
	]);
	paintNebula(backdrop, stage, colors);
	const planetColor = palette.own(rgb(random.pick(PLANETS)));
	const ball = paintPlanet(random.fork("planet"), planet.radius, planetColor, -side);
	const moonBall = paintPlanet(random.fork("moon"), moon.radius, palette.own(rgb("#b9bdc9")), -side);
	return {
		backdrop,
		layers: [
			starLayer(stage, height * 1.05, 260, STARS),
			starLayer({ ...stage, random: stage.random.fork("near") }, height * 1.05, 60, STARS),
			shootingStarLayer(stage),
			ballLayer(moonBall, moon, 0.12),
			planetLayer(stage, ball, planet, planetColor),
			dustLayer(stage),
		],
		horizon: height,
		luminary: { ...light, radius: unit * 5, kind: "sun", horizon: height },
		medium: "space",
	};
};

function paintNebula(backdrop: Canvas, stage: Stage, colors: readonly Rgb[]): void {
	const columns = Math.ceil(stage.width / 3);
	const rows = Math.ceil(stage.height / 3);
	const sheet = createCanvas(columns, rows);
	const context = sheet.getContext("2d");
	const image = context.createImageData(columns, rows);
	const noise = createCloudNoise(stage.random.fork("nebula"), 5);
	const scale = 5 / Math.min(columns, rows);
	const [deep = WHITE, middle = WHITE, bright = WHITE] = colors;
	for (let row = 0; row < rows; row += 1) {
		for (let column = 0; column < columns; column += 1) {
			const x = column * scale;
			const y = row * scale;
			const warp = noise(x * 0.6 + 7, y * 0.6 + 3);
			const cloud = noise(x + warp * 2.4, y + warp * 1.7);
			const band = 1 - Math.min(1, Math.abs((column / columns - row / rows) * 0.9 + 0.12 + (warp - 0.5)) * 1.5);
			const density = Math.max(0, cloud - 0.34) * 1.9 * (0.3 + 0.9 * band);
			const glow = Math.max(0, density - 0.42) * 1.6;
			const color = mix(mix(deep, middle, Math.min(1, density * 1.5)), bright, Math.min(1, glow));
			const index = (row * columns + column) * 4;
			image.data.set(color, index);
			image.data[index + 3] = 255 * Math.min(0.9, density * 1.15);
		}
	}
	context.putImageData(image, 0, 0);
	const target = backdrop.getContext("2d");
	target.imageSmoothingQuality = "high";
	target.drawImage(sheet, 0, 0, stage.width, stage.height);
}

interface Ball {
	readonly x: number;
	readonly y: number;
	readonly radius: number;
}

/** A lit sphere with bands and an edge of air. */
function paintPlanet(random: Random, radius: number, color: Rgb, towards: number): Canvas {
	const size = Math.ceil(radius * 2.3);
	const middle = size / 2;
	const canvas = createCanvas(size, size);
	const context = canvas.getContext("2d");
	const air = context.createRadialGradient(middle, middle, radius * 0.96, middle, middle, radius * 1.14);
	air.addColorStop(0, css(mix(color, WHITE, 0.4), 0.4));
	air.addColorStop(1, css(color, 0));
	context.fillStyle = air;
	context.fillRect(0, 0, size, size);
	context.save();
	context.beginPath();
	context.arc(middle, middle, radius, 0, Math.PI * 2);
	context.clip();
	context.fillStyle = css(color);
	context.fillRect(0, 0, size, size);
	context.translate(middle, middle);
	context.rotate(-0.32);
	for (let y = -radius; y < radius; ) {
		const thick = radius * random.range(0.05, 0.2);
		const tone = random.range(-0.28, 0.28);
		context.fillStyle = css(
			tone > 0 ? mix(color, WHITE, tone) : multiply(color, [1 + tone, 1 + tone, 1 + tone * 0.6]),
			0.75,
		);
		context.beginPath();
		context.ellipse(0, y, radius * 1.1, thick, 0, 0, Math.PI * 2);
		context.fill();
		y += thick * random.range(1.1, 2);
	}
	context.setTransform(1, 0, 0, 1, 0, 0);
	const shade = context.createRadialGradient(
		middle + towards * radius * 0.5,
		middle - radius * 0.5,
		radius * 0.1,
		middle + towards * radius * 0.25,
		middle - radius * 0.25,
		radius * 1.45,
	);
	shade.addColorStop(0, "rgba(255,255,255,0.28)");
	shade.addColorStop(0.35, "rgba(255,255,255,0)");
	shade.addColorStop(0.62, "rgba(4,4,20,0.45)");
	shade.addColorStop(1, "rgba(2,2,12,0.96)");
	context.fillStyle = shade;
	context.fillRect(0, 0, size, size);
	context.restore();
	return canvas;
}

function ballLayer(sheet: Canvas, ball: Ball, depth: number): Layer {
	return {
		depth,
		paint: (context, { seconds }) => {
			context.drawImage(sheet, ball.x - sheet.width / 2 + seconds * ball.radius * 0.04, ball.y - sheet.height / 2);
		},
	};
}

/** The planet between the far and the near half of its rings. */
function planetLayer(stage: Stage, sheet: Canvas, planet: Ball, color: Rgb): Layer {
	const rings = [1.42, 1.55, 1.66, 1.82, 1.92].map((radius, index) => ({
		radius: radius * planet.radius,
		width: planet.radius * (index % 2 === 0 ? 0.1 : 0.05),
		color: css(mix(mix(color, WHITE, 0.55), stage.palette.own(rgb("#e9d8c0")), 0.4), 0.62 - index * 0.08),
	}));
	const drawHalf = (context: Parameters<Layer["paint"]>[0], from: number, to: number): void => {
		for (const ring of rings) {
			context.beginPath();
			context.ellipse(0, 0, ring.radius, ring.radius * 0.24, 0, from, to);
			context.lineWidth = ring.width;
			context.strokeStyle = ring.color;
			context.stroke();
		}
	};
	return {
		depth: 0.3,
		paint: (context, { seconds }) => {
			context.translate(planet.x, planet.y + Math.sin(seconds * 0.25) * planet.radius * 0.03);
			context.save();
			context.rotate(-0.32);
			drawHalf(context, Math.PI, Math.PI * 2);
			context.restore();
			context.drawImage(sheet, -sheet.width / 2, -sheet.height / 2);
			context.rotate(-0.32);
			drawHalf(context, 0, Math.PI);
		},
	};
}

function shootingStarLayer(stage: Stage): Layer {
	const { width, height, unit, seconds: length } = stage;
	const random = stage.random.fork("shooting");
	const every = 2.8;
	const flights = Array.from({ length: Math.ceil(length / every) }, (_, index) => ({
		at: index * every + random.range(0.5, 1.8),
		x: random.range(0.1, 0.9) * width,
		y: random.range(0.05, 0.4) * height,
		angle: random.range(0.3, 0.7) + (random.next() < 0.5 ? Math.PI / 2 : 0),
	}));
	return {
		depth: 0.03,
		paint: (context, { seconds }) => {
			for (const flight of flights) {
				const share = (seconds - flight.at) / 0.9;
				if (share < 0 || share > 1) continue;
				const reach = unit * 55 * share;
				const x = flight.x + Math.cos(flight.angle) * reach;
				const y = flight.y + Math.sin(flight.angle) * reach;
				const tail = unit * 16 * Math.sin(share * Math.PI);
				const trail = context.createLinearGradient(
					x,
					y,
					x - Math.cos(flight.angle) * tail,
					y - Math.sin(flight.angle) * tail,
				);
				trail.addColorStop(0, css(WHITE, Math.sin(share * Math.PI)));
				trail.addColorStop(1, css(WHITE, 0));
				context.beginPath();
				context.moveTo(x, y);
				context.lineTo(x - Math.cos(flight.angle) * tail, y - Math.sin(flight.angle) * tail);
				context.lineWidth = unit * 0.35;
				context.lineCap = "round";
				context.strokeStyle = trail;
				context.stroke();
			}
		},
	};
}

/** Motes close to us, which make the camera's moves felt. */
function dustLayer(stage: Stage): Layer {
	const { width, height, unit } = stage;
	const random = stage.random.fork("dust");
	const motes = Array.from({ length: 40 }, () => ({
		x: random.range(-0.2, 1.2) * width,
		y: random.range(-0.2, 1.2) * height,
		size: unit * random.range(0.12, 0.4),
		speed: unit * random.range(0.8, 3),
	}));
	return {
		depth: 0.9,
		paint: (context, { seconds }) => {
			context.fillStyle = css(WHITE, 0.35);
			context.beginPath();
			for (const mote of motes) {
				const x = mote.x - mote.speed * seconds;
				context.moveTo(x + mote.size, mote.y);
				context.arc(x, mote.y, mote.size, 0, Math.PI * 2);
			}
			context.fill();
		},
	};
}
