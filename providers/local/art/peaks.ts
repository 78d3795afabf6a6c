import { type Canvas, createCanvas, type SKRSContext2D } from "@napi-rs/canvas";
import { css, mix, type Rgb } from "./color.ts";
import { createRoughNoise, type Random } from "./random.ts";
import { type Layer, OVERSCAN, type Stage } from "./stage.ts";

/** A chain of rocky peaks. */
export interface Range {
	/** Pixels from the top at its foot. */
	readonly foot: number;
	/** Pixels from foot to the highest peak. */
	readonly rise: number;
	readonly depth: number;
	readonly rock: Rgb;
	readonly shadow: Rgb;
	readonly snow: Rgb;
	/** What its foot fades into. */
	readonly haze: Rgb;
	/** The part of the height above which snow lies; 1 for none. */
	readonly snowLine: number;
	/** Which way the light comes from: −1 left, 1 right. */
	readonly towards: number;
}

interface Point {
	readonly x: number;
	readonly y: number;
}

/** A chain of peaks with a lit and a shaded side, painted once. Returns how to draw it, upside down for a mirror. */
export function paintRange(
	stage: Stage,
	range: Range,
	label: string,
): { readonly layer: Layer; readonly sheet: Canvas } {
	const { width, unit } = stage;
	const random = stage.random.fork(`range ${label}`);
	const sheetWidth = Math.ceil(width * (1 + 2 * OVERSCAN));
	const headroom = unit * 2;
	const sheet = createCanvas(sheetWidth, Math.ceil(range.rise + headroom + unit * 2));
	const context = sheet.getContext("2d");
	const foot = range.rise + headroom;
	const crest = crestOf(random, sheetWidth, range.rise, foot, unit);
	context.save();
	outline(context, crest, foot + unit * 2);
	context.clip();
	context.fillStyle = css(range.rock);
	context.fillRect(0, 0, sheetWidth, sheet.height);
	drawSnow(context, random, crest, range, foot, unit);
	drawShadows(context, random, crest, range);
	const fade = context.createLinearGradient(0, headroom, 0, foot);
	fade.addColorStop(0, css(range.haze, 0));
	fade.addColorStop(0.45, css(range.haze, 0.12));
	fade.addColorStop(1, css(range.haze, 0.9));
	context.fillStyle = fade;
	context.fillRect(0, 0, sheetWidth, sheet.height);
	context.restore();
	const top = range.foot - foot;
	return {
		sheet,
		layer: { depth: range.depth, paint: (target) => target.drawImage(sheet, -OVERSCAN * width, top) },
	};
}

function crestOf(random: Random, width: number, rise: number, foot: number, unit: number): readonly Point[] {
	const broad = createRoughNoise(random.fork("broad"), 2, 0.5);
	const fine = createRoughNoise(random.fork("fine"), 4, 0.55);
	const points: Point[] = [];
	for (let x = 0; x <= width + unit; x += unit * 0.7) {
		// The fold of a smooth curve makes a sharp peak.
		const peak = 1 - Math.abs(broad(x / (rise * 1.25)));
		const share = 0.28 + 0.62 * peak ** 1.7 + 0.07 * fine(x / (rise * 0.16)) + 0.06 * fine(x / (rise * 0.5) + 9);
		points.push({ x, y: foot - rise * Math.min(1, share) });
	}
	return points;
}

function outline(context: SKRSContext2D, crest: readonly Point[], bottom: number): void {
	context.beginPath();
	context.moveTo(crest[0]?.x ?? 0, bottom);
	for (const point of crest) context.lineTo(point.x, point.y);
	context.lineTo(crest.at(-1)?.x ?? 0, bottom);
	context.closePath();
}

function drawSnow(
	context: SKRSContext2D,
	random: Random,
	crest: readonly Point[],
	range: Range,
	foot: number,
	unit: number,
): void {
	if (range.snowLine >= 1) return;
	const noise = createRoughNoise(random.fork("snow"), 3, 0.6);
	const line = foot - range.rise * range.snowLine;
	const last = crest.at(-1)?.x ?? 0;
	context.beginPath();
	context.moveTo(0, -unit);
	for (let x = 0; x <= last; x += unit * 0.8) {
		// Snow reaches down in tongues between the rocks.
		context.lineTo(x, line + range.rise * (0.13 * noise(x / (unit * 3.2)) + 0.06 * Math.abs(noise(x / unit + 60))));
	}
	context.lineTo(last, -unit);
	context.closePath();
	context.fillStyle = css(range.snow);
	context.fill();
}

/** On the side away from the light, a shadow falls from every peak to the next valley. */
function drawShadows(context: SKRSContext2D, random: Random, crest: readonly Point[], range: Range): void {
	const points = range.towards > 0 ? [...crest].reverse() : crest;
	const reach = 5;
	context.fillStyle = css(range.shadow, 0.62);
	for (let index = reach; index < points.length - reach; index += 1) {
		const peak = points[index] as Point;
		const around = points.slice(index - reach, index + reach + 1);
		if (around.some((other) => other.y < peak.y)) continue;
		let valley = index;
		while (
			valley < points.length - 1 &&
			!isValley(points, valley, reach) &&
			Math.abs((points[valley] as Point).x - peak.x) < range.rise * 0.6
		) {
			valley += 1;
		}
		const end = points[valley] as Point;
		const drop = Math.max(end.y - peak.y, range.rise * 0.12) * 1.9;
		context.beginPath();
		context.moveTo(peak.x, peak.y - 2);
		const steps = 8;
		for (let step = 1; step <= steps; step += 1) {
			const share = step / steps;
			const jag = Math.abs(end.x - peak.x) * 0.09 * (step % 2 === 0 ? 1 : -1) * random.range(0.4, 1.2);
			context.lineTo(peak.x + (end.x - peak.x) * 0.5 * share + jag, peak.y + drop * share);
		}
		context.lineTo(end.x, end.y);
		context.lineTo(end.x, Math.min(end.y, peak.y) - 2);
		context.closePath();
		context.fill();
	}
}

function isValley(points: readonly Point[], index: number, reach: number): boolean {
	const here = points[index] as Point;
	return points.slice(Math.max(0, index - reach), index + reach + 1).every((other) => other.y <= here.y);
}

/** The usual colours of a range at a distance of 0 to 1. */
export function rangeColors(stage: Stage, distance: number): Pick<Range, "rock" | "shadow" | "snow" | "haze"> {
	const { palette } = stage;
	const warm = mix(
		palette.lit([126, 122, 138], distance),
		palette.light,
		0.22 * palette.lightStrength * (1 - distance),
	);
	return {
		rock: warm,
		shadow: palette.lit([52, 60, 92], distance * 0.92),
		snow: mix(palette.lit([250, 252, 255], distance * 0.7), palette.light, 0.25 * palette.lightStrength),
		haze: palette.haze,
	};
}
