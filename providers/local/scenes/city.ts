import { type Canvas, createCanvas, type SKRSContext2D } from "@napi-rs/canvas";
import { cloudLayers } from "../art/clouds.ts";
import { css, mix, multiply, type Rgb, rgb, WHITE } from "../art/color.ts";
import { skyAt } from "../art/palette.ts";
import type { Random } from "../art/random.ts";
import { type Layer, OVERSCAN, type Stage } from "../art/stage.ts";
import { rippleLayer } from "../art/water.ts";
import { openSky } from "./open-sky.ts";
import type { SceneBuilder } from "./scene.ts";

const LAMPS = ["#ffd98a", "#ffe8b8", "#ffc46b", "#bfe4ff"] as const;
const SIGNS = ["#ff4f9a", "#3ee6ff", "#a56bff", "#ffb03a"] as const;

interface Block {
	readonly sheet: Canvas;
	readonly layer: Layer;
}

/** A skyline over a river that mirrors its lights. */
export const buildCity: SceneBuilder = (stage) => {
	const { height, palette } = stage;
	const bank = height * 0.74;
	const sky = openSky(stage, bank, {
		rowColor: (y) => {
			const share = (y - bank) / (height - bank);
			return mix(
				multiply(skyAt(palette, 1 - share), [0.66, 0.72, 0.84]),
				palette.lit(rgb("#0c1d33")),
				0.35 + 0.4 * share,
			);
		},
	});
	const rows = [0, 1, 2].map((index) => paintBlocks(stage, stage.random.fork(`row ${index}`), index, bank));
	return {
		backdrop: sky.backdrop,
		layers: [
			...sky.layers,
			...cloudLayers(stage, sky.luminary, height * 0.08, height * 0.38, 6),
			...rows.map((row) => row.layer),
			blinkLayer(stage, bank),
			mirrorLayer(stage, rows, bank),
			rippleLayer(stage, bank, 0.26),
		],
		horizon: bank,
		luminary: sky.luminary,
		water: { y: bank + (height - bank) * 0.4, depth: 0.5, scale: 0.8 },
	};
};

/** How much of the windows is lit. */
function lampShare(stage: Stage): number {
	if (stage.palette.time === "night") return 0.46;
	return stage.palette.time === "day" ? 0.03 : 0.3;
}

function paintBlocks(stage: Stage, random: Random, row: number, bank: number): Block {
	const { width, unit, palette } = stage;
	const sheetWidth = Math.ceil(width * (1 + 2 * OVERSCAN));
	const tallest = Math.min(bank * 0.86, unit * (62 - 15 * row));
	const sheet = createCanvas(sheetWidth, Math.ceil(tallest + unit * 9));
	const context = sheet.getContext("2d");
	const distance = [0.62, 0.34, 0.08][row] ?? 0;
	const wall = palette.lit(rgb(["#7d8aa8", "#56627f", "#333d57"][row] ?? "#333d57"), distance);
	const middle = sheetWidth * random.range(0.42, 0.58);
	for (let x = -unit * 4; x < sheetWidth; ) {
		const wide = unit * random.range(4, 11) * (1 + 0.12 * row);
		const center = Math.exp(-(((x - middle) / (sheetWidth * 0.24)) ** 2));
		const tall = tallest * Math.min(1, random.range(0.16, 0.5) + (0.62 - 0.12 * row) * center * random.range(0.3, 1.1));
		const tone = random.range(0.86, 1.14);
		drawTower(context, stage, random, { x, wide, tall, bottom: sheet.height }, multiply(wall, [tone, tone, tone]), row);
		x += wide + unit * random.range(-0.2, 1.5);
	}
	const top = bank - sheet.height;
	return {
		sheet,
		layer: {
			depth: 0.1 + 0.12 * row,
			paint: (target) => target.drawImage(sheet, -OVERSCAN * width, top),
		},
	};
}

function drawTower(
	context: SKRSContext2D,
	stage: Stage,
	random: Random,
	box: { x: number; wide: number; tall: number; bottom: number },
	wall: Rgb,
	row: number,
): void {
	const { unit, palette } = stage;
	const top = box.bottom - box.tall;
	const side = context.createLinearGradient(box.x, 0, box.x + box.wide, 0);
	side.addColorStop(0, css(mix(wall, palette.light, 0.16 * palette.lightStrength)));
	side.addColorStop(0.55, css(wall));
	side.addColorStop(1, css(multiply(wall, [0.78, 0.8, 0.88])));
	context.fillStyle = side;
	context.fillRect(box.x, top, box.wide, box.tall);
	drawRoof(context, random, box.x, top, box.wide, unit);
	const pitchX = unit * (0.95 + 0.3 * row);
	const pitchY = unit * (1.25 + 0.35 * row);
	const lit = lampShare(stage) * random.range(0.5, 1.4);
	const dark = css(multiply(mix(wall, palette.sky[1] ?? wall, 0.3), [0.72, 0.76, 0.86]), 0.75);
	for (let y = top + pitchY; y < box.bottom - pitchY; y += pitchY) {
		for (let x = box.x + pitchX * 0.7; x < box.x + box.wide - pitchX * 0.8; x += pitchX) {
			const isLit = random.next() < lit;
			context.fillStyle = isLit ? css(palette.own(rgb(random.pick(LAMPS))), random.range(0.55, 1)) : dark;
			context.fillRect(x, y, pitchX * 0.52, pitchY * 0.55);
		}
	}
	if (row === 2 && palette.time !== "day" && random.next() < 0.28)
		drawSign(context, stage, random, box.x, top, box.wide);
	// The foot of the town stands in its own haze.
	const haze = context.createLinearGradient(0, box.bottom - unit * 22, 0, box.bottom);
	haze.addColorStop(0, css(palette.haze, 0));
	haze.addColorStop(1, css(palette.haze, 0.42 - 0.12 * row));
	context.fillStyle = haze;
	context.fillRect(box.x, box.bottom - unit * 22, box.wide, unit * 22);
}

