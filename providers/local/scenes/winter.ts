import { Path2D } from "@napi-rs/canvas";
import { aurora } from "../art/aurora.ts";
import { cloudLayers } from "../art/clouds.ts";
import { css, mix, rgb, WHITE } from "../art/color.ts";
import { paintRange, rangeColors } from "../art/peaks.ts";
import { alongRidge, ridgeLayer, rollingOutline } from "../art/ridges.ts";
import type { Layer, Stage } from "../art/stage.ts";
import { addPine } from "../art/trees.ts";
import { snowLayer } from "../art/weather.ts";
import { openSky } from "./open-sky.ts";
import type { SceneBuilder } from "./scene.ts";

/** Snowfields and laden conifers; by night under northern lights. */
export const buildWinter: SceneBuilder = (stage) => {
	const { width, height, unit, palette } = stage;
	const horizon = height * 0.6;
	const sky = openSky(stage, horizon);
	const towards = sky.luminary.x > width / 2 ? 1 : -1;
	const random = stage.random.fork("winter");
	const range = paintRange(
		stage,
		{ foot: height * 0.63, rise: unit * 34, depth: 0.08, ...rangeColors(stage, 0.5), snowLine: 0.22, towards },
		"winter",
	);
	const layers: Layer[] = [
		...sky.layers,
		...(palette.time === "night"
			? [aurora(stage, horizon)]
			: cloudLayers(stage, sky.luminary, height * 0.1, height * 0.4, 5)),
		range.layer,
	];
	for (let index = 0; index < 4; index += 1) {
		const outline = rollingOutline(random.fork(`outline ${index}`), {
			y: height * (0.62 + 0.095 * index),
			rise: unit * (4.5 + index),
			length: unit * (34 + 14 * index),
		});
		const snow = mix(palette.lit(rgb("#f4f8ff"), 0.42 - 0.12 * index), palette.light, 0.2 * palette.lightStrength);
		layers.push(
			ridgeLayer(stage, {
				heightAt: outline,
				depth: 0.12 + 0.2 * index,
				color: snow,
				footColor: mix(palette.lit(rgb("#b7c9e6"), 0.3 - 0.08 * index), snow, 0.25),
				foot: height * (0.76 + 0.1 * index),
			}),
		);
		if (index < 3) layers.push(snowyPines(stage, outline, index, 0.13 + 0.2 * index));
	}
	if (stage.weather === "clear") layers.push(snowLayer(stage, 0.4, 110), snowLayer(stage, 0.8, 46));
	return {
		backdrop: sky.backdrop,
		layers,
		horizon,
		luminary: sky.luminary,
		ground: { y: height * 0.87, depth: 0.7, scale: 1 },
	};
};

function snowyPines(stage: Stage, outline: (x: number) => number, index: number, depth: number): Layer {
	const { unit, palette } = stage;
	const random = stage.random.fork(`snowy pines ${index}`);
	const green = new Path2D();
	const white = new Path2D();
	alongRidge(stage, random, unit * (3 + 3.4 * index), (x) => {
		if (random.next() < 0.35) return;
		const size = unit * (4.5 + 5 * index) * random.range(0.6, 1.3);
		const ground = outline(x) + unit * 0.5;
		addPine(green, x, ground, size, random);
		addSnow(white, x, ground + size * 0.09, size);
	});
	const dark = css(palette.lit(rgb("#2c4f52"), 0.36 - 0.14 * index));
	const light = css(mix(palette.lit(WHITE, 0.3 - 0.12 * index), palette.light, 0.2 * palette.lightStrength));
	return {
		depth,
		paint: (context) => {
			context.fillStyle = dark;
			context.fill(green);
			context.fillStyle = light;
			context.fill(white);
		},
	};
}

/** What lies on the boughs of a conifer, on one side. */
function addSnow(path: Path2D, x: number, y: number, size: number): void {
	path.moveTo(x, y - size);
	path.lineTo(x + size * 0.05, y - size * 0.8);
	path.lineTo(x - size * 0.045, y - size * 0.84);
	path.closePath();
	for (const [low, reach] of [
		[0.64, 0.1],
		[0.46, 0.135],
		[0.28, 0.17],
	] as const) {
		path.moveTo(x - reach * size, y - low * size);
		path.quadraticCurveTo(
			x - reach * size * 0.2,
			y - (low + 0.13) * size,
			x + reach * size * 0.35,
			y - (low + 0.1) * size,
		);
		path.quadraticCurveTo(
			x + reach * size * 0.1,
			y - (low + 0.02) * size,
			x - reach * size * 0.25,
			y - (low + 0.025) * size,
		);
		path.closePath();
	}
}
