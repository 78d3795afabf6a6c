import { type Canvas, createCanvas } from "@napi-rs/canvas";
import { cloudLayers } from "../art/clouds.ts";
import { css, mix, multiply, rgb } from "../art/color.ts";
import { grassLayer } from "../art/grass.ts";
import { skyAt } from "../art/palette.ts";
import { paintRange, rangeColors } from "../art/peaks.ts";
import { alongRidge, ridgeLayer, rollingOutline } from "../art/ridges.ts";
import { type Layer, OVERSCAN, type Stage } from "../art/stage.ts";
import { addPine } from "../art/trees.ts";
import { glitterLayer, rippleLayer, seaWater } from "../art/water.ts";
import { mistLayer } from "../art/weather.ts";
import { openSky } from "./open-sky.ts";
import type { SceneBuilder } from "./scene.ts";

/** A calm lake that mirrors the mountains behind it. */
export const buildLake: SceneBuilder = (stage) => {
	const { width, height, unit, palette } = stage;
	const shore = height * 0.58;
	const random = stage.random.fork("lake");
	const sky = openSky(stage, shore, {
		rowColor: (y) => {
			const share = (y - shore) / (height - shore);
			const mirrored = skyAt(palette, Math.max(0, 1 - share * 0.95));
			return mix(multiply(mirrored, [0.8, 0.86, 0.94]), palette.lit(rgb("#123c52")), 0.12 + 0.5 * share);
		},
	});
	const towards = sky.luminary.x > width / 2 ? 1 : -1;
	const rise = Math.min(height * 0.4, unit * 50);
	const ranges = [
		paintRange(stage, { foot: shore, rise, depth: 0.06, ...rangeColors(stage, 0.5), snowLine: 0.55, towards }, "far"),
		paintRange(
			stage,
			{ foot: shore + unit, rise: rise * 0.62, depth: 0.1, ...rangeColors(stage, 0.2), snowLine: 0.78, towards },
			"near",
		),
	];
	const trees = random.fork("trees");
	const bank = rollingOutline(random.fork("bank"), { y: shore - unit * 1.2, rise: unit * 1.6, length: unit * 40 });
	const woods = ridgeLayer(
		stage,
		{
			heightAt: bank,
			depth: 0.14,
			color: palette.lit(rgb("#2c5a50"), 0.22),
			footColor: palette.lit(rgb("#1c4440"), 0.1),
			foot: shore,
		},
		(path) => {
			alongRidge(stage, trees, unit * 1.2, (x) => addPine(path, x, bank(x) + unit, unit * trees.range(2.5, 6), trees));
		},
	);
	const land = paintLand(stage, shore, [...ranges.map((range) => range.layer), woods]);
	const water = seaWater(stage, shore);
	const glitter = glitterLayer(stage, water, sky.luminary);
	return {
		backdrop: sky.backdrop,
		layers: [
			...sky.layers,
			...cloudLayers(stage, sky.luminary, height * 0.08, height * 0.36, 6),
			mirrorLayer(stage, shore, land),
			{ depth: 0.13, paint: (context) => context.drawImage(land, -OVERSCAN * width, 0) },
			rippleLayer(stage, shore, 0.3),
			...(glitter === undefined ? [] : [glitter]),
			mistLayer(stage, shore, 0.35),
			grassLayer(
				stage,
				{
					groundAt: (x) => height * 1.02 + unit * 5 * Math.cos((x / width - 0.5) * Math.PI),
					depth: 0.95,
					color: palette.lit(rgb("#16372f")),
					size: 13,
					count: 120,
				},
				"reeds",
			),
		],
		horizon: shore,
		luminary: sky.luminary,
		water: { y: shore + (height - shore) * 0.36, depth: 0.4, scale: 0.9 },
	};
};

/** Everything on the far shore in one sheet, as it is drawn twice in every frame. */
function paintLand(stage: Stage, shore: number, land: readonly Layer[]): Canvas {
	const sheet = createCanvas(Math.ceil(stage.width * (1 + 2 * OVERSCAN)), Math.ceil(shore));
	const context = sheet.getContext("2d");
	context.translate(OVERSCAN * stage.width, 0);
	for (const part of land) part.paint(context, { seconds: 0, share: 0 });
	return sheet;
}

/** The land upside down in the water. */
function mirrorLayer(stage: Stage, shore: number, land: Canvas): Layer {
	const { width, height, palette } = stage;
	return {
		depth: 0.13,
		paint: (context) => {
			context.save();
			context.translate(0, shore * 2);
			context.scale(1, -1);
			context.drawImage(land, -OVERSCAN * width, 0);
			context.restore();
			const veil = context.createLinearGradient(0, shore, 0, height);
			const deep = palette.lit(rgb("#123c52"));
			veil.addColorStop(0, css(mix(deep, palette.haze, 0.3), 0.22));
			veil.addColorStop(0.55, css(deep, 0.62));
			veil.addColorStop(1, css(multiply(deep, [0.7, 0.7, 0.75]), 0.85));
			context.fillStyle = veil;
			context.fillRect(-width, shore, width * 3, height);
		},
	};
}
