import { Path2D } from "@napi-rs/canvas";
import { css, type Rgb } from "./color.ts";
import { createRoughNoise, type Random } from "./random.ts";
import { type Layer, OVERSCAN, type Stage } from "./stage.ts";

/** The outline of a hill or a row of hills. */
export interface Ridge {
	/** Pixels from the top, for each `x` in pixels. */
	readonly heightAt: (x: number) => number;
	/** How far it is from the camera, 0 to 1. */
	readonly depth: number;
	/** At its crest. */
	readonly color: Rgb;
	/** At its foot, where mist gathers. */
	readonly footColor: Rgb;
	/** Pixels from the top at which `footColor` is reached. */
	readonly foot: number;
}

/** A rolling outline around `y`, rising and falling by `rise`, with hills about `length` apart, all in pixels. */
export function rollingOutline(
	random: Random,
	shape: { readonly y: number; readonly rise: number; readonly length: number; readonly octaves?: number },
): (x: number) => number {
	const noise = createRoughNoise(random, shape.octaves ?? 2, 0.35);
	return (x) => shape.y - shape.rise * noise(x / shape.length + 40);
}

/** Fills a ridge down past the bottom of the frame, with `extra` (trees, grass) of the same colour on it. */
export function ridgeLayer(stage: Stage, ridge: Ridge, extra?: (path: Path2D) => void): Layer {
	const { width, height, unit } = stage;
	const left = -OVERSCAN * width;
	const right = width * (1 + OVERSCAN);
	const bottom = height * (1 + OVERSCAN);
	const path = new Path2D();
	path.moveTo(left, bottom);
	let top = bottom;
	for (let x = left; x <= right + unit; x += unit * 0.9) {
		const y = ridge.heightAt(x);
		top = Math.min(top, y);
		path.lineTo(x, y);
	}
	path.lineTo(right, bottom);
	path.closePath();
	extra?.(path);
	return {
		depth: ridge.depth,
		paint: (context) => {
			const fill = context.createLinearGradient(0, top, 0, Math.max(ridge.foot, top + 1));
			fill.addColorStop(0, css(ridge.color));
			fill.addColorStop(1, css(ridge.footColor));
			context.fillStyle = fill;
			context.fill(path);
		},
	};
}

/** Calls `plant` at uneven steps along the whole ridge, overscan included. */
export function alongRidge(
	stage: Stage,
	random: Random,
	spacing: number,
	plant: (x: number, random: Random) => void,
): void {
	const { width } = stage;
	for (let x = -OVERSCAN * width; x < width * (1 + OVERSCAN); x += spacing * random.range(0.45, 1.55)) plant(x, random);
}