function drawRoof(context: SKRSContext2D, random: Random, x: number, top: number, wide: number, unit: number): void {
	const kind = random.next();
	if (kind < 0.3) {
		context.fillRect(x + wide * 0.2, top - unit * 2.2, wide * 0.6, unit * 2.3);
		context.fillRect(x + wide * 0.47, top - unit * 7, Math.max(1, unit * 0.28), unit * 5);
	} else if (kind < 0.48) {
		context.beginPath();
		context.moveTo(x, top + 0.5);
		context.lineTo(x + wide * 0.5, top - unit * 5);
		context.lineTo(x + wide, top + 0.5);
		context.fill();
	} else if (kind < 0.62 && wide > unit * 7) {
		context.beginPath();
		context.ellipse(x + wide / 2, top + 0.5, wide * 0.42, unit * 2.6, 0, Math.PI, Math.PI * 2);
		context.fill();
	} else if (kind < 0.8) {
		context.fillRect(x + wide * 0.12, top - unit * 1.4, wide * 0.34, unit * 1.5);
	}
}

function drawSign(context: SKRSContext2D, stage: Stage, random: Random, x: number, top: number, wide: number): void {
	const { unit, palette } = stage;
	const color = palette.own(rgb(random.pick(SIGNS)));
	context.save();
	context.shadowColor = css(color, 0.9);
	context.shadowBlur = unit * 2.4;
	context.fillStyle = css(mix(color, WHITE, 0.3));
	context.fillRect(x + wide * 0.7, top + unit * 4, unit * 0.9, unit * random.range(5, 10));
	context.restore();
}

/** Lamps on the roofs that blink, and windows where somebody comes home. */
function blinkLayer(stage: Stage, bank: number): Layer {
	const { width, unit, palette } = stage;
	const random = stage.random.fork("blink");
	const lamps = Array.from({ length: 7 }, () => ({
		x: random.range(0, 1) * width,
		y: bank - unit * random.range(30, 52),
		phase: random.range(0, Math.PI * 2),
	}));
	const red = palette.own(rgb("#ff4a4a"));
	return {
		depth: 0.34,
		paint: (context, { seconds }) => {
			if (palette.time === "day") return;
			for (const lamp of lamps) {
				context.fillStyle = css(red, Math.max(0, Math.sin(seconds * 2.2 + lamp.phase)) ** 3);
				context.beginPath();
				context.arc(lamp.x, lamp.y, unit * 0.32, 0, Math.PI * 2);
				context.fill();
			}
		},
	};
}

/** The town upside down in the river, in slices that the current shifts. */
function mirrorLayer(stage: Stage, rows: readonly Block[], bank: number): Layer {
	const { width, height, unit, palette } = stage;
	const slices = 26;
	const deep = height * (1 + OVERSCAN) - bank;
	return {
		depth: 0.34,
		paint: (context, { seconds }) => {
			for (let slice = 0; slice < slices; slice += 1) {
				const share = slice / slices;
				const from = deep * share;
				const thick = deep / slices + 1;
				const shift = unit * (0.15 + 1.5 * share) * Math.sin(slice * 1.3 + seconds * 1.7);
				for (const row of rows) {
					// The mirror is flatter than the town, as water seen at a slant is.
					const sourceHeight = thick * 1.5;
					const sourceY = row.sheet.height - from * 1.5 - sourceHeight;
					if (sourceY < 0) continue;
					context.save();
					context.globalAlpha = 0.62 * (1 - 0.65 * share);
					context.translate(-OVERSCAN * width + shift, bank + from + thick);
					context.scale(1, -1);
					context.drawImage(row.sheet, 0, sourceY, row.sheet.width, sourceHeight, 0, 0, row.sheet.width, thick);
					context.restore();
				}
			}
			context.fillStyle = css(mix(palette.haze, WHITE, 0.3), 0.25);
			context.fillRect(-width, bank - unit * 0.15, width * 3, unit * 0.3);
		},
	};
}
